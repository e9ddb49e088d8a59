//! Who was on which team when: lists and user groups as they were seen. A leaver's stay ends; it is never deleted.

use super::{Store, StoreError};
use crate::model::{MemberEmail, MemberId, Roster};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// What a look at a team's people changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TeamSync {
    pub joined: u64,
    pub left: u64,
}

impl Store {
    /// Brings each team's open stays in step with `members`. A team without any stay so far is taken to have had these
    /// people since ever; later ones stay from `now` on, and who is missing stays until `now`. Teams not named in
    /// `teams` are left alone. One transaction; safe to repeat.
    pub async fn sync_teams(
        &self,
        teams: &BTreeMap<String, BTreeSet<MemberEmail>>,
        now: DateTime<Utc>,
    ) -> Result<TeamSync, StoreError> {
        let _ = (teams, now);
        todo!()
    }

    /// Everybody who was on one of `teams` at `from` or later; a team that was never seen is absent.
    pub async fn rosters(
        &self,
        teams: &BTreeSet<String>,
        from: DateTime<Utc>,
    ) -> Result<BTreeMap<String, Roster>, StoreError> {
        let _ = (teams, from);
        todo!()
    }

    /// The addresses of these members, without bots and who has left; members without an address are left out.
    pub async fn emails_of(&self, members: &[MemberId]) -> Result<BTreeSet<MemberEmail>, StoreError> {
        let _ = members;
        todo!()
    }

    /// Of `emails`, those whose member is known and no longer active (deactivated, gone) or is a bot.
    pub async fn inactive(&self, emails: &BTreeSet<MemberEmail>) -> Result<BTreeSet<MemberEmail>, StoreError> {
        let _ = emails;
        todo!()
    }

    /// The names of those of `emails` who agreed to be named, are active, and did not delete their data; and of those who
    /// agreed for `delivery` alone.
    pub async fn names(
        &self,
        emails: &BTreeSet<MemberEmail>,
        delivery: Option<&crate::model::DeliveryId>,
    ) -> Result<BTreeMap<MemberEmail, String>, StoreError> {
        let _ = (emails, delivery);
        todo!()
    }
}
