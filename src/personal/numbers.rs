//! A member's own numbers, from the same report code as what is sent.

use super::PersonalError;
use crate::{message::Message, store::MemberRecord, workspace::Workspace};
use chrono::{DateTime, NaiveDate, Utc};

/// Numbers that can be shown, and how fresh they are.
#[derive(Debug, Clone, PartialEq)]
pub struct Numbers {
    pub message: Message,
    /// Nothing was found in the window.
    pub empty: bool,
    /// Up to when there is telemetry of anybody.
    pub data_to: Option<DateTime<Utc>>,
}

/// A member's week so far, Monday to today, or the last one.
#[derive(Debug, Clone, PartialEq)]
pub struct Week {
    pub numbers: Numbers,
    /// Sessions, cost (US dollars) and tokens by day.
    pub days: Vec<WeekDay>,
    /// Sessions, or requests, by model; most first.
    pub models: Vec<(String, u64)>,
    /// Of 1; none without any input tokens.
    pub cache_hit_rate: Option<f64>,
    pub streak: u32,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeekDay {
    pub date: NaiveDate,
    pub sessions: u64,
    pub cost: f64,
    pub tokens_in: u64,
    pub tokens_out: u64,
}

/// Today so far, in the member's own zone: one query.
///
/// # Errors
/// When the warehouse does not answer, or the member has no address.
pub async fn today(workspace: &Workspace, member: &MemberRecord) -> Result<Numbers, PersonalError> {
    let _ = (workspace, member);
    todo!()
}

/// This week so far, in the member's own zone.
///
/// # Errors
/// As [`today`].
pub async fn week(workspace: &Workspace, member: &MemberRecord) -> Result<Week, PersonalError> {
    let _ = (workspace, member);
    todo!()
}

/// The digest of their latest window, as it would have been sent: with their own schedule and sections.
///
/// # Errors
/// As [`today`].
pub async fn latest_digest(workspace: &Workspace, member: &MemberRecord) -> Result<Numbers, PersonalError> {
    let _ = (workspace, member);
    todo!()
}
