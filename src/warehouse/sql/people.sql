-- Rows: Person, one per e-mail (empty: all that matched nobody), ordered by it: sessions in the span.
WITH
parts AS (
    SELECT
{% include "who.sql" %},
        toInt64(0) AS day_ms
    FROM {% include "span.sql" %}
      AND ({{ is_event("user_prompt") }} OR {{ is_event("api_request") }})
      AND session != 0
    GROUP BY email, {% for link in links %}link_{{ loop.index }}, {% endfor %}session
),
{% with payload = ["day_ms"] %}{% include "identity.sql" %}{% endwith %}

SELECT if(person LIKE '%@%', person, '') AS email, uniqExact(session) AS sessions
FROM by_session
ARRAY JOIN persons AS person
GROUP BY email
ORDER BY email
