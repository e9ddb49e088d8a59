//! Foreign text on its way into a message: the same letters, and nothing that acts on its surroundings.

use std::fmt::{self, Write};

/// Longer values are cut and end in `…`; a digest's own names have at most 40 characters.
const LONGEST: usize = 300;

/// Writes `text` without control, bidirectional and other invisible steering characters, escaped where Slack
/// would parse it.
pub(in crate::message) fn write(out: &mut impl Write, text: &str, mrkdwn: bool) -> fmt::Result {
    if text.len() <= LONGEST && text.bytes().all(|byte| (b' '..=b'~').contains(&byte) && !b"&<>".contains(&byte)) {
        return out.write_str(text);
    }
    for (written, letter) in text.chars().filter(|letter| !steers(*letter)).enumerate() {
        if written == LONGEST {
            return out.write_char('…');
        }
        match letter {
            '&' if mrkdwn => out.write_str("&amp;")?,
            '<' if mrkdwn => out.write_str("&lt;")?,
            '>' if mrkdwn => out.write_str("&gt;")?,
            _ => out.write_char(letter)?,
        }
    }
    Ok(())
}

/// Whether a character changes how others are shown instead of being shown: controls, line and paragraph
/// separators, bidirectional embeddings, overrides, isolates and marks, the byte order mark, interlinear
/// annotation, and tags.
fn steers(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(text: &str, mrkdwn: bool) -> String {
        let mut out = String::new();
        write(&mut out, text, mrkdwn).unwrap();
        out
    }

    #[test]
    fn exactly_three_characters_are_escaped_and_only_where_slack_parses() {
        assert_eq!(cleaned("<!channel> & &amp;", true), "&lt;!channel&gt; &amp; &amp;amp;");
        assert_eq!(cleaned("<!channel> & &amp;", false), "<!channel> & &amp;");
    }

    #[test]
    fn steering_characters_go_and_letters_stay() {
        assert_eq!(cleaned("a\u{0}b\nc\u{202e}d\u{2066}e\u{feff}f", false), "abcdef");
        assert_eq!(cleaned("تقرير 👩\u{200d}💻 é", false), "تقرير 👩\u{200d}💻 é");
    }

    #[test]
    fn a_cut_falls_between_escapes() {
        let cut = cleaned(&"&".repeat(10_000), true);
        assert_eq!(cut, format!("{}…", "&amp;".repeat(LONGEST)));
    }
}
