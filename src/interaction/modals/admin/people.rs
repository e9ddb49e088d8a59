//! People in a form: chosen in Slack where Slack knows them, and typed as addresses where it does not.

use crate::{
    admin::AdminError,
    model::{MemberEmail, MemberId},
    store::StoreError,
    workspace::Workspace,
};
use std::collections::BTreeSet;

/// Slack's menu of people holds so many.
const MOST_CHOSEN: usize = 100;
/// And its text field so many characters.
pub(super) const MOST_TYPED: usize = 3_000;
/// More addresses are not looked up: such a list is not kept by hand.
const MOST: usize = 250;

/// As a form holds them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct People {
    /// Ids in Slack.
    pub chosen: Vec<String>,
    /// Addresses, one a line.
    pub typed: String,
}

impl People {
    /// `emails` as a form shows them; none where they are too many for one.
    pub(super) async fn of(
        workspace: &Workspace,
        emails: impl IntoIterator<Item = &MemberEmail>,
    ) -> Result<Option<Self>, StoreError> {
        let emails: Vec<_> = emails.into_iter().take(MOST + 1).collect();
        if emails.len() > MOST {
            return Ok(None);
        }
        let (mut chosen, mut typed) = (Vec::new(), Vec::new());
        for email in emails {
            match workspace.store.member_by_email(email).await? {
                Some(member) if chosen.len() < MOST_CHOSEN => chosen.push(member.id.0),
                _ => typed.push(email.as_str()),
            }
        }
        let typed = typed.join("\n");
        Ok((typed.chars().count() <= MOST_TYPED).then_some(Self { chosen, typed }))
    }

    /// The same for the same people, in whatever order they were chosen and typed.
    pub(super) fn sorted(&self) -> String {
        let chosen = self.chosen.iter().map(String::as_str);
        let typed = self.typed.split(is_between).filter(|part| !part.is_empty());
        let mut all: Vec<_> = chosen.chain(typed).map(str::to_lowercase).collect();
        all.sort_unstable();
        all.join(" ")
    }

    /// Their addresses, or what is wrong with them, as a sentence.
    pub(super) async fn emails(
        &self,
        workspace: &Workspace,
    ) -> Result<Result<BTreeSet<MemberEmail>, String>, AdminError> {
        let mut emails = match typed(&self.typed) {
            Ok(emails) => emails,
            Err(words) => return Ok(Err(words)),
        };
        for id in self.chosen.iter().take(MOST_CHOSEN) {
            let member = workspace.store.member(&MemberId(id.clone())).await?;
            match member.map(|member| (member.name, member.email)) {
                Some((_, Some(email))) => drop(emails.insert(email)),
                Some((name, None)) => {
                    return Ok(Err(format!(
                        "Slack shows Recap no e-mail address of {name}, so they cannot be chosen."
                    )));
                }
                None => {
                    return Ok(Err("Recap does not know one of these people yet. Try again in an hour.".to_owned()));
                }
            }
        }
        Ok(Ok(emails))
    }
}

fn is_between(letter: char) -> bool {
    letter.is_whitespace() || ",;".contains(letter)
}

/// Addresses as people type them: with spaces, commas, semicolons or line breaks between.
fn typed(text: &str) -> Result<BTreeSet<MemberEmail>, String> {
    let parts = text.split(is_between);
    let parts = parts.map(|part| part.trim_matches(['<', '>'])).filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let shown: String = part.chars().take(60).collect();
            MemberEmail::parse(part).map_err(|_| format!("\"{shown}\" is not an e-mail address."))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_are_typed_in_any_way() {
        let read = |text: &str| typed(text).map(|emails| emails.iter().map(ToString::to_string).collect::<Vec<_>>());
        let two = Ok(vec!["ada@example.com".to_owned(), "bob@example.com".to_owned()]);
        for text in [
            "ada@example.com bob@example.com",
            " Ada@Example.com,bob@example.com;\n",
            "<bob@example.com>\n<ada@example.com>\nada@example.com",
        ] {
            assert_eq!(read(text), two, "{text}");
        }
        assert_eq!(read(" ,;"), Ok(Vec::new()));
        assert_eq!(read("ada@example.com, bob"), Err("\"bob\" is not an e-mail address.".to_owned()));
    }

    proptest! {
        #[test]
        fn whatever_is_typed_is_addresses_or_a_sentence(text in ".{0,300}") {
            match typed(&text) {
                Ok(emails) => prop_assert!(emails.iter().all(|email| email.as_str().contains('@'))),
                Err(words) => prop_assert!(words.ends_with('.') && words.chars().count() < 100),
            }
        }
    }
}
