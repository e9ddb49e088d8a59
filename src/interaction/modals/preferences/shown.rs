//! What the modal showed, which it carries with it: only what differs from that is taken over. It never says whose it is.

use crate::{
    config::DailySection,
    model::{LocalTime, Weekdays},
};
use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// Slack takes no more.
const LONGEST: usize = 3_000;
/// What a digest can cover.
pub(super) const COVERED: [&str; 3] = ["auto", "morning", "evening"];

/// The values that stood in the form when it was opened, be they chosen or usual.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shown {
    pub digest: bool,
    pub named: bool,
    pub time: LocalTime,
    pub days: Weekdays,
    /// Another one than Slack's.
    pub zone: Option<Tz>,
    pub covers: String,
    pub sections: Vec<String>,
    /// The first day after the pause.
    pub pause: Option<NaiveDate>,
}

impl Shown {
    pub(super) fn write(&self) -> String {
        serde_json::to_string(self).ok().filter(|text| text.len() <= LONGEST).unwrap_or_default()
    }

    /// None of anything that [`write`](Self::write) could not have written.
    pub(super) fn read(text: &str) -> Option<Self> {
        let shown: Self =
            Some(text).filter(|text| text.len() <= LONGEST).and_then(|text| serde_json::from_str(text).ok())?;
        let is_section = |name: &String| DailySection::ALL.iter().any(|(known, _)| known == name);
        (COVERED.contains(&shown.covers.as_str()) && shown.sections.iter().all(is_section)).then_some(shown)
    }
}
