//! Typed text in words: spaces of every kind, smart quotes and dashes made plain, what cannot be seen left out. Pure.

/// More is no command.
const MOST_WORDS: usize = 40;
/// Letters of a name that is looked for.
const LONGEST_NAME: usize = 200;

/// One word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// As it was typed, quotes and the invisible apart.
    pub text: String,
    /// In lower case.
    pub lower: String,
}

impl Word {
    /// Without the punctuation around it.
    pub fn plain(&self) -> &str {
        let bare = self.lower.trim_matches([',', '!', '.', ';', '"', '\'', '(', ')', '`', '*', '_']);
        let bare = if bare.len() > 1 { bare.trim_end_matches('?') } else { bare };
        if bare.is_empty() { &self.lower } else { bare }
    }
}

/// The words of `text`.
pub fn of(text: &str) -> Vec<Word> {
    let plain: String = text.chars().filter_map(plain).collect();
    let word = |word: &str| {
        let text = word.trim_matches('"').to_owned();
        Word { lower: text.to_lowercase(), text }
    };
    plain.split_whitespace().take(MOST_WORDS).map(word).filter(|word| !word.text.is_empty()).collect()
}

/// The words as one name, as typed; none where there are none.
pub fn name(words: &[Word]) -> Option<String> {
    let name = words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
    let name: String = name.trim_matches(['"', '\'', '`', ' ']).chars().take(LONGEST_NAME).collect();
    (!name.is_empty()).then_some(name)
}

fn plain(letter: char) -> Option<char> {
    match letter {
        '\u{201c}'..='\u{201f}' | '\u{ab}' | '\u{bb}' => Some('"'),
        '\u{2018}'..='\u{201b}' | '\u{2032}' | '\u{b4}' => Some('\''),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => Some('-'),
        '\u{ff0f}' => Some('/'),
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => None,
        letter if letter.is_whitespace() => Some(' '),
        letter if letter.is_control() => None,
        letter => Some(letter),
    }
}
