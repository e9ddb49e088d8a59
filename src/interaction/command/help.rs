//! What the command can do, and how its words are written.

use super::words::Form;
use crate::{interaction::saying::plain, message::Message, personal::told};
use serde_json::json;

/// Each word with what it does.
const WORDS: [(&str, &str); 15] = [
    ("", "your usage today so far"),
    ("week", "your week so far"),
    ("on", "get a digest every working day, by direct message; also \"opt-in\""),
    ("off", "get no more digests; also \"opt-out\""),
    ("pause 1w", "pause, also \"3d\", \"until monday\" or \"until 2026-12-01\""),
    ("resume", "end a pause"),
    ("time 09:30", "when your digest comes"),
    ("settings", "days, time zone and what your digest shows; also \"preferences\""),
    ("name me", "be named when you are MVP of a team's week; \"unname me\" takes it back"),
    ("team NAME", "last week's summary of your team; with its name where you have several"),
    ("preview", "what your next digest looks like"),
    ("preview @somebody", "what somebody's digest looks like, with sample numbers, for admins"),
    ("preview weekly TEAM", "what a team's next summary looks like, for its owners and admins"),
    ("why yesterday", "why a digest came, or did not"),
    ("help", "this list"),
];

/// Where the rest is.
const HOME: &str = "Recap's Home in Slack has your numbers, your settings and what Recap knows of you; for admins and owners of teams \
                    also teams, channels, schedules and invitations.";

/// Every word of the command.
pub fn help(command: &str) -> Message {
    listed("What you can write:", command)
}

/// What was typed is no word of it; the nearest one is, perhaps.
pub fn unknown(command: &str, typed: &str, nearest: Option<&str>) -> Message {
    let meant = nearest.map(|nearest| match nearest {
        "today" => format!(" Did you mean \"{command}\"?"),
        nearest => format!(" Did you mean \"{command} {nearest}\"?"),
    });
    let intro = format!("Recap does not know \"{typed}\".{}", meant.unwrap_or_default());
    listed(&intro, command)
}

/// How what follows a word is written.
pub fn form(command: &str, form: Form) -> Message {
    plain(&match form {
        Form::Pause => format!(
            "How long? Write for example \"{command} pause 1w\", \"{command} pause 3d\", \"{command} pause until monday\" or \
             \"{command} pause until 2026-12-01\"."
        ),
        Form::Time => format!("Write the time of day as in \"{command} time 09:30\" or \"{command} time 9am\"."),
        Form::Why => {
            format!(
                "Write the date as in \"{command} why yesterday\", \"{command} why monday\" or \"{command} why 2026-11-20\"."
            )
        }
    })
}

fn listed(intro: &str, command: &str) -> Message {
    let lines: Vec<_> =
        WORDS.iter().map(|(words, does)| (format!("{command} {words}").trim_end().to_owned(), *does)).collect();
    let sentences: Vec<_> = lines.iter().map(|(written, does)| format!("{written}: {does}.")).collect();
    let items: Vec<_> = lines
        .iter()
        .map(|(written, does)| {
            json!({"type": "rich_text_section", "elements": [
                {"type": "text", "text": written, "style": {"code": true}},
                {"type": "text", "text": format!("  {does}")},
            ]})
        })
        .collect();
    let mut message = told::paragraphs(&[intro.to_owned()]);
    message.blocks.push(json!({"type": "rich_text", "elements": [
        {"type": "rich_text_list", "style": "bullet", "elements": items},
    ]}));
    let home = told::paragraphs(&[HOME.to_owned()]);
    message.text = format!("{} {} {}", message.text, told::escaped(&sentences.join(" ")), home.text);
    message.blocks.extend(home.blocks);
    message
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::lint;

    #[test]
    fn help_is_within_slacks_limits_and_shows_foreign_words_as_letters() {
        for message in [
            help("/usage"),
            unknown("/a-name-of-thirty-two-characters", &"<!channel>".repeat(6), Some("week")),
            form("/usage", Form::Pause),
            form("/usage", Form::Time),
            form("/usage", Form::Why),
        ] {
            assert_eq!(lint::faults(&message), []);
            assert!(
                !message.text.contains('<') && !message.text.contains('!') || message.text.contains("&lt;!channel")
            );
        }
        assert!(unknown("/stats", "wek", Some("week")).text.contains("Did you mean \"/stats week\"?"));
        assert!(help("/stats").text.contains("/stats pause 1w: pause"));
        assert!(!help("/stats").text.contains("/usage"));
    }

    #[test]
    fn help_lists_every_way_to_write_it_and_where_the_rest_is() {
        let text = help("/usage").text;
        // As messages.md lists them.
        for written in [
            "/usage: ",
            "week: ",
            "team NAME: ",
            "preview: ",
            "preview @somebody: ",
            "preview weekly TEAM: ",
            "on: ",
            "off: ",
            "pause 1w: ",
            "time 09:30: ",
            "settings: ",
            "why yesterday: ",
            "help: ",
            "\"opt-in\"",
            "\"opt-out\"",
            "\"preferences\"",
            "for admins and owners of teams",
        ] {
            assert!(text.contains(written), "{written}: {text}");
        }
    }
}
