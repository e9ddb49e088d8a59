//! The step before a request: `sending` is committed, or it is said why not.

use super::{Begin, Claimed};
use crate::store::{
    HALTED, STOPPED, Store, StoreError,
    cells::{Cells, micros},
    fault::Fault,
    work::Work,
};
use chrono::{DateTime, Utc};
use sqlx::any::AnyRow;

/// The notice to a member under whose address nothing is known; told once, so it outlives retention.
pub(in crate::store) const NO_IDENTITY: &str = "notice.no_identity";

/// A member's digest that somebody sent by hand.
pub(in crate::store) const DAILY_BY_HAND: &str = "now.daily";
/// A team's summary likewise.
const WEEKLY_BY_HAND: &str = "now.weekly";

/// Why a delivery is not sent now: what `state` it goes to, for which reason, and what that is for the caller.
struct Refusal {
    state: Option<&'static str>,
    reason: String,
    begin: Begin,
}

impl Refusal {
    fn skipped(reason: String) -> Self {
        Self { state: Some("skipped"), begin: Begin::Skipped(reason.clone()), reason }
    }
}

impl Store {
    /// Commits `sending` with a row of `attempts`, unless sending is halted, the workspace stopped, the subscription
    /// (of a `daily` or `weekly`) no longer on, a summary by hand withdrawn, or it is too late. Asked again by the same claim, it answers the same:
    /// so a caller that did not hear the answer may ask again, and one that did sends once.
    pub async fn begin(&self, holder: &str, claimed: &Claimed, now: DateTime<Utc>) -> Result<Begin, StoreError> {
        const CLAIM: &str = "SELECT state, holder, attempt, expires, reason FROM deliveries
            WHERE workspace_id = $1 AND delivery_id = $2{lock}";
        const SENDING: &str = "UPDATE deliveries SET state = 'sending', updated = $3
            WHERE workspace_id = $1 AND delivery_id = $2";
        const ATTEMPT: &str =
            "INSERT INTO attempts (workspace_id, delivery_id, attempt, started) VALUES ($1, $2, $3, $4)";
        self.write(|mut work| async move {
            let id = &claimed.id.0;
            let sql = self.sql_of(CLAIM.replace("{lock}", work.lock_rows()));
            let Some(row) = work.row(sql.bind(id)).await? else { return work.done(Begin::Lost).await };
            let ours = row.text_or_null("holder")?.as_deref() == Some(holder);
            if !ours || row.count::<u32>("attempt")? != claimed.attempt {
                return work.done(Begin::Lost).await;
            }
            match row.text("state")?.as_str() {
                "sending" => return work.done(Begin::Go).await,
                "rendered" | "retry" => {}
                _ => return work.done(Begin::Lost).await,
            }
            let late = row.instant("expires")? <= now;
            let noted = row.text_or_null("reason")?;
            if let Some(refusal) = self.refusal(&mut work, claimed, (late, now), noted).await? {
                self.refuse(&mut work, claimed, &refusal, now).await?;
                return work.done(refusal.begin).await;
            }
            work.run(self.sql(SENDING).bind(id).bind(micros(now))).await?;
            work.run(self.sql(ATTEMPT).bind(id).bind(i64::from(claimed.attempt)).bind(micros(now))).await?;
            work.done(Begin::Go).await
        })
        .await
    }

    async fn refusal(
        &self,
        work: &mut Work,
        claimed: &Claimed,
        (late, now): (bool, DateTime<Utc>),
        noted: Option<String>,
    ) -> Result<Option<Refusal>, Fault> {
        const HELD: &str = "SELECT key FROM key_values WHERE workspace_id = $1 AND key IN ($2, $3) ORDER BY key";
        if let Some(held) = work.row(self.sql(HELD).bind(HALTED).bind(STOPPED)).await? {
            return Ok(Some(Refusal { state: None, reason: held.text("key")?, begin: Begin::Held }));
        }
        // What tells a member about their digest goes the way of the digest.
        let report = if claimed.report == NO_IDENTITY { "daily" } else { &claimed.report };
        let off = match report {
            "daily" | "weekly" => {
                let row = work.row(self.sql(STANDING).bind(report).bind(&claimed.recipient)).await?;
                match row {
                    Some(row) => standing(&row, claimed.due, now)?,
                    None => Some("not_subscribed".to_owned()),
                }
            }
            DAILY_BY_HAND => match work.row(self.sql(AGREED).bind(&claimed.recipient)).await? {
                Some(row) => unwilling(&row)?.or(paused(&row, now)?),
                None => Some("gone".to_owned()),
            },
            WEEKLY_BY_HAND => self.withdrawal(work, claimed).await?,
            _ => None,
        };
        if let Some(reason) = off {
            return Ok(Some(Refusal::skipped(reason)));
        }
        let reason = noted.unwrap_or_else(|| "too_late".to_owned());
        Ok(late.then_some(Refusal { state: Some("missed"), reason, begin: Begin::Missed }))
    }

    async fn refuse(
        &self,
        work: &mut Work,
        claimed: &Claimed,
        refusal: &Refusal,
        now: DateTime<Utc>,
    ) -> Result<(), Fault> {
        const REFUSE: &str = "UPDATE deliveries SET state = COALESCE($3, state), reason = $4, holder = NULL,
                claim = NULL, updated = $5, final_at = $6
            WHERE workspace_id = $1 AND delivery_id = $2";
        let final_at = refusal.state.map(|_| micros(now));
        let sql = self.sql(REFUSE).bind(&claimed.id.0).bind(refusal.state).bind(&refusal.reason);
        work.run(sql.bind(micros(now)).bind(final_at)).await?;
        Ok(())
    }
}

/// What holds for a recipient now, read where it is written: the subscription follows from it, and may follow late. Of a
/// team there is the subscription alone; a member's id may be its name.
pub(in crate::store) const STANDING: &str =
    "SELECT s.off_reason, p.pause_until, m.status, c.kind, c.at AS agreed_at, x.at AS suppressed_at, z.enabled
    FROM subscriptions s
    LEFT JOIN preferences p
        ON s.report <> 'weekly' AND p.workspace_id = s.workspace_id AND p.member_id = s.recipient
    LEFT JOIN members m ON s.report <> 'weekly' AND m.workspace_id = s.workspace_id AND m.member_id = s.recipient
    LEFT JOIN suppressions x
        ON s.report <> 'weekly' AND x.workspace_id = s.workspace_id AND x.member_id = s.recipient
    LEFT JOIN consents c ON s.report <> 'weekly' AND c.workspace_id = s.workspace_id AND c.member_id = s.recipient
        AND c.number = (SELECT MAX(l.number) FROM consents l WHERE l.workspace_id = s.workspace_id
            AND l.member_id = s.recipient AND l.kind IN ('opt_in', 'opt_out'))
    LEFT JOIN zeude_report_configs z ON s.report <> 'weekly' AND z.workspace_id = s.workspace_id
        AND z.report = 'daily' AND z.scope = 'member:' || s.recipient
    WHERE s.workspace_id = $1 AND s.report = $2 AND s.recipient = $3";

/// The same of a member to whom something is sent outside of any schedule, with a subscription or without.
const AGREED: &str = "SELECT m.status, c.kind, x.at AS suppressed_at, z.enabled, p.pause_until FROM members m
    LEFT JOIN preferences p ON p.workspace_id = m.workspace_id AND p.member_id = m.member_id
    LEFT JOIN suppressions x ON x.workspace_id = m.workspace_id AND x.member_id = m.member_id
    LEFT JOIN consents c ON c.workspace_id = m.workspace_id AND c.member_id = m.member_id
        AND c.number = (SELECT MAX(l.number) FROM consents l WHERE l.workspace_id = m.workspace_id
            AND l.member_id = m.member_id AND l.kind IN ('opt_in', 'opt_out'))
    LEFT JOIN zeude_report_configs z ON z.workspace_id = m.workspace_id AND z.report = 'daily'
        AND z.scope = 'member:' || m.member_id
    WHERE m.workspace_id = $1 AND m.member_id = $2";

/// Why nothing is sent to somebody of whom this holds; what was `due` before they agreed neither.
fn standing(row: &AnyRow, due: DateTime<Utc>, now: DateTime<Utc>) -> Result<Option<String>, StoreError> {
    if let Some(reason) = row.text_or_null("off_reason")? {
        return Ok(Some(reason));
    }
    if let Some(reason) = unwilling(row)? {
        return Ok(Some(reason));
    }
    let agreed_later = row.instant_or_null("agreed_at")?.is_some_and(|agreed| agreed > due);
    if row.text_or_null("kind")?.is_some() && agreed_later {
        return Ok(Some("opted_out".to_owned()));
    }
    paused(row, now)
}

fn paused(row: &AnyRow, now: DateTime<Utc>) -> Result<Option<String>, StoreError> {
    let paused = row.instant_or_null("pause_until")?.is_some_and(|until| now < until);
    Ok(paused.then(|| "paused".to_owned()))
}

/// Why nothing is sent to a member of whom this holds, whenever it was planned.
fn unwilling(row: &AnyRow) -> Result<Option<String>, StoreError> {
    if let Some(status) = row.text_or_null("status")?.filter(|status| status != "active") {
        return Ok(Some(status));
    }
    let opted_out = row.text_or_null("kind")?.is_some_and(|kind| kind == "opt_out");
    if opted_out || row.instant_or_null("suppressed_at")?.is_some() {
        return Ok(Some("opted_out".to_owned()));
    }
    let switched_off = row.number_or_null("enabled")? == Some(0);
    Ok(switched_off.then(|| "switched_off_by_admin".to_owned()))
}
