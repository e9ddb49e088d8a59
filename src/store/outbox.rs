//! The outbox: claims and transitions of deliveries that are not final. Each transition is one transaction that
//! applies only where the claim still holds, so a worker that was thought dead changes nothing.
//!
//! A claim is `holder` (a replica that is alive) and, for sending, `attempt` (which fences off earlier holders).

use super::{Store, StoreError};
use crate::model::{ChannelId, Covers, DeliveryId, LocalTime, MemberEmail, MemberId, Weekdays};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

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
    /// The subscription that it was planned for is still on.
    pub wanted: bool,
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
    Failed {
        code: String,
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

impl Store {
    /// Claims every unheld `planned` delivery of the cohort that is due first (`due <= now`, by priority, then due),
    /// whatever its size.
    pub async fn claim_cohort(&self, holder: &str, now: DateTime<Utc>) -> Result<Option<ClaimedCohort>, StoreError> {
        todo!()
    }

    /// `planned` and held by us → `rendered`, unheld; saves streaks too. One transaction.
    pub async fn rendered(&self, holder: &str, rendered: &[Rendered], now: DateTime<Utc>) -> Result<u64, StoreError> {
        todo!()
    }

    /// `planned` and held by us → `skipped` with `reason`.
    pub async fn skip(
        &self,
        holder: &str,
        ids: &[DeliveryId],
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        todo!()
    }

    /// `planned` and held by us → `failed` with `code`.
    pub async fn fail_planned(
        &self,
        holder: &str,
        ids: &[DeliveryId],
        code: &str,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        todo!()
    }

    /// Gives claims on `planned` deliveries back, with a note that becomes the reason if they are missed.
    pub async fn release(
        &self,
        holder: &str,
        ids: &[DeliveryId],
        note: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        todo!()
    }

    /// Unheld `planned`, `rendered` and `retry` deliveries with `expires <= now` → `missed`, for the reason that was
    /// noted, else `too_late`. Never an `unknown` one. Answers how many by report.
    pub async fn expire(&self, now: DateTime<Utc>) -> Result<Vec<(String, String, u64)>, StoreError> {
        todo!()
    }

    /// Claims unheld `rendered` and `retry` deliveries with `send_at <= now < expires`, by priority, due, turn, id; the
    /// attempt number of each goes up by one.
    pub async fn claim_sendable(
        &self,
        holder: &str,
        now: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<Claimed>, StoreError> {
        todo!()
    }

    /// When the next unheld one may be sent or looked for.
    pub async fn next_sendable(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        todo!()
    }

    /// Gives a claim for sending back, unsent: to `retry` from `at` on if given, else as it was.
    pub async fn release_sendable(
        &self,
        holder: &str,
        claimed: &Claimed,
        at: Option<(DateTime<Utc>, &str)>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        todo!()
    }

    /// Commits `sending` with a row of `attempts`, unless sending is halted, the workspace stopped, the subscription
    /// (of a `daily` or `weekly`) no longer on, or it is too late.
    pub async fn begin(&self, holder: &str, claimed: &Claimed, now: DateTime<Utc>) -> Result<Begin, StoreError> {
        todo!()
    }

    /// Settles attempt `attempt` of a delivery that is `sending` or `unknown`; false where another attempt has begun
    /// or it is final. Counts refusals on the subscription (zero again when sent), notes that its first was sent, and
    /// keeps the channel of a member.
    pub async fn settle(
        &self,
        id: &DeliveryId,
        attempt: u32,
        settlement: &Settlement,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        todo!()
    }

    /// Claims `unknown` deliveries whose `look_at <= now`.
    pub async fn claim_suspects(
        &self,
        holder: &str,
        now: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<Suspect>, StoreError> {
        todo!()
    }

    /// An unknown delivery was looked for: it stays `unknown`, one check more (`found_nothing`) or not, to be looked
    /// for again at `again`, or by hand only.
    pub async fn still_unknown(
        &self,
        holder: &str,
        id: &DeliveryId,
        found_nothing: bool,
        again: Option<DateTime<Utc>>,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        todo!()
    }

    /// Settles an unknown one by hand: `arrived` → `sent`, else → `retry` at once. False where it is not unknown.
    /// Audited.
    pub async fn resolve(
        &self,
        id: &DeliveryId,
        arrived: bool,
        actor: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        todo!()
    }

    /// Takes the claims of `holders` away: `sending` → `unknown` (to be looked for at `look_at`), all others back as
    /// they were. Answers how many of each (`unknown`, released).
    pub async fn release_claims_of(
        &self,
        holders: &[String],
        look_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(u64, u64), StoreError> {
        todo!()
    }
}
