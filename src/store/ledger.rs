//! The ledger, page by page: what was sent and why not, latest first.

use super::{
    DeliveryRecord, Store, StoreError,
    cells::{Cells, micros},
    deliveries::record,
    work::{Sql, Work},
};
use crate::model::DeliveryId;
use chrono::{DateTime, Utc};

/// Which deliveries; those of everybody and of every report where nothing is said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ledger<'a> {
    pub report: Option<&'a str>,
    pub recipient: Option<&'a str>,
    /// Those that come after this one, in the order of the answer; nothing comes after one that is not there.
    pub before: Option<&'a DeliveryId>,
}

impl Store {
    /// At most `limit` deliveries, those due last first, then by id.
    pub async fn ledger(&self, asked: Ledger<'_>, limit: u32) -> Result<Vec<DeliveryRecord>, StoreError> {
        const DUE: &str = "SELECT due FROM deliveries WHERE workspace_id = $1 AND delivery_id = $2";
        let read = |mut work: Work| async move {
            let (mut due, mut id) = (micros(DateTime::<Utc>::MAX_UTC), "");
            if let Some(before) = asked.before {
                let Some(row) = work.row(self.sql(DUE).bind(&before.0)).await? else { return Ok(Vec::new()) };
                (due, id) = (row.number("due")?, &before.0);
            }
            let sql = self.sql_of(statement(asked)).bind(due).bind(id).bind(i64::from(limit));
            let chosen = [asked.report, asked.recipient].into_iter().flatten();
            work.each(chosen.fold(sql, Sql::bind), record).await
        };
        self.read(read).await
    }
}

/// Each form has an index that is in its order.
pub(super) fn statement(asked: Ledger<'_>) -> String {
    let of = match (asked.report, asked.recipient) {
        (None, None) => "",
        (None, Some(_)) => "recipient = $5 AND ",
        (Some(_), Some(_)) => "recipient = $6 AND report = $5 AND ",
        // Almost all are these.
        (Some("daily"), None) => "report = $5 AND ",
        (Some(_), None) => "report <> 'daily' AND report = $5 AND ",
    };
    format!(
        "SELECT * FROM deliveries WHERE workspace_id = $1 AND attempt >= 0 AND {of}(due, delivery_id) < ($2, $3)
        ORDER BY due DESC, delivery_id DESC LIMIT $4"
    )
}
