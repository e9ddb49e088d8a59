//! Whom a team message may name, and how.

use super::summary::{NAME, NAME_LETTERS};
use crate::{
    digest::label::{Label, visible},
    model::MemberEmail,
};
use std::collections::BTreeMap;

/// The names of those who agreed to be named; nobody else's is known here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names(pub BTreeMap<MemberEmail, String>);

impl Names {
    /// What `member` is called in a message; none who did not agree, or whose name is blank.
    pub(super) fn label(&self, member: &MemberEmail) -> Option<Label> {
        let name = without_addresses(&visible(self.0.get(member)?));
        (!name.is_empty()).then(|| Label::fitted(&name, NAME, NAME_LETTERS))
    }
}

/// `name` without its words that are e-mail addresses; where nothing else is left, what stands before the first one's `@`.
/// Some directories have addresses in place of names, and agreeing to be named is not agreeing to show one's address.
fn without_addresses(name: &str) -> String {
    let words = || name.split(' ').filter(|word| !word.is_empty());
    let kept: Vec<_> = words().filter(|word| !word.contains('@')).collect();
    if !kept.is_empty() {
        return kept.join(" ");
    }
    let locals = words().filter_map(|word| word.split('@').map(bare).find(|part| !part.is_empty()));
    locals.map(str::to_owned).next().unwrap_or_default()
}

fn bare(part: &str) -> &str {
    part.trim_matches(|letter: char| !letter.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_shown_without_addresses() {
        for (name, shown) in [
            ("Anna Weber", Some("Anna Weber")),
            ("  Anna\u{202e}\nWeber ", Some("Anna Weber")),
            ("Anna <anna@example.com>", Some("Anna")),
            ("anna.weber@example.com", Some("anna.weber")),
            ("<anna@example.com>", Some("anna")),
            ("@here", Some("here")),
            ("<!channel>", Some("<!channel>")),
            ("Anna @ Platform", Some("Anna Platform")),
            ("", None),
            (" \u{200b}", None),
            ("@", None),
        ] {
            let member = MemberEmail::parse("anna@example.com").unwrap();
            let names = Names(BTreeMap::from([(member.clone(), name.to_owned())]));
            assert_eq!(names.label(&member).map(|label| label.0).as_deref(), shown, "{name:?}");
            assert_eq!(names.label(&MemberEmail::parse("ben@example.com").unwrap()), None);
        }
    }
}
