//! Who is behind an address: whether they are still there, and by which name they agreed to be called.

use super::{Store, StoreError, cells::Cells, work::Sql};
use crate::model::{DeliveryId, MemberEmail, MemberId};
use sqlx::any::AnyRow;
use std::collections::{BTreeMap, BTreeSet};

impl Store {
    /// The addresses of these members, without bots and who has left (deactivated, gone); members without an address are
    /// left out.
    pub async fn emails_of(&self, members: &[MemberId]) -> Result<BTreeSet<MemberEmail>, StoreError> {
        let emails = self.read(|mut work| async move {
            let bind = |sql: Sql, id: &MemberId| sql.bind(self.workspace()).bind(&id.0);
            work.each_for(EMAILS, members, bind, |row| row.parsed("email")).await
        });
        Ok(emails.await?.into_iter().collect())
    }

    /// What the members among `ids` are called in the directory, for who looks at the ledger.
    pub async fn members_named(&self, ids: &[String]) -> Result<BTreeMap<String, String>, StoreError> {
        self.called(CALLED, ids).await
    }

    /// The names of the channels among `ids` that were looked at once.
    pub async fn channels_named(&self, ids: &[String]) -> Result<BTreeMap<String, String>, StoreError> {
        self.called(CHANNELS, ids).await
    }

    async fn called(&self, of: (&str, usize, &str), ids: &[String]) -> Result<BTreeMap<String, String>, StoreError> {
        let named = self.read(|mut work| async move {
            let bind = |sql: Sql, id: &String| sql.bind(self.workspace()).bind(id.as_str());
            work.each_for(of, ids, bind, |row| Ok((row.text("id")?, row.text("name")?))).await
        });
        Ok(named.await?.into_iter().collect())
    }

    /// Of `emails`, those whose members are known and none of them active: deactivated, gone, or a bot.
    pub async fn inactive(&self, emails: &BTreeSet<MemberEmail>) -> Result<BTreeSet<MemberEmail>, StoreError> {
        let emails: &Vec<_> = &emails.iter().collect();
        let inactive = self.read(|mut work| async move {
            let bind = |sql: Sql, email: &&MemberEmail| sql.bind(self.workspace()).bind(email.as_str());
            work.each_for(INACTIVE, emails, bind, |row| row.parsed("email")).await
        });
        Ok(inactive.await?.into_iter().collect())
    }

    /// Of `emails`, those that somebody in Slack's directory has, whatever became of them there.
    pub async fn in_directory(&self, emails: &BTreeSet<MemberEmail>) -> Result<BTreeSet<MemberEmail>, StoreError> {
        let emails: &Vec<_> = &emails.iter().collect();
        let known = self.read(|mut work| async move {
            let bind = |sql: Sql, email: &&MemberEmail| sql.bind(self.workspace()).bind(email.as_str());
            work.each_for(IN_DIRECTORY, emails, bind, |row| row.parsed("email")).await
        });
        Ok(known.await?.into_iter().collect())
    }

    /// The names of those of `emails` who agreed to be named, are active, and did not delete their data; and of those who
    /// agreed for `delivery` alone and did not say `unnamed` since. Who is not in it is not named.
    pub async fn names(
        &self,
        emails: &BTreeSet<MemberEmail>,
        delivery: Option<&DeliveryId>,
    ) -> Result<BTreeMap<MemberEmail, String>, StoreError> {
        let emails: &Vec<_> = &emails.iter().collect();
        let name = |row: &AnyRow| Ok((row.parsed("email")?, row.text("name")?));
        let names = self.read(|mut work| async move {
            let bind = |sql: Sql, email: &&MemberEmail| {
                sql.bind(self.workspace()).bind(email.as_str()).bind(delivery.map(|id| id.0.clone()))
            };
            work.each_for(NAMES, emails, bind, name).await
        });
        Ok(names.await?.into_iter().collect())
    }
}

pub(super) const EMAILS: (&str, usize, &str) = (
    "WITH these (workspace_id, member_id) AS (VALUES",
    2,
    ") SELECT m.email FROM these
    JOIN members m ON m.workspace_id = these.workspace_id AND m.member_id = these.member_id
    WHERE m.email IS NOT NULL AND m.status NOT IN ('bot', 'deactivated', 'gone')",
);

pub(super) const CALLED: (&str, usize, &str) = (
    "WITH these (workspace_id, member_id) AS (VALUES",
    2,
    ") SELECT m.member_id AS id, m.name FROM these
    JOIN members m ON m.workspace_id = these.workspace_id AND m.member_id = these.member_id",
);

pub(super) const CHANNELS: (&str, usize, &str) = (
    "WITH these (workspace_id, channel) AS (VALUES",
    2,
    ") SELECT c.channel AS id, c.name FROM these
    JOIN channels c ON c.workspace_id = these.workspace_id AND c.channel = these.channel",
);

pub(super) const INACTIVE: (&str, usize, &str) = (
    "WITH these (workspace_id, email) AS (VALUES",
    2,
    ") SELECT m.email FROM these
    JOIN members m ON m.workspace_id = these.workspace_id AND m.email = these.email
    GROUP BY m.email
    HAVING SUM(CASE WHEN m.status IN ('bot', 'deactivated', 'gone') THEN 0 ELSE 1 END) = 0",
);

pub(super) const IN_DIRECTORY: (&str, usize, &str) = (
    "WITH these (workspace_id, email) AS (VALUES",
    2,
    ") SELECT DISTINCT m.email FROM these
    JOIN members m ON m.workspace_id = these.workspace_id AND m.email = these.email WHERE m.status <> 'gone'",
);

/// Of several members with one address the active one counts, then the one seen last: it comes last, and so stays.
pub(super) const NAMES: (&str, usize, &str) = (
    "WITH these (workspace_id, email, delivery_id) AS (VALUES",
    3,
    ") SELECT m.email, m.name FROM these
    JOIN members m ON m.workspace_id = these.workspace_id AND m.email = these.email
    LEFT JOIN suppressions x ON x.workspace_id = m.workspace_id AND x.member_id = m.member_id
    LEFT JOIN reveals r ON r.workspace_id = these.workspace_id AND r.delivery_id = these.delivery_id
        AND r.member_id = m.member_id
    LEFT JOIN consents c ON c.workspace_id = m.workspace_id AND c.member_id = m.member_id
        AND c.number = (SELECT MAX(l.number) FROM consents l WHERE l.workspace_id = m.workspace_id
            AND l.member_id = m.member_id AND l.kind IN ('named', 'unnamed'))
    WHERE (c.kind = 'named' AND m.status = 'active' AND x.at IS NULL)
        OR (r.at IS NOT NULL AND (c.kind IS NULL OR c.kind = 'named' OR c.at <= r.at))
    ORDER BY CASE WHEN m.status = 'active' THEN 1 ELSE 0 END, m.seen_at, m.member_id",
);
