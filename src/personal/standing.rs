//! How things stand with a member: what they agreed to, chose, and when the next digest comes.

use super::PersonalError;
use crate::{
    schedule::DailySchedule,
    store::{Consents, MemberRecord, Preferences},
    workspace::Workspace,
};
use chrono::{DateTime, Utc};

/// All that a surface shows of a member's digest.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    pub consents: Consents,
    pub preferences: Preferences,
    /// The schedule that holds for them, their choices and the installation's defaults together.
    pub schedule: DailySchedule,
    /// They get digests, but for `held_by`.
    pub subscribed: bool,
    /// Why none comes although they agreed: a reason as the planner writes it.
    pub held_by: Option<String>,
    pub next: Option<DateTime<Utc>>,
    pub paused_until: Option<DateTime<Utc>>,
}

/// # Errors
/// When the store does not answer.
pub async fn standing(workspace: &Workspace, member: &MemberRecord) -> Result<Standing, PersonalError> {
    let _ = (workspace, member);
    todo!()
}

/// The next five times at which a digest would come, by their schedule alone.
pub fn next_times(schedule: &DailySchedule, now: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    std::iter::successors(schedule.next_occurrence(now), |earlier| schedule.next_occurrence(*earlier)).take(5).collect()
}
