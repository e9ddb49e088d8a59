-- Rows: MemberSkills, one per person with an e-mail, ordered by it.
-- One use counts once: with a prompt's id, one per session, prompt and skill, at its first event; without, the
-- de-duplicated rows of the best source that names the skill in the session (of requests, one).
WITH
events AS (
    SELECT
{% include "who.sql" %},
        toUnixTimestamp64Milli(Timestamp) AS at_ms,
        {{ hash(log("prompt.id")) }} AS prompt,
        multiIf(
            {{ is_event("skill_activated") }}, 1,
            {{ is_event("user_prompt") }}, 2,
            {{ is_event("tool_result") }}, 3,
            4) AS source,
        -- An array, for `multiIf` would copy the maps of the rows that match.
        [
            {{ log("skill.name") }},
            [{{ log("command_name") }}, ''][1 + ({{ log("command_source") }} = 'builtin')],
            if({{ log("tool_name") }} = 'Skill', JSONExtractString({{ log("tool_parameters") }}, 'skill_name'), ''),
            {{ log("skill.name") }}
        ][source] AS name,
        {{ skill_name("name") }} AS skill,
        sipHash64(session, source, {{ log("event.timestamp") }}, {{ log("event.sequence") }}, prompt, {{ log("tool_name") }}, name, Timestamp) AS row_key
    FROM {% include "span.sql" %}
      AND ({{ is_event("user_prompt") }} OR {{ is_event("api_request") }} OR {{ is_event("skill_activated") }} OR {{ is_event("tool_result") }})
),
parts AS (
    -- Rows without a skill are evidence of who is who.
    SELECT
        email, {% for link in links %}link_{{ loop.index }}, {% endfor %}session, skill,
        if(skill = '', 0, prompt) AS use_prompt,
        if(skill = '', 0, source) AS use_source,
        if(skill = '' OR prompt != 0, 0, roundDown(at_ms, {days:Array(Int64)})) AS use_day,
        min(at_ms) AS first_ms,
        groupUniqArrayIf(row_key, skill != '' AND prompt = 0) AS use_keys
    FROM events
    GROUP BY email, {% for link in links %}link_{{ loop.index }}, {% endfor %}session, skill, use_prompt, use_source, use_day
),
{% with payload = ["skill", "use_prompt", "use_source", "first_ms", "use_keys"] %}{% include "identity.sql" %}{% endwith %},
{% include "skill_uses.sql" %}
