//! Short answers in words: dates and times as people say them, and sentences as a message that nothing parses.

use crate::message::Message;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde_json::json;

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
