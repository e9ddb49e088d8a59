//! The directory, kept in the store: the whole of it once a day, single people as events tell of them.

use super::{Client, Member, SlackError, Status};
use crate::store::{MemberRecord, MemberStatus, Store, StoreError};
use chrono::{DateTime, Utc};
use std::time::Duration;

/// For how long the pauses that Slack asks for are kept, added up: the largest directory has 250 pages at 20 a minute.
const PATIENCE: Duration = Duration::from_hours(1);

/// So many people may leave at once, however small the workspace.
const FEW: u64 = 20;

/// What a reading of the directory brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Synced {
    pub members: u64,
    /// New ones and changed ones.
    pub changed: u64,
    /// Who is no longer in the directory.
    pub gone: u64,
    /// Entries that could not be read.
    pub skipped: u64,
}

/// Why the directory was not read to its end; what was read before stays learned.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    #[error(transparent)]
    Slack(#[from] SlackError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Reads the whole directory into the store, page by page.
///
/// # Errors
/// When Slack or the store does not answer. Nobody is called gone then.
pub async fn sync_directory(client: &Client, store: &Store, now: DateTime<Utc>) -> Result<Synced, SyncError> {
    let mut synced = Synced::default();
    let mut pages = client.members(PATIENCE);
    while let Some(page) = pages.next_page().await? {
        let members: Vec<_> = page.members.into_iter().map(record).collect();
        synced.members += members.len() as u64;
        synced.skipped += page.skipped as u64;
        synced.changed += store.learn_members(&members, now).await?;
    }
    // Somebody whose entry could not be read is not gone.
    if synced.members > 0 && synced.skipped == 0 {
        synced.gone = forget_unseen(store, synced.members, now).await?;
    }
    Ok(synced)
}

/// A list that suddenly lacks half of the people is no list: nobody is called gone then.
async fn forget_unseen(store: &Store, seen: u64, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let unseen = store.unseen_since(now).await?;
    if unseen > FEW && unseen > seen {
        tracing::error!(seen, unseen, "Slack's directory lacks most of the people it had, so nobody is called gone");
        return Ok(0);
    }
    store.forget_unseen(now).await
}

/// Learns one person, as an event or a look-up shows them.
///
/// # Errors
/// When the store does not answer.
pub async fn learn_member(store: &Store, member: Member, now: DateTime<Utc>) -> Result<MemberRecord, StoreError> {
    let member = record(member);
    store.learn_members(std::slice::from_ref(&member), now).await?;
    Ok(member)
}

/// Whether what is told of somebody is what is known already.
pub fn is_known(told: &Member, known: &MemberRecord) -> bool {
    let told = record(told.clone());
    let same = |record: &MemberRecord| (record.email.clone(), record.name.clone(), record.zone, record.status);
    same(&told) == same(known)
}

fn record(member: Member) -> MemberRecord {
    MemberRecord {
        id: member.id,
        email: member.email,
        name: member.name,
        zone: member.zone,
        status: match member.status {
            Status::Active => MemberStatus::Active,
            Status::Deactivated => MemberStatus::Deactivated,
            Status::Bot => MemberStatus::Bot,
            Status::Guest => MemberStatus::Guest,
            Status::OtherWorkspace => MemberStatus::OtherWorkspace,
        },
        dm: None,
        last_usage: None,
    }
}
