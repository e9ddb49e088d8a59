//! Preferences: when a digest comes, what it covers and shows, and pauses.

use super::{PersonalError, Surface};
use crate::{
    model::LocalTime,
    store::{MemberRecord, Preferences},
    workspace::Workspace,
};
use chrono::{DateTime, NaiveDate, Utc};

/// How long a pause lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// Up to the next Monday, 00:00 in the member's zone.
    UntilMonday,
    Days(u32),
    Weeks(u32),
    /// Up to the start of this local date.
    Until(NaiveDate),
}

/// Pauses; answers up to when.
///
/// # Errors
/// When the end is past or more than a year away, or the store does not answer.
pub async fn pause(
    workspace: &Workspace,
    member: &MemberRecord,
    pause: Pause,
    surface: Surface,
) -> Result<DateTime<Utc>, PersonalError> {
    let _ = (workspace, member, pause, surface);
    todo!()
}

/// Ends a pause; false where there was none.
///
/// # Errors
/// When the store does not answer.
pub async fn resume(workspace: &Workspace, member: &MemberRecord, surface: Surface) -> Result<bool, PersonalError> {
    let _ = (workspace, member, surface);
    todo!()
}

/// Changes the time of day.
///
/// # Errors
/// When the store does not answer.
pub async fn set_time(
    workspace: &Workspace,
    member: &MemberRecord,
    time: LocalTime,
    surface: Surface,
) -> Result<(), PersonalError> {
    let _ = (workspace, member, time, surface);
    todo!()
}

/// Replaces all preferences but what a modal does not show (days off of their own).
///
/// # Errors
/// When the store does not answer.
pub async fn set_preferences(
    workspace: &Workspace,
    member: &MemberRecord,
    preferences: Preferences,
    surface: Surface,
) -> Result<(), PersonalError> {
    let _ = (workspace, member, preferences, surface);
    todo!()
}
