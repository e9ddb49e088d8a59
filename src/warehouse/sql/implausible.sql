-- Rows: Implausible, exactly one: requests, and how many have a cost or tokens that cannot be, each under the worst of it and only if
-- every copy is so.
SELECT
    count() AS requests,
    countIf(flaw = 3) AS negative,
    countIf(flaw = 2) AS absurd,
    countIf(flaw = 1) AS no_number
FROM (
    SELECT {{ request_key }} AS request_key, min({{ flaw }}) AS flaw
    FROM {% include "span.sql" %}
      AND {{ is_event("api_request") }}
    GROUP BY request_key
)
