//! Addresses that nobody in Slack's directory has: a slip of the hand, or somebody who joins later.

use crate::{model::MemberEmail, store::StoreError, workspace::Workspace};
use std::collections::BTreeSet;

/// So many are named.
const MOST_NAMED: usize = 5;

/// Those of `emails` that nobody in the directory has; none while it was not read yet.
pub(super) async fn strangers(
    workspace: &Workspace,
    emails: &BTreeSet<MemberEmail>,
) -> Result<Vec<MemberEmail>, StoreError> {
    if emails.is_empty() || workspace.store.members_known().await? == 0 {
        return Ok(Vec::new());
    }
    let known = workspace.store.in_directory(emails).await?;
    Ok(emails.difference(&known).cloned().collect())
}

/// `2 of 12 addresses are not in Slack: ada@example.com, bob@example.com.` Who may not see the list is told how many.
pub(super) fn note(strangers: &[MemberEmail], all: usize, of: &str, may_see: bool) -> Option<String> {
    if strangers.is_empty() {
        return None;
    }
    let named: Vec<_> = strangers.iter().take(MOST_NAMED).map(MemberEmail::as_str).collect();
    let more = match strangers.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let are = if strangers.len() == 1 { "is" } else { "are" };
    let named = if may_see { format!(": {}{more}", named.join(", ")) } else { String::new() };
    Some(format!("{} of {all} {of} {are} not in Slack{named}.", strangers.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_are_named_and_the_rest_is_counted() {
        let emails = |count: u8| -> Vec<_> {
            (0..count).map(|index| MemberEmail::parse(&format!("m{index}@example.com")).unwrap()).collect()
        };
        assert_eq!(note(&[], 3, "addresses", true), None);
        let one = note(&emails(1), 3, "owners", true).unwrap();
        assert_eq!(one, "1 of 3 owners is not in Slack: m0@example.com.");
        let many = note(&emails(7), 12, "addresses", true).unwrap();
        assert!(many.starts_with("7 of 12 addresses are not in Slack: m0@") && many.ends_with("and 2 more."), "{many}");
        let counted = note(&emails(7), 12, "addresses", false).unwrap();
        assert_eq!(counted, "7 of 12 addresses are not in Slack.");
    }
}
