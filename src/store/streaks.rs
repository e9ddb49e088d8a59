//! Streaks: as a member's stands, and those of members whose delivery was not rendered, since a day without a session
//! breaks one.

use super::{
    Store, StoreError, StreakState,
    cells::{Cells, micros},
};
use crate::model::MemberId;
use sqlx::any::AnyRow;

impl Store {
    /// As it stood after the window that was counted last.
    pub async fn streak(&self, member: &MemberId) -> Result<Option<StreakState>, StoreError> {
        const ONE: &str =
            "SELECT days, at_least, through, until FROM streaks WHERE workspace_id = $1 AND member_id = $2";
        let row = self.read(|mut work| async move { work.row(self.sql(ONE).bind(&member.0)).await }).await?;
        let streak = |row: &AnyRow| {
            let (days, at_least) = (row.count("days")?, row.flag("at_least")?);
            Ok(StreakState { days, at_least, through: row.parsed("through")?, until: row.instant("until")? })
        };
        row.as_ref().map(streak).transpose()
    }

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
