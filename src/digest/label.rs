//! Foreign names made safe to show: they come out as letters, on one line, and short.

use serde::Serialize;
use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;

/// Characters of a label, as a reader counts them.
const LONGEST: usize = 40;
/// Bytes of a label, for characters can be composed without end.
const LONGEST_BYTES: usize = 480;
/// Code points in one character: a family of four with skin tones has 11.
const LONGEST_CHARACTER: usize = 12;
const NOTHING_LEFT: &str = "?";

/// A foreign name made safe to show: control and bidirectional characters gone, at most 40 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Label(pub String);

impl Label {
    /// What is shown of `name`; `?` where nothing visible is left.
    pub fn of(name: &str) -> Self {
        Self::shortened(&visible(name))
    }

    /// `name`, made visible before, cut to its length.
    pub(super) fn shortened(name: &str) -> Self {
        Self::cut(name, LONGEST, LONGEST_BYTES, str::len)
    }

    /// `name`, made visible before, cut to `characters`, and to `letters` as Slack's escapes count them: for messages with
    /// so many names that forty ampersands each would break a limit.
    pub(super) fn fitted(name: &str, characters: usize, letters: usize) -> Self {
        Self::cut(name, characters, letters, escaped)
    }

    fn cut(name: &str, longest: usize, most: usize, size: fn(&str) -> usize) -> Self {
        let (mut label, mut sum) = (String::new(), 0);
        let mut characters = name.graphemes(true).peekable();
        let mut places = 1..=longest;
        while let (Some(character), Some(place)) = (characters.next(), places.next()) {
            let character = without_pile(character);
            let has_more = place == longest && characters.peek().is_some();
            sum += size(character);
            if has_more || sum > most {
                label.push('…');
                break;
            }
            label.push_str(character);
        }
        Self(if label.is_empty() { NOTHING_LEFT.to_owned() } else { label })
    }
}

/// Code points of `text` where Slack parses it.
fn escaped(text: &str) -> usize {
    let letters = text.chars().map(|letter| match letter {
        '&' => "&amp;".len(),
        '<' | '>' => "&lt;".len(),
        _ => 1,
    });
    letters.sum()
}

/// One character without the marks piled on it beyond any script's need.
fn without_pile(character: &str) -> &str {
    character.char_indices().nth(LONGEST_CHARACTER).map_or(character, |(end, _)| &character[..end])
}

/// `name` on one line, without what cannot be seen or changes how other text reads.
pub(super) fn visible(name: &str) -> Cow<'_, str> {
    if name.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Cow::Borrowed(name);
    }
    let mut shown = String::with_capacity(name.len());
    let mut letters = name.chars().filter(|letter| letter.is_whitespace() || !is_hidden(*letter)).peekable();
    while let Some(letter) = letters.next() {
        let before = shown.chars().next_back().unwrap_or(' ');
        if letter.is_whitespace() {
            if before != ' ' {
                shown.push(' ');
            }
        } else if is_joiner(letter) {
            if letters.peek().is_some_and(|after| joins(before, *after)) {
                shown.push(letter);
            }
        } else if !is_presentation(letter) || is_beyond_ascii(before) {
            shown.push(letter);
        }
    }
    shown.truncate(shown.trim_end().len());
    Cow::Owned(shown)
}

/// Emoji and Persian need joiners; between ASCII letters one only makes a look-alike.
fn joins(before: char, after: char) -> bool {
    is_beyond_ascii(before) && is_beyond_ascii(after) && !is_joiner(before) && !is_joiner(after)
}

fn is_beyond_ascii(letter: char) -> bool {
    !letter.is_ascii() && !letter.is_whitespace()
}

fn is_joiner(letter: char) -> bool {
    matches!(letter, '\u{200c}' | '\u{200d}')
}

/// Chooses between the text and the emoji form of the letter before.
fn is_presentation(letter: char) -> bool {
    matches!(letter, '\u{fe0e}' | '\u{fe0f}')
}

/// Control characters, and those that Unicode calls default-ignorable (DerivedCoreProperties.txt), bidirectional
/// marks, embeddings and isolates among them; joiners and presentation are judged by their neighbours.
fn is_hidden(letter: char) -> bool {
    if is_joiner(letter) || is_presentation(letter) {
        return false;
    }
    letter.is_control()
        || matches!(letter,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_come_out_as_letters_on_one_line() {
        for (name, shown) in [
            ("commit", "commit"),
            ("tdd:ci", "tdd:ci"),
            ("  two\n\r\n\tlines\u{2028}here ", "two lines here"),
            ("a\u{0}b\u{1b}[31mc\u{7f}", "ab[31mc"),
            ("\u{202e}evil\u{202c} \u{2066}x\u{2069}\u{200e}\u{200f}\u{61c}", "evil x"),
            ("com\u{200b}m\u{feff}i\u{ad}t", "commit"),
            ("com\u{200d}mit\u{fe0f}", "commit"),
            ("שלום עולם", "שלום עולם"),
            ("مرحبا", "مرحبا"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("👩‍👩‍👧‍👦 ❤️ 🚀", "👩‍👩‍👧‍👦 ❤️ 🚀"),
            ("<!channel> *bold* <https://x|y> & `code`", "<!channel> *bold* <https://x|y> & `code`"),
            ("", "?"),
            ("\u{200b}\u{202e}", "?"),
            ("\u{3164}\u{2800}", "\u{2800}"),
        ] {
            assert_eq!(Label::of(name).0, shown, "{name:?}");
        }
    }

    #[test]
    fn at_most_forty_characters_are_shown() {
        let forty = "x".repeat(40);
        assert_eq!(Label::of(&forty).0, forty);
        assert_eq!(Label::of(&"x".repeat(41)).0, format!("{}…", "x".repeat(39)));
        assert_eq!(Label::of(&"é".repeat(10_000)).0, format!("{}…", "é".repeat(39)));
        let thai = "ที่".repeat(50);
        assert_eq!(Label::of(&thai).0, format!("{}…", "ที่".repeat(39)));
    }

    #[test]
    fn marks_without_end_stay_short() {
        let zalgo = format!("a{}b", "\u{301}".repeat(10_000));
        assert_eq!(Label::of(&zalgo).0, format!("a{}b", "\u{301}".repeat(11)));
        let many = "👩🏽‍🚀".repeat(10_000);
        let label = Label::of(&many).0;
        assert!(label.len() <= LONGEST_BYTES + '…'.len_utf8() && label.ends_with("🚀…"), "{label}");
        let chained = Label::of(&"👩\u{200d}".repeat(10_000)).0;
        assert!(chained.len() < 100, "{chained}");
    }

    #[test]
    fn a_name_fits_by_what_becomes_of_it_in_a_message() {
        for (name, shown) in [
            ("commit", "commit".to_owned()),
            (&"x".repeat(40), "x".repeat(40)),
            (&"x".repeat(41), format!("{}…", "x".repeat(39))),
            (&"&".repeat(40), format!("{}…", "&".repeat(12))),
            (&"a<b>".repeat(10), "a<b>a<b>a<b>a<b>a<b>a<b>a…".to_owned()),
            ("", "?".to_owned()),
        ] {
            assert_eq!(Label::fitted(name, 40, 64).0, shown, "{name:?}");
        }
    }

    proptest! {
        #[test]
        fn no_name_is_too_long_or_hides_anything(name in any::<String>(), tail in "\\PC{0,80}") {
            let label = Label::of(&(name + &tail)).0;
            prop_assert!(!label.is_empty());
            prop_assert!(label.len() <= LONGEST_BYTES + '…'.len_utf8());
            prop_assert!(label.graphemes(true).count() <= LONGEST);
            prop_assert!(!label.chars().any(|letter| is_hidden(letter) || letter == '\n'));
        }
    }
}
