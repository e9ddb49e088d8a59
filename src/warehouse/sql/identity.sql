{#- From `parts` (email, link_1…, session and the columns of `payload`) to `by_session`: one row per session, with
    `persons` beside the payload's arrays. A part without an e-mail takes the only one seen beside its first link
    that has any; where that gives several, it stays nobody's (`?`). Links are followed per identity, not per row,
    so this costs little more than a GROUP BY. -#}
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
    SELECT *, {{ alias("lowerUTF8(trimBoth(toValidUTF8(raw_email), ' \\t\\r\\n'))") }} AS own FROM identities
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
            {% for link in links %}link_{{ loop.index }} != '' AND last_{{ loop.index }} != '', if(first_{{ loop.index }} = last_{{ loop.index }}, last_{{ loop.index }}, '?'),
            {% endfor %}'') AS person,
        session
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
        {% for column in payload %}groupArray({{ column }}) AS all_{{ column }}, {% endfor %}
        {% if session_links %}arrayMap(found -> if(found = '' AND session != '' AND first_own = last_own, last_own, found), linked_persons){% else %}linked_persons{% endif %} AS persons
    FROM linked
    GROUP BY session
)
