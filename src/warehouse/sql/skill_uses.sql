{#- From `by_session` to MemberSkills, of the days since {since:Int64}. -#}
uses AS (
    SELECT
        session, person, skill,
        min(use_source) OVER (PARTITION BY session, person, skill) AS best_source,
        use_prompt, use_source, first_ms, use_keys,
        row_number() OVER (PARTITION BY session, person, skill, use_prompt ORDER BY (use_prompt = 0 AND use_source = 4) DESC, first_ms) AS nth
    FROM by_session
    ARRAY JOIN persons AS person, all_skill AS skill, all_use_prompt AS use_prompt, all_use_source AS use_source, all_first_ms AS first_ms, all_use_keys AS use_keys
    WHERE skill != '' AND person LIKE '%@%' AND (empty({people:Array(String)}) OR has({people:Array(String)}, person))
),
counted AS (
    SELECT
        person, skill,
        roundDown(first_ms, {days:Array(Int64)}) AS day_ms,
        sum(multiIf(
            use_prompt != 0, toUInt64(nth = 1),
            use_source != best_source, 0,
            use_source = 4, toUInt64(nth = 1),
            0)) + uniqExactArrayIf(use_keys, use_source = best_source AND use_source != 4) AS counted_uses
    FROM uses
    GROUP BY person, skill, day_ms
    HAVING counted_uses > 0 AND day_ms >= {since:Int64}
    -- One person's rows, forged perhaps, must not hold up everybody's answer.
    ORDER BY counted_uses DESC, skill
    LIMIT {most:UInt64} BY person
)
SELECT person AS email, arraySort(groupArray((day_ms, leftUTF8(toValidUTF8(skill), 200), counted_uses))) AS skills
FROM counted
GROUP BY person
ORDER BY person
