-- Rows: MemberValues, one per person with an e-mail and a value, ordered by it. `/*READ*/` stands for the texts of the keys that are asked
-- for, and `/*FOUND*/` for the choice of a value of each key out of `texts`.
WITH
parts AS (
    SELECT
{% include "who.sql" %},
        roundDown(toUnixTimestamp64Milli(Timestamp), {days:Array(Int64)}) AS day_ms,
        /*READ*/ AS raw,
        count() AS events
    FROM {% include "span.sql" %}
      AND ({{ is_event("user_prompt") }} OR {{ is_event("api_request") }})
    GROUP BY email, {% for link in links %}link_{{ loop.index }}, {% endfor %}session, day_ms, raw
),
{% with payload = ["day_ms", "raw", "events"] %}{% include "identity.sql" %}{% endwith %},
found AS (
    SELECT
        person, day_ms, events,
        arrayMap(text -> trimBoth(leftUTF8(trimBoth(toValidUTF8(text), ' \t\r\n'), 200), ' \t\r\n'), raw) AS texts,
        /*FOUND*/ AS pairs
    FROM by_session
    ARRAY JOIN persons AS person, all_day_ms AS day_ms, all_raw AS raw, all_events AS events
    WHERE person LIKE '%@%'
),
counted AS (
    SELECT person, day_ms, pair.1 AS key, pair.2 AS value, sum(events) AS told
    FROM found
    ARRAY JOIN pairs AS pair
    WHERE value != ''
    GROUP BY person, day_ms, key, value
    -- One person's values, forged perhaps, must not hold up everybody's answer.
    ORDER BY told DESC, value
    LIMIT 100 BY person, day_ms, key
)
SELECT person AS email, arraySort(groupArray((day_ms, key, value))) AS `values`
FROM counted
GROUP BY person
ORDER BY person
