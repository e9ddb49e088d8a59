-- Rows: ActiveDays, one per person with an e-mail, ordered by it. The streak's look back: no costs, no de-duplication.
WITH
parts AS (
    SELECT
{% include "who.sql" %},
        roundDown(toUnixTimestamp64Milli(Timestamp), {days:Array(Int64)}) AS day_ms
    FROM {% include "span.sql" %}
      AND ({{ is_event("user_prompt") }} OR {{ is_event("api_request") }})
      AND session != 0
    GROUP BY email, {% for link in links %}link_{{ loop.index }}, {% endfor %}session, day_ms
),
{% with payload = ["day_ms"] %}{% include "identity.sql" %}{% endwith %}

SELECT person AS email, arraySort(groupUniqArray(day_ms)) AS days
FROM by_session
ARRAY JOIN persons AS person, all_day_ms AS day_ms
WHERE person LIKE '%@%' AND (empty({people:Array(String)}) OR has({people:Array(String)}, person))
GROUP BY person
ORDER BY person
