//! The little of Slack's mrkdwn that template text uses: `*bold*`, `_italic_`, `~struck~`, `` `code` `` and the
//! three escapes; all else stays as it is, as with `verbatim`.

use std::fmt::Write;

/// A run of letters in one style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run<'a> {
    /// Still escaped.
    pub letters: &'a str,
    /// `*`, `_`, `~` or `` ` ``.
    pub mark: Option<char>,
}

/// Cuts `text` into runs; marks do not nest.
pub(super) fn runs(text: &str) -> Vec<Run<'_>> {
    let mut runs = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(letter) = text[at..].chars().next() {
        if let Some(length) = marked(text, at, letter) {
            if start < at {
                runs.push(Run { letters: &text[start..at], mark: None });
            }
            runs.push(Run { letters: &text[at + 1..at + 1 + length], mark: Some(letter) });
            at += length + 2;
            start = at;
        } else {
            at += letter.len_utf8();
        }
    }
    if start < text.len() {
        runs.push(Run { letters: &text[start..], mark: None });
    }
    runs
}

/// How many bytes stand between the mark at `at` and its closing one, where they make a pair.
fn marked(text: &str, at: usize, letter: char) -> Option<usize> {
    if !matches!(letter, '*' | '_' | '~' | '`') {
        return None;
    }
    let opens = text[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric() && before != letter);
    let inside = &text[at + 1..];
    let length = inside.find(['\n', letter]).filter(|end| inside[*end..].starts_with(letter))?;
    let whole = &inside[..length];
    let closes = inside[length + 1..].chars().next().is_none_or(|after| !after.is_alphanumeric() && after != letter);
    let tight = !whole.is_empty() && (letter == '`' || whole.trim() == whole);
    (opens && closes && tight).then_some(length)
}

/// The letters alone.
pub(super) fn plain(text: &str) -> String {
    unescape(&runs(text).iter().map(|run| run.letters).collect::<String>())
}

/// Takes back the three escapes, each once.
pub(super) fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// The text as HTML.
pub(super) fn html(text: &str, out: &mut String) {
    for run in runs(text) {
        let letters = super::html::escape(&unescape(run.letters));
        let tag = match run.mark {
            None => {
                out.push_str(&letters);
                continue;
            }
            Some('*') => "strong",
            Some('_') => "em",
            Some('~') => "s",
            Some(_) => "code",
        };
        let _ = write!(out, "<{tag}>{letters}</{tag}>");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_of_marks_are_styles_and_lone_ones_are_letters() {
        assert_eq!(plain("*Sessions:* 12 (_new_) `a*b*c` ~x~"), "Sessions: 12 (new) a*b*c x");
        for letters in ["2 * 3 * 4", "snake_case_name", "a*b*", "* x *", "**", "*open", "*a\nb*"] {
            assert_eq!(plain(letters), letters);
        }
    }

    #[test]
    fn escapes_are_taken_back_once() {
        assert_eq!(plain("&lt;!channel&gt; &amp;amp; &amp;lt;"), "<!channel> &amp; &lt;");
    }
}
