-- Rows: MemberActivity, one per person with an e-mail, ordered by it.
-- Days are the ones that {days:Array(Int64)} opens (milliseconds since the epoch, ascending), never a calendar's. Where
-- they hold midnights, {midnights:Array(Int64)}, `halves` says on which side of it sessions were: 1 before, 2 after, 3 both.
WITH
-- Attributes are read outside of `if`: ClickHouse would run it on the matching rows alone and copy their whole maps.
events AS (
    SELECT
{% include "who.sql" %},
        roundDown(toUnixTimestamp64Milli(Timestamp), {days:Array(Int64)}) AS day_ms,
        {% if midnights %}toUInt8(1 + (roundDown(toUnixTimestamp64Milli(Timestamp), {midnights:Array(Int64)}) > day_ms)) AS half,
        {% endif %}{{ is_event("api_request") }} AS is_request,
        {{ request_key }} AS request_key,
        -- A prompt only shows that its session was alive: one row a day is enough.
        if(is_request, request_key, sipHash128(email, {% for link in links %}link_{{ loop.index }}, {% endfor %}session, day_ms)) AS row_key,
        is_request * {{ cost_nanos }} AS cost,
        is_request * {{ tokens("input_tokens") }} AS input,
        is_request * {{ tokens("output_tokens") }} AS output,
        is_request * {{ tokens("cache_read_tokens") }} AS cache_read,
        is_request * {{ tokens("cache_creation_tokens") }} AS cache_creation,
        is_request * {{ implausible }} AS implausible
        {% if models %}, ['', {{ log("model") }}][1 + is_request] AS model{% endif %}

    FROM {% include "span.sql" %}
      AND ({{ is_event("user_prompt") }} OR {{ is_event("api_request") }})
),
distinct_rows AS (
    SELECT
        max(email) AS email, {% for link in links %}max(link_{{ loop.index }}) AS link_{{ loop.index }}, {% endfor %}max(session) AS session,
        min(day_ms) AS day_ms, max(cost) AS cost, max(input) AS input, max(output) AS output,
        max(cache_read) AS cache_read, max(cache_creation) AS cache_creation, min(implausible) AS implausible, max(is_request) AS requests{% if midnights %}, groupBitOr(half) AS halves{% endif %}{% if models %}, max(model) AS model{% endif %}

    FROM events AS event
    GROUP BY row_key
),
parts AS (
    SELECT
        email, {% for link in links %}link_{{ loop.index }}, {% endfor %}session, day_ms,
        sum(cost) AS cost, sum(input) AS input, sum(output) AS output,
        sum(cache_read) AS cache_read, sum(cache_creation) AS cache_creation, sum(implausible) AS implausible{% if midnights %}, groupBitOr(halves) AS halves{% endif %}{% if models %},
        sumMap(map(model, toUInt64(requests))) AS models{% endif %}

    FROM distinct_rows
    GROUP BY email, {% for link in links %}link_{{ loop.index }}, {% endfor %}session, day_ms
),
{% with payload = activity_payload %}{% include "identity.sql" %}{% endwith %},
person_days AS (
    SELECT
        person,
        part.1 AS day_ms,
        -- Of a session's parts on one day the first counts; of its days, latest first, the first is the last one.
        sum(session != 0 AND nth_on_day = 1) AS sessions,
        sum(session != 0 AND nth_of_person = 1) AS sessions_ending,
        groupArrayIf(10000)(session_days, session != 0 AND length(session_days) > 1) AS spread,
        sum(part.3) AS cost, sum(part.4) AS input, sum(part.5) AS output, sum(part.6) AS cache_read, sum(part.7) AS cache_creation, sum(part.8) AS implausible,
        {% if midnights %}groupBitOr(part.9 * (session != 0)){% else %}sessions > 0{% endif %} AS halves{% if models %},
        sumMap(part.{% if midnights %}10{% else %}9{% endif %}) AS models{% endif %}

    FROM (
        SELECT session, arrayReverseSort(part -> part.1, arrayZip(all_day_ms, persons, all_cost, all_input, all_output, all_cache_read, all_cache_creation, all_implausible{% if midnights %}, all_halves{% endif %}{% if models %}, all_models{% endif %})) AS session_parts
        FROM by_session
    )
    ARRAY JOIN
        session_parts AS part,
        session_parts.2 AS person,
        arrayEnumerateUniq(session_parts.2, session_parts.1) AS nth_on_day,
        arrayEnumerateUniq(session_parts.2) AS nth_of_person,
        -- Told once, with the last of them.
        arrayMap(
            (owner, nth) -> if(nth = 1 AND length(session_parts) > 1, arrayDistinct(arrayFilter((day, other) -> other = owner, session_parts.1, session_parts.2)), []),
            session_parts.2, arrayEnumerateUniq(session_parts.2)) AS session_days
    WHERE person LIKE '%@%' AND (empty({people:Array(String)}) OR has({people:Array(String)}, person))
    GROUP BY person, day_ms
)
SELECT
    person AS email,
    arraySort(day -> day.1, groupArray((day_ms, toUInt64(sessions), toUInt64(sessions_ending), toInt64(cost), toUInt64(input), toUInt64(output), toUInt64(cache_read), toUInt64(cache_creation), toUInt64(implausible), toUInt8(halves)))) AS days,
    {% if models %}arraySort(arrayFlatten(groupArray(arrayMap((name, requests) -> (day_ms, leftUTF8(toValidUTF8(name), 200), requests), arraySlice(mapKeys(mapFilter((name, requests) -> requests > 0, models)), 1, 100), arraySlice(mapValues(mapFilter((name, requests) -> requests > 0, models)), 1, 100))))){% else %}CAST([], 'Array(Tuple(Int64, String, UInt64))'){% endif %} AS models,
    groupArrayArray(spread) AS spread
FROM person_days
GROUP BY person
ORDER BY person
