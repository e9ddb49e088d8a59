{#- From `parts` (email, link_1…, session and the columns of `payload`) to `by_session`: one row per session, with
    `persons` beside the payload's arrays. A part without an e-mail takes the only one seen beside its first link
    that has any; where that gives several, it stays nobody's (`?`). Links are followed per identity, not per row,
    so this costs little more than a GROUP BY. The session is asked after `links_before` of them. -#}
identities AS (
    SELECT
        email AS raw_email,
        {% for link in links %}link_{{ loop.index }}, {% endfor %}
        {% for column in payload %}groupArray({{ column }}) AS all_{{ column }}, {% endfor %}
        groupArray(session) AS sessions
    FROM parts
    GROUP BY email{% for link in links %}, link_{{ loop.index }}{% endfor %}

),
named AS (
    SELECT *, {{ alias("lowerUTF8(trimBoth(toValidUTF8(if(length(raw_email) > 254, '', raw_email)), ' \\t\\r\\n'))") }} AS own FROM identities
),
evidence AS (
    SELECT
        *
        {% for link in links %}, minIf(own, own != '') OVER link_window_{{ loop.index }} AS first_{{ loop.index }}, max(own) OVER link_window_{{ loop.index }} AS last_{{ loop.index }}{% endfor %}

    FROM named
    {% if links %}WINDOW {% for link in links %}link_window_{{ loop.index }} AS (PARTITION BY link_{{ loop.index }}){% if not loop.last %}, {% endif %}{% endfor %}{% endif %}

),
linked AS (
    SELECT
        own,
        multiIf(
            own != '', own,
            {% for link in links[:links_before] %}{{ only_beside(loop.index) }},
            {% endfor %}'') AS person,
        {% if links_before < links | length %}multiIf({% for link in links[links_before:] %}{{ only_beside(links_before + loop.index) }}, {% endfor %}'') AS person_after,
        {% endif %}session
        {% for column in payload %}, {{ column }}{% endfor %}

    FROM evidence
    ARRAY JOIN sessions AS session{% for column in payload %}, all_{{ column }} AS {{ column }}{% endfor %}

),
by_session AS (
    SELECT
        session,
        minIf(own, own != '') AS first_own,
        max(own) AS last_own,
        groupArray(person) AS linked_persons,
        {% if links_before < links | length %}groupArray(person_after) AS persons_after, {% endif %}
        {% for column in payload %}groupArray({{ column }}) AS all_{{ column }}, {% endfor %}
        {% if not session_links %}linked_persons
        {% elif links_before < links | length %}arrayMap((found, after) -> multiIf(found != '', found, session = 0 OR last_own = '', after, first_own = last_own, last_own, '?'), linked_persons, persons_after)
        {% else %}arrayMap(found -> if(found = '' AND session != 0 AND first_own = last_own, last_own, found), linked_persons)
        {% endif %}AS persons
    FROM linked
    GROUP BY session
)
