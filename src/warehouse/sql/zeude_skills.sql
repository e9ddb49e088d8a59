-- Rows: MemberSkills, from zeude's prompts table. A prompt is inserted again when it changes, at a later time: it is
-- reduced to one row at its first time before the span applies. The prompt's text is never read.
WITH
prompts AS (
    SELECT
        prompt_id,
        argMax(toString(user_email), timestamp) AS email_text,
        argMax(toString(user_id), timestamp) AS user_text,
        argMax(toString(session_id), timestamp) AS session_text,
        argMax(toString(prompt_type), timestamp) AS kind,
        argMax(toString(invoked_name), timestamp) AS name,
        min(timestamp) AS first_time
    FROM {{ prompts_table }}
    WHERE timestamp >= fromUnixTimestamp64Milli({from:Int64} - 86400000, 'UTC') AND timestamp < fromUnixTimestamp64Milli({to:Int64} + 86400000, 'UTC')
    GROUP BY prompt_id
),
parts AS (
    SELECT
        if(position(email_text, '@') > 0, email_text, '') AS email,
        {{ hash("user_text") }} AS link_1,
        {{ hash("session_text") }} AS session,
        {{ skill_name("name") }} AS bare_name,
        if(kind IN ('skill', 'command') AND bare_name NOT IN ('Users', 'users', 'zeude', 'rate-limit-options'), bare_name, '') AS skill,
        sipHash64(toString(prompt_id)) AS use_prompt,
        1 AS use_source,
        toUnixTimestamp64Milli(toDateTime64(first_time, 3, 'UTC')) AS first_ms,
        CAST([], 'Array(UInt64)') AS use_keys
    FROM prompts
    WHERE first_ms >= {from:Int64} AND first_ms < {to:Int64}
),
{% with payload = ["skill", "use_prompt", "use_source", "first_ms", "use_keys"], links = ["user_id"], links_before = 1, session_links = true %}{% include "identity.sql" %}{% endwith %},
{% include "skill_uses.sql" %}
