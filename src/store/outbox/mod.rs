//! The outbox: claims and transitions of deliveries that are not final. Each transition is one transaction that
//! applies only where the claim still holds, so a worker that was thought dead changes nothing.
//!
//! A claim is `holder` (a replica that is alive) and, for sending, `attempt` (which fences off earlier holders).
//!
//! Statements that find a row by its id or its claim compare `COALESCE(holder, '')`: one holder may hold 50,000 rows, and
//! PostgreSQL, which counts rows only now and then, would take the index of held rows for the shortest way.

mod begin;
mod claims;
mod cohorts;
mod settle;
mod suspects;

#[cfg(test)]
pub(super) use begin::STANDING;
pub(super) use claims::Doubt;
#[cfg(test)]
pub(super) use claims::{CLAIM_SENDABLE, EXPIRE, NEXT_LOOK, NEXT_READY};
#[cfg(test)]
pub(super) use cohorts::{CLAIM_COHORT, FINISH, NEXT_COHORT, RELEASE, RENDERED, STREAKS};
pub use suspects::ByHand;
#[cfg(test)]
pub(super) use suspects::CLAIM_SUSPECTS;

use super::{StoreError, cells::Cells};
use crate::model::{ChannelId, Covers, DeliveryId, LocalTime, MemberEmail, MemberId, Weekdays};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use sqlx::any::AnyRow;

/// What the deliveries of one set of queries share.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CohortKey {
    pub report: String,
    pub period: String,
    pub due: DateTime<Utc>,
    pub zone: Tz,
    pub time: LocalTime,
    pub weekdays: Weekdays,
    pub covers: Covers,
    pub calendar: String,
    pub resume_from: Option<DateTime<Utc>>,
}

/// Deliveries of one cohort that are ours to compute.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimedCohort {
    pub key: CohortKey,
    pub deliveries: Vec<PlannedDelivery>,
}

/// What is needed to compute one.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedDelivery {
    pub id: DeliveryId,
    /// A member's id or a team's name.
    pub recipient: String,
    pub email: Option<MemberEmail>,
    /// What the member chose to see; `None` for the default.
    pub sections: Option<Vec<String>>,
    /// No digest was sent to them before.
    pub first: bool,
    pub streak: Option<StreakState>,
    pub last_usage: Option<DateTime<Utc>>,
    /// Why it is not wanted any more, where the subscription that it was planned for is off.
    pub unwanted: Option<String>,
}

/// A member's streak as it stood after the window that ended last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreakState {
    /// Working days in a row with a session; zero where it broke.
    pub days: u32,
    /// The history ended before the streak did.
    pub at_least: bool,
    /// The last working day that was counted.
    pub through: NaiveDate,
    /// Where the counted window ended.
    pub until: DateTime<Utc>,
}

/// A delivery that was computed.
#[derive(Debug, Clone, PartialEq)]
pub struct Rendered {
    pub id: DeliveryId,
    /// The snapshot, as JSON `{"text", "blocks"}`.
    pub message: String,
    pub streak: Option<(MemberId, StreakState)>,
    /// Of a team's summary, which is not kept without.
    pub posting: Option<Posting>,
}

/// What a team's summary is kept with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// Where it goes.
    pub channel: ChannelId,
    /// What it was made from, as JSON: it is made again from it, for late rows and for a name.
    pub facts: String,
    /// When it is looked at again, if it was sent by then.
    pub revise_at: Option<DateTime<Utc>>,
}

/// Whom or what a delivery goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A member, whose direct conversation may not be known yet.
    Member {
        id: MemberId,
        dm: Option<ChannelId>,
    },
    Channel(ChannelId),
}

/// A computed delivery that is ours to send, as attempt number `attempt`.
#[derive(Debug, Clone, PartialEq)]
pub struct Claimed {
    pub id: DeliveryId,
    pub report: String,
    pub recipient: String,
    pub period: String,
    pub target: Target,
    pub attempt: u32,
    pub message: String,
    /// Slack refused the message's form before: send it in plain sections.
    pub degraded: bool,
    pub due: DateTime<Utc>,
    pub send_at: DateTime<Utc>,
    pub expires: DateTime<Utc>,
}

/// Whether a claimed delivery may be sent now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begin {
    /// `sending` is committed: the request may go out, once.
    Go,
    /// `recap halt`, or the workspace's token is dead; the claim is released.
    Held,
    /// The subscription was switched off meanwhile: the delivery is now `skipped` for this reason.
    Skipped(String),
    /// It is too late: the delivery is now `missed`.
    Missed,
    /// The claim no longer holds; somebody else has it.
    Lost,
}

/// What became of an attempt, for the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settlement {
    Sent {
        channel: ChannelId,
        ts: String,
    },
    /// Not sent; again from `at` on. `code` says why. `plain`: in plain sections then.
    Retry {
        at: DateTime<Utc>,
        code: String,
        plain: bool,
    },
    /// Nobody knows; look from `at` on.
    Unknown {
        at: DateTime<Utc>,
        code: String,
    },
    /// `refused`: by Slack, for this recipient; a few of these in a row say something about the recipient.
    Failed {
        code: String,
        refused: bool,
    },
}

/// A delivery of unknown outcome that is ours to look for.
#[derive(Debug, Clone, PartialEq)]
pub struct Suspect {
    pub id: DeliveryId,
    pub report: String,
    pub recipient: String,
    pub attempt: u32,
    /// When the attempt began.
    pub started: DateTime<Utc>,
    pub target: Target,
    /// How often it was looked for in vain.
    pub checks: u32,
    pub degraded: bool,
}

impl Target {
    /// Whom a delivery goes to, from its row joined with `dm`. A team's summary goes to its channel and to nobody else,
    /// whatever the team is called.
    fn of(row: &AnyRow) -> Result<Self, StoreError> {
        let (report, recipient) = (row.text("report")?, row.text("recipient")?);
        if report == "weekly" || report == "now.weekly" {
            return Ok(Self::Channel(ChannelId(row.text("channel")?)));
        }
        if report.starts_with("notice.") && recipient.starts_with(['C', 'D', 'G']) {
            return Ok(Self::Channel(ChannelId(recipient)));
        }
        Ok(Self::Member { id: MemberId(recipient), dm: row.text_or_null("dm")?.map(ChannelId) })
    }
}
