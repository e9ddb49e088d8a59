//! Members as the directory shows them, and what was learned about reaching them.

use super::{
    Store, StoreError,
    cells::{Cells, clean, micros, unreadable},
    work::Work,
};
use crate::model::{ChannelId, MemberEmail, MemberId};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sqlx::any::AnyRow;
use std::collections::BTreeMap;

/// Whether somebody may be written to: only who is `Active`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MemberStatus {
    Active,
    Deactivated,
    Bot,
    Guest,
    OtherWorkspace,
    /// Was in the directory and no longer is.
    Gone,
}

impl MemberStatus {
    const ALL: [(Self, &'static str); 6] = [
        (Self::Active, "active"),
        (Self::Deactivated, "deactivated"),
        (Self::Bot, "bot"),
        (Self::Guest, "guest"),
        (Self::OtherWorkspace, "other_workspace"),
        (Self::Gone, "gone"),
    ];

    fn word(self) -> &'static str {
        Self::ALL.iter().find(|(status, _)| *status == self).map_or("", |(_, word)| word)
    }

    fn of_word(word: &str) -> Result<Self, StoreError> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == word)
            .map(|(status, _)| *status)
            .ok_or_else(|| unreadable("status"))
    }
}

/// A person of the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRecord {
    pub id: MemberId,
    pub email: Option<MemberEmail>,
    /// Foreign text.
    pub name: String,
    /// `None` where Slack has no zone that the tz database knows.
    pub zone: Option<Tz>,
    pub status: MemberStatus,
    /// The direct conversation, once it is known: it never changes.
    pub dm: Option<ChannelId>,
    /// The latest instant at which usage under the address was seen, if it was looked for and found.
    pub last_usage: Option<DateTime<Utc>>,
}

impl Store {
    /// Learns people from the directory: inserts or updates, keeping `dm` and `last_usage` where `None` is given. When
    /// they were seen only moves forward: of two readings at once the earlier must not make anybody unseen.
    /// Answers how many were new or changed.
    pub async fn learn_members(&self, members: &[MemberRecord], seen_at: DateTime<Utc>) -> Result<u64, StoreError> {
        const LEARN: (&str, usize, &str) = (
            "INSERT INTO members (workspace_id, member_id, email, name, zone, status, dm, last_usage, seen_at) VALUES",
            9,
            " ON CONFLICT (workspace_id, member_id) DO UPDATE SET email = excluded.email, name = excluded.name,
                zone = excluded.zone, status = excluded.status, dm = COALESCE(excluded.dm, members.dm),
                last_usage = COALESCE(excluded.last_usage, members.last_usage)
            WHERE members.email IS DISTINCT FROM excluded.email OR members.name <> excluded.name
                OR members.zone IS DISTINCT FROM excluded.zone OR members.status <> excluded.status
                OR members.dm IS DISTINCT FROM COALESCE(excluded.dm, members.dm)
                OR members.last_usage IS DISTINCT FROM COALESCE(excluded.last_usage, members.last_usage)",
        );
        let ordered = members.iter().map(|one| (&one.id, one)).collect::<BTreeMap<_, _>>();
        let ordered: Vec<_> = ordered.into_values().collect();
        let ordered = &ordered;
        self.write(|mut work| async move {
            let changed = work
                .run_for(LEARN, ordered, |sql, one| {
                    let sql =
                        sql.bind(self.workspace()).bind(&one.id.0).bind(one.email.as_ref().map(MemberEmail::as_str));
                    let sql = sql.bind(clean(&one.name)).bind(one.zone.map(Tz::name)).bind(one.status.word());
                    let sql = sql.bind(one.dm.as_ref().map(|dm| dm.0.as_str()));
                    sql.bind(one.last_usage.map(micros)).bind(micros(seen_at))
                })
                .await?;
            let seen_at = micros(seen_at);
            let see = work.run_for(SEE, ordered, |sql, one| sql.bind(self.workspace()).bind(&one.id.0).bind(seen_at));
            see.await?;
            work.done(changed).await
        })
        .await
    }

    /// How many active members a reading of the directory that began at `began` did not meet.
    pub async fn unseen_since(&self, began: DateTime<Utc>) -> Result<u64, StoreError> {
        const UNSEEN: &str = "SELECT COUNT(*) AS count FROM members
            WHERE workspace_id = $1 AND seen_at < $2 AND status = 'active'";
        let sql = || self.sql(UNSEEN).bind(micros(began));
        let row = self.read(|mut work| async move { work.row(sql()).await }).await?;
        row.map_or(Ok(0), |row| row.count("count"))
    }

    /// After a whole reading of the directory that began at `began`: who was not seen since then is `Gone`.
    pub async fn forget_unseen(&self, began: DateTime<Utc>) -> Result<u64, StoreError> {
        const FORGET: &str = "UPDATE members SET status = 'gone'
            WHERE workspace_id = $1 AND seen_at < $2 AND status <> 'gone'";
        self.write(|mut work| async move {
            let gone = work.run(self.sql(FORGET).bind(micros(began))).await?;
            work.done(gone).await
        })
        .await
    }

    pub async fn member(&self, id: &MemberId) -> Result<Option<MemberRecord>, StoreError> {
        const MEMBER: &str = "SELECT * FROM members WHERE workspace_id = $1 AND member_id = $2";
        let row = self.read(|mut work| async move { work.row(self.sql(MEMBER).bind(&id.0)).await }).await?;
        row.as_ref().map(member).transpose()
    }

    /// The member with this address; of several an active one, then the one seen last.
    pub async fn member_by_email(&self, email: &MemberEmail) -> Result<Option<MemberRecord>, StoreError> {
        const MEMBER: &str = "SELECT * FROM members WHERE workspace_id = $1 AND email = $2
            ORDER BY CASE WHEN status = 'active' THEN 0 ELSE 1 END, seen_at DESC, member_id LIMIT 1";
        let row = self.read(|mut work| async move { work.row(self.sql(MEMBER).bind(email.as_str())).await }).await?;
        row.as_ref().map(member).transpose()
    }

    /// The active members who are called so, whatever the case; some of them where they are many.
    pub async fn members_called(&self, name: &str) -> Result<Vec<MemberRecord>, StoreError> {
        const CALLED: &str = "SELECT * FROM members WHERE workspace_id = $1 AND LOWER(name) = LOWER($2)
            AND status = 'active' ORDER BY member_id LIMIT 3";
        let rows = self.read(|mut work| async move { work.rows(self.sql(CALLED).bind(clean(name))).await }).await?;
        rows.iter().map(member).collect()
    }

    pub async fn learn_dm(&self, id: &MemberId, channel: &ChannelId) -> Result<(), StoreError> {
        self.write(|mut work| async move {
            work.run(self.sql(LEARN_DM).bind(&id.0).bind(&channel.0)).await?;
            work.done(()).await
        })
        .await
    }

    /// Members with an active subscription whose direct conversation is unknown, next due first.
    pub async fn without_dm(&self, limit: u32) -> Result<Vec<MemberId>, StoreError> {
        const UNKNOWN: &str = "SELECT m.member_id FROM subscriptions s
            JOIN members m ON m.workspace_id = s.workspace_id AND m.member_id = s.recipient
            WHERE s.workspace_id = $1 AND s.next_due IS NOT NULL AND s.report = 'daily'
                AND m.dm IS NULL AND m.status = 'active'
            ORDER BY s.next_due, m.member_id LIMIT $2";
        let sql = || self.sql(UNKNOWN).bind(i64::from(limit));
        let rows = self.read(|mut work| async move { work.rows(sql()).await }).await?;
        rows.iter().map(|row| row.text("member_id").map(MemberId)).collect()
    }

    /// Notes that usage under these addresses was seen, at these instants; only ever moves forward.
    pub async fn learn_usage(&self, seen: &[(MemberEmail, DateTime<Utc>)]) -> Result<(), StoreError> {
        let mut latest = BTreeMap::new();
        for (email, at) in seen {
            let known = latest.entry(email).or_insert(*at);
            *known = (*known).max(*at);
        }
        let latest: Vec<_> = latest.into_iter().collect();
        let latest = &latest;
        self.write(|mut work| async move {
            work.run_for(LEARN_USAGE, latest, |sql, (email, at)| {
                sql.bind(self.workspace()).bind(email.as_str()).bind(micros(*at))
            })
            .await?;
            work.done(()).await
        })
        .await
    }

    /// How many members the directory had when it was read last, whatever became of them.
    pub async fn members_known(&self) -> Result<u64, StoreError> {
        const KNOWN: &str = "SELECT COUNT(*) AS count FROM members WHERE workspace_id = $1";
        let row = self.read(|mut work| async move { work.row(self.sql(KNOWN)).await }).await?;
        row.map_or(Ok(0), |row| row.count("count"))
    }

    /// Of how many members the directory gave no zone that is known (active ones only).
    pub async fn without_zone(&self) -> Result<u64, StoreError> {
        const ZONELESS: &str = "SELECT COUNT(*) AS zoneless FROM members
            WHERE workspace_id = $1 AND status = 'active' AND zone IS NULL";
        let row = self.read(|mut work: Work| async move { work.row(self.sql(ZONELESS)).await }).await?;
        row.map_or(Ok(0), |row| row.count("zoneless"))
    }
}

/// It never changes, so what is known already is as good.
pub(super) const LEARN_DM: &str = "UPDATE members SET dm = $3
    WHERE workspace_id = $1 AND member_id = $2 AND dm IS DISTINCT FROM $3";

/// Reads a row of `members`.
pub(super) fn member(row: &AnyRow) -> Result<MemberRecord, StoreError> {
    Ok(MemberRecord {
        id: MemberId(row.text("member_id")?),
        email: row.email()?,
        name: row.text("name")?,
        zone: row.parsed_or_null("zone")?,
        status: MemberStatus::of_word(&row.text("status")?)?,
        dm: row.text_or_null("dm")?.map(ChannelId),
        last_usage: row.instant_or_null("last_usage")?,
    })
}

pub(super) const SEE: (&str, usize, &str) = (
    "WITH seen (workspace_id, member_id, at) AS (VALUES",
    3,
    ") UPDATE members SET seen_at = seen.at FROM seen
    WHERE members.workspace_id = seen.workspace_id AND members.member_id = seen.member_id
        AND members.seen_at < seen.at",
);

pub(super) const LEARN_USAGE: (&str, usize, &str) = (
    "WITH seen (workspace_id, email, at) AS (VALUES",
    3,
    ") UPDATE members SET last_usage = seen.at FROM seen
    WHERE members.workspace_id = seen.workspace_id AND members.email = seen.email
        AND (members.last_usage IS NULL OR members.last_usage < seen.at)",
);
