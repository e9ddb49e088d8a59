-- Rows: HiddenSkills, exactly one: rows that name a skill, and how many of these hide it.
SELECT countIf(name != '') AS named, countIf(name != '' AND shown = '') AS hidden
FROM (
    SELECT
        multiIf(
            {{ is_event("skill_activated") }}, {{ log("skill.name") }},
            {{ is_event("user_prompt") }}, if({{ log("command_source") }} = 'builtin', '', {{ log("command_name") }}),
            {{ log("skill.name") }}) AS name,
        {{ skill_name("name") }} AS shown
    FROM {% include "span.sql" %}
      AND ({{ is_event("skill_activated") }} OR {{ is_event("user_prompt") }} OR {{ is_event("api_request") }})
)
