//! Requests that came before: Slack sends again what it heard no answer to.

use super::{Store, StoreError, cells::micros};
use chrono::{DateTime, Utc};

impl Store {
    /// Notes the request; false where it was noted before, by whichever replica. Forgotten after two days.
    pub async fn first_time(&self, request: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        const NOTE: &str = "INSERT INTO seen (workspace_id, request, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        self.write(|mut work| async move {
            let noted = work.run(self.sql(NOTE).bind(request).bind(micros(now))).await?;
            work.done(noted == 1).await
        })
        .await
    }
}
