//! Short answers in words: dates and times as people say them, and sentences as a message that nothing parses.

use crate::{message::Message, model::MemberEmail};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde_json::json;

/// How far it is looked for somebody's usage.
pub const LAST_30_DAYS: &str = "in the last 30 days";
/// So many are named as those to ask.
const MOST_OWNERS: usize = 5;

/// `Mon, Jan 20`.
pub fn day(date: NaiveDate) -> String {
    date.format("%a, %b %-d").to_string()
}

/// `Mon, Jan 20 at 09:00 (Europe/Berlin)`.
pub fn moment(at: DateTime<Utc>, zone: Tz) -> String {
    let local = at.with_timezone(&zone);
    format!("{} at {} ({zone})", day(local.date_naive()), local.format("%H:%M"))
}

/// Each in a section of its own; what stands in them is shown as letters, whoever wrote it.
pub fn paragraphs(paragraphs: &[String]) -> Message {
    let section =
        |words: &String| json!({"type": "section", "text": {"type": "plain_text", "text": words, "emoji": false}});
    Message { text: escaped(&paragraphs.join(" ")), blocks: paragraphs.iter().map(section).collect() }
}

/// `message` with one more section below.
pub fn with_paragraph(mut message: Message, words: String) -> Message {
    let below = paragraphs(&[words]);
    message.text = format!("{} {}", message.text, below.text);
    message.blocks.extend(below.blocks);
    message
}

/// To whom no usage is found `within` a time, as `in the last 30 days`: what it was looked for by, and whom to `ask`.
pub fn nothing_found(looked_for: &MemberEmail, within: &str, ask: &[MemberEmail]) -> String {
    let owners: Vec<_> = ask.iter().take(MOST_OWNERS).map(MemberEmail::as_str).collect();
    let whom = if owners.is_empty() { "whoever runs Recap here".to_owned() } else { owners.join(", ") };
    format!(
        "No usage was found under {looked_for} {within}. If you do use Claude Code, please ask {whom}. \
         A login with an API key sends no e-mail address, so what you do with one cannot be found."
    )
}

/// `words` where Slack parses them: the same letters.
pub fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_out_as_letters_and_times_as_people_say_them() {
        let message = paragraphs(&["<!channel> & co".to_owned(), "Next.".to_owned()]);
        assert_eq!(message.text, "&lt;!channel&gt; &amp; co Next.");
        assert_eq!(message.blocks[0]["text"]["text"], "<!channel> & co");
        assert_eq!(crate::message::lint::faults(&message), []);
        let at = "2025-01-20T08:00:00Z".parse().unwrap();
        assert_eq!(moment(at, Tz::Europe__Berlin), "Mon, Jan 20 at 09:00 (Europe/Berlin)");
    }
}
