//! Streaks of members whose delivery was not rendered: a day without a session breaks one.

use super::{Store, StoreError, StreakState, cells::micros};
use crate::model::MemberId;

impl Store {
    /// Keeps streaks, except where a later window was counted already.
    pub async fn put_streaks(&self, streaks: &[(MemberId, StreakState)]) -> Result<(), StoreError> {
        const PUT: (&str, usize, &str) = (
            "INSERT INTO streaks (workspace_id, member_id, days, at_least, through, until) VALUES",
            6,
            " ON CONFLICT (workspace_id, member_id) DO UPDATE SET days = excluded.days, at_least = excluded.at_least,
                through = excluded.through, until = excluded.until WHERE streaks.until <= excluded.until",
        );
        if streaks.is_empty() {
            return Ok(());
        }
        self.write(|mut work| async move {
            work.run_for(PUT, streaks, |sql, (member, streak)| {
                let sql = sql.bind(self.workspace().to_owned()).bind(member.0.clone());
                let sql = sql.bind(i64::from(streak.days)).bind(i64::from(streak.at_least));
                sql.bind(streak.through.to_string()).bind(micros(streak.until))
            })
            .await?;
            work.done(()).await
        })
        .await
    }
}
