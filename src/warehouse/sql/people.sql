-- Rows: Person, one per e-mail (empty: all that matched nobody), ordered by it: sessions in the span, and the latest moment of one in
-- milliseconds since the epoch.
WITH
parts AS (
    SELECT
{% include "who.sql" %},
        max(toUnixTimestamp64Milli(Timestamp)) AS latest_ms
    FROM {% include "span.sql" %}
      AND ({{ is_event("user_prompt") }} OR {{ is_event("api_request") }})
      AND session != 0
    GROUP BY email, {% for link in links %}link_{{ loop.index }}, {% endfor %}session
),
{% with payload = ["latest_ms"] %}{% include "identity.sql" %}{% endwith %}

SELECT if(person LIKE '%@%', person, '') AS email, uniqExact(session) AS sessions, max(latest_ms) AS latest_ms
FROM by_session
ARRAY JOIN persons AS person, all_latest_ms AS latest_ms
GROUP BY email
ORDER BY email
