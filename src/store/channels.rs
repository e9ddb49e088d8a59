//! What is known of the channels that teams chose: whether they may be written to.

use super::{
    Store, StoreError,
    cells::{Cells, clean, micros},
};
use crate::model::ChannelId;
use chrono::{DateTime, Utc};
use sqlx::any::AnyRow;

/// A channel as Slack described it last.
#[expect(clippy::struct_excessive_bools, reason = "Slack says four things of it, each by itself")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelRecord {
    pub id: ChannelId,
    /// Foreign text.
    pub name: String,
    pub archived: bool,
    /// With another workspace, or about to be.
    pub shared: bool,
    /// Recap's bot is in it.
    pub member: bool,
    pub private: bool,
    pub seen_at: DateTime<Utc>,
}

impl Store {
    /// Inserts or replaces.
    pub async fn learn_channel(&self, channel: &ChannelRecord) -> Result<(), StoreError> {
        const LEARN: &str = "INSERT INTO channels
            (workspace_id, channel, name, archived, shared, member, private, seen_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (workspace_id, channel) DO UPDATE SET name = excluded.name, archived = excluded.archived,
                shared = excluded.shared, member = excluded.member, private = excluded.private,
                seen_at = excluded.seen_at";
        self.write(|mut work| async move {
            let ChannelRecord { id, name, archived, shared, member, private, seen_at } = channel;
            let sql = self.sql(LEARN).bind(&id.0).bind(clean(name)).bind(i64::from(*archived));
            let sql = sql.bind(i64::from(*shared)).bind(i64::from(*member)).bind(i64::from(*private));
            work.run(sql.bind(micros(*seen_at))).await?;
            work.done(()).await
        })
        .await
    }

    /// As it was learned last; none where it never was.
    pub async fn channel(&self, id: &ChannelId) -> Result<Option<ChannelRecord>, StoreError> {
        const CHANNEL: &str = "SELECT * FROM channels WHERE workspace_id = $1 AND channel = $2";
        let row = self.read(|mut work| async move { work.row(self.sql(CHANNEL).bind(&id.0)).await }).await?;
        let channel = |row: AnyRow| {
            Ok(ChannelRecord {
                id: ChannelId(row.text("channel")?),
                name: row.text("name")?,
                archived: row.flag("archived")?,
                shared: row.flag("shared")?,
                member: row.flag("member")?,
                private: row.flag("private")?,
                seen_at: row.instant("seen_at")?,
            })
        };
        row.map(channel).transpose()
    }
}
