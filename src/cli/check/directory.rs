//! Slack's directory, reduced to which addresses there are and whom Recap may write to.

use crate::{
    model::MemberId,
    slack::{Client, SlackError, Status},
};
use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

/// For how long the pauses that Slack asks for are kept, all together.
const PATIENCE: Duration = Duration::from_mins(2);

/// Addresses of the workspace, and whose there is one; of a member nothing else is held.
#[derive(Debug, Default)]
pub struct Directory {
    active: HashMap<String, bool>,
    /// Full, active members with an address.
    ids: HashSet<MemberId>,
    /// Full, active members, with an address or not.
    pub members: usize,
    /// Of them, those in no zone that is known.
    pub without_zone: usize,
}

/// What Slack knows of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// A member who can be written to.
    Active,
    /// A guest, a bot, or somebody who left.
    Silent,
    Nobody,
}

impl Directory {
    /// Reads all pages.
    ///
    /// # Errors
    /// When Slack does not answer one of them, or asks for pauses of more than 2 minutes.
    pub async fn read(client: &Client) -> Result<Self, SlackError> {
        let mut directory = Self::default();
        let mut pages = client.members(PATIENCE);
        while let Some(page) = pages.next_page().await? {
            for member in page.members {
                directory.without_zone += usize::from(member.status == Status::Active && member.zone.is_none());
                directory.add(member.id, member.email.map(String::from), member.status);
            }
        }
        Ok(directory)
    }

    fn add(&mut self, id: MemberId, email: Option<String>, status: Status) {
        let is_active = status == Status::Active;
        self.members += usize::from(is_active);
        if let Some(email) = email {
            if is_active {
                self.ids.insert(id);
            }
            *self.active.entry(email).or_default() |= is_active;
        }
    }

    /// Whether any active member has an address.
    pub fn has_addresses(&self) -> bool {
        self.active.values().any(|active| *active)
    }

    /// Whether this is an active member with an address.
    pub fn knows(&self, id: &MemberId) -> bool {
        self.ids.contains(id)
    }

    /// Who has `email`, in lower case.
    pub fn find(&self, email: &str) -> Match {
        match self.active.get(email) {
            Some(true) => Match::Active,
            Some(false) => Match::Silent,
            None => Match::Nobody,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_two_accounts_belongs_to_the_active_one() {
        let mut directory = Directory::default();
        for (id, email, status) in [
            ("U1", Some("ada@example.com"), Status::Active),
            ("U2", Some("ada@example.com"), Status::Deactivated),
            ("U3", Some("eve@example.com"), Status::Guest),
            ("U4", None, Status::Active),
        ] {
            directory.add(MemberId(id.to_owned()), email.map(str::to_owned), status);
        }
        assert_eq!(
            ["U1", "U2", "U3", "U4"].map(|id| directory.knows(&MemberId(id.to_owned()))),
            [true, false, false, false]
        );
        assert_eq!(directory.members, 2);
        assert_eq!(directory.find("ada@example.com"), Match::Active);
        assert_eq!(directory.find("eve@example.com"), Match::Silent);
        assert_eq!(directory.find("bob@example.com"), Match::Nobody);
    }
}
