        {{ email }} AS email,
        {% for link in links %}{{ link }} AS link_{{ loop.index }},
        {% endfor %}{{ log("session.id") }} AS session
