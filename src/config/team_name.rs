//! What a team may be called, and when two names are one: for settings, Slack, the page and the API alike.

use super::forms;

/// Characters of a name at most.
const LONGEST: usize = 64;

/// A team's name stands in messages and on the command line.
///
/// # Errors
/// When it is empty, long, or has characters that cannot be seen, or spaces around it.
pub fn check_team_name(name: &str) -> Result<(), String> {
    if name.chars().any(|letter| is_hidden(letter) && !is_joining(letter)) {
        return Err("a name has no control characters, and none that change the direction or cannot be seen".to_owned());
    }
    if name.chars().count() <= LONGEST && forms::line(name).is_ok_and(|line| line == name) && !team_key(name).is_empty()
    {
        return Ok(());
    }
    Err(format!("a name has 1 to {LONGEST} characters, and no spaces around it"))
}

/// Two names with the same key are one: they differ only by capitals, spaces, or what cannot be seen.
pub fn team_key(name: &str) -> String {
    let seen = name.chars().filter(|letter| !letter.is_whitespace() && !is_hidden(*letter));
    // Twice, since some letters are small only after they were capital.
    seen.flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}

fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || is_joining(letter)
        || matches!(letter,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}'
            | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// What joins letters, and picks how an emoji is drawn: words need them, and no name is another by them.
fn is_joining(letter: char) -> bool {
    matches!(letter, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_what_can_be_seen_and_told_apart() {
        for name in ["core", "Data Platform", "Größe 2", "開発", "👩\u{200d}💻 web", &"x".repeat(64)] {
            assert_eq!(check_team_name(name), Ok(()), "{name}");
        }
        for (name, words) in [
            ("", "1 to 64"),
            (" core", "no spaces around"),
            ("core\u{a0}", "no spaces around"),
            (&"x".repeat(65), "1 to 64"),
            ("\u{200d}\u{fe0f}", "1 to 64"),
            ("co\u{7}re", "control characters"),
            ("core\n", "control characters"),
            ("co\u{202e}re", "direction"),
            ("co\u{2066}re", "direction"),
            ("co\u{200b}re", "cannot be seen"),
            ("co\u{ad}re", "cannot be seen"),
            ("co\u{2028}re", "cannot be seen"),
        ] {
            let refused = check_team_name(name).unwrap_err();
            assert!(refused.contains(words), "{name:?}: {refused}");
        }
    }

    #[test]
    fn names_that_look_alike_have_one_key() {
        for other in ["CORE web", "core  web", "coreweb", " Core\u{a0}Web ", "co\u{200b}re w\u{200d}eb", "Core\tWeb"] {
            assert_eq!(team_key(other), team_key("Core Web"), "{other:?}");
        }
        assert_eq!(team_key("STRASSE"), team_key("straße"));
        for other in ["Core", "Core Web 2", "Core-Web", "Cöre Web"] {
            assert_ne!(team_key(other), team_key("Core Web"), "{other:?}");
        }
    }
}
