        {{ email }} AS email,
        {% for link in links %}{{ hash(link) }} AS link_{{ loop.index }},
        {% endfor %}{{ hash(log("session.id")) }} AS session
