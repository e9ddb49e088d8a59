//! What admins and owners were shown and asked for: previews, for nothing is enabled unseen, and requests with a key of
//! their own, for each is done once.

use super::{
    Store, StoreError,
    cells::{Cells, micros},
    fault::Fault,
};
use crate::model::DeliveryId;
use chrono::{DateTime, Utc};
use sqlx::any::AnyRow;

/// A request that came before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requested {
    /// What it was about, in words of the asker.
    pub subject: String,
    pub delivery: DeliveryId,
}

impl Store {
    /// Notes that `actor` was shown a preview; `shown` is what it was of, as whoever asks compares it.
    pub async fn note_preview(
        &self,
        actor: &str,
        report: &str,
        scope: &str,
        shown: &str,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        const NOTE: &str = "INSERT INTO previews (workspace_id, actor, report, scope, shown, at)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (workspace_id, actor, report, scope) DO UPDATE SET shown = excluded.shown, at = excluded.at";
        self.write(|mut work| async move {
            let sql = self.sql(NOTE).bind(actor).bind(report).bind(scope);
            work.run(sql.bind(shown).bind(micros(at))).await?;
            work.done(()).await
        })
        .await
    }

    /// When `actor` was shown it last, where what they were shown then was this.
    pub async fn previewed(
        &self,
        actor: &str,
        report: &str,
        scope: &str,
        shown: &str,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        const SHOWN: &str = "SELECT at FROM previews
            WHERE workspace_id = $1 AND actor = $2 AND report = $3 AND scope = $4 AND shown = $5";
        let sql = || self.sql(SHOWN).bind(actor).bind(report).bind(scope).bind(shown);
        let row = self.read(|mut work| async move { work.row(sql()).await }).await?;
        row.map(|row| row.instant("at")).transpose()
    }

    /// What `actor` asked for under `key`, where they did within two days.
    pub async fn requested(&self, actor: &str, key: &str) -> Result<Option<Requested>, StoreError> {
        let sql = || self.sql(REQUESTED).bind(actor).bind(key);
        let row = self.read(|mut work| async move { work.row(sql()).await }).await?;
        row.as_ref().map(requested).transpose()
    }

    /// Notes that `actor` asks for `request` under `key`; answers what stands there, which is what came first.
    pub async fn note_request(
        &self,
        actor: &str,
        key: &str,
        request: &Requested,
        at: DateTime<Utc>,
    ) -> Result<Requested, StoreError> {
        const NOTE: &str = "INSERT INTO requests (workspace_id, actor, key, subject, delivery_id, at)
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
        self.write(|mut work| async move {
            let sql = self.sql(NOTE).bind(actor).bind(key).bind(&request.subject).bind(&request.delivery.0);
            work.run(sql.bind(micros(at))).await?;
            let row = work.row(self.sql(REQUESTED).bind(actor).bind(key)).await?;
            let standing = match row {
                Some(row) => requested(&row).map_err(Fault::from)?,
                None => request.clone(),
            };
            work.done(standing).await
        })
        .await
    }
}

const REQUESTED: &str = "SELECT subject, delivery_id FROM requests WHERE workspace_id = $1 AND actor = $2 AND key = $3";

fn requested(row: &AnyRow) -> Result<Requested, StoreError> {
    Ok(Requested { subject: row.text("subject")?, delivery: DeliveryId(row.text("delivery_id")?) })
}
