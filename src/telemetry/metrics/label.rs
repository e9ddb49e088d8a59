//! Labels from foreign text, bounded in form and in number.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

/// How long a label may be.
const LONGEST: usize = 64;
/// How many values a label of one metric may take; each is a series that Prometheus keeps.
const MOST: usize = 100;
/// What stands for all the others.
const OTHER: &str = "other";

static SEEN: Mutex<BTreeMap<&str, BTreeSet<String>>> = Mutex::new(BTreeMap::new());

/// `text` where it is a word of ours or of Slack's and `metric` has not seen too many of them, else "other".
pub(super) fn bounded(metric: &'static str, text: &str) -> String {
    if !is_word(text) {
        return OTHER.to_owned();
    }
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    let seen = seen.entry(metric).or_default();
    if seen.len() < MOST {
        seen.insert(text.to_owned());
    }
    if seen.contains(text) { text.to_owned() } else { OTHER.to_owned() }
}

/// Codes and reasons are such words; addresses, names, ids and sentences are not.
fn is_word(text: &str) -> bool {
    let fits = |letter: u8| matches!(letter, b'a'..=b'z' | b'0'..=b'9' | b'_');
    (1..=LONGEST).contains(&text.len()) && text.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_become_labels() {
        let longest = "a".repeat(LONGEST);
        for word in ["is_archived", "no_activity", "http_503", &longest] {
            assert_eq!(bounded("words", word), word);
        }
        let long = "a".repeat(LONGEST + 1);
        for text in ["", "ada@example.com", "Ada Lovelace", "U0ADA", "is-archived", "no\nactivity", "é", &long] {
            assert_eq!(bounded("words", text), OTHER, "{text:?}");
        }
    }

    #[test]
    fn a_stream_of_new_words_makes_no_stream_of_series() {
        let mut labels = BTreeSet::new();
        for number in 0..10 * MOST {
            labels.insert(bounded("stream", &format!("error_{number}")));
        }
        assert_eq!(labels.len(), MOST + 1);
        assert_eq!(bounded("stream", "error_7"), "error_7");
        assert_eq!(bounded("another", "error_999"), "error_999");
    }
}
