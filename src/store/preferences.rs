//! What a member chose; whatever is `None` follows the defaults.

use super::{Store, StoreError};
use crate::model::{Covers, LocalTime, MemberId, Weekdays};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Preferences {
    pub time: Option<LocalTime>,
    /// Beats the directory's.
    pub zone: Option<Tz>,
    pub weekdays: Option<Weekdays>,
    pub covers: Option<Covers>,
    /// Their own days off, in place of their team's calendar; sorted.
    pub days_off: Option<Vec<NaiveDate>>,
    /// Names of sections, as settings write them.
    pub sections: Option<Vec<String>>,
    /// Nothing is due before.
    pub pause_until: Option<DateTime<Utc>>,
}

impl Store {
    pub async fn preferences(&self, member: &MemberId) -> Result<Preferences, StoreError> {
        todo!()
    }

    /// Replaces them, audited.
    pub async fn set_preferences(
        &self,
        member: &MemberId,
        preferences: &Preferences,
        at: DateTime<Utc>,
        actor: &str,
    ) -> Result<(), StoreError> {
        todo!()
    }
}
