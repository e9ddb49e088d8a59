//! The weekly summary as templates see it: no address, and no name of who did not agree.

use super::{Names, WeekFacts};
use crate::{digest::AlertLine, schedule::WeeklyWindow};
use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

/// Which parts of a weekly summary are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch that an owner flips by itself")]
pub struct TeamSections {
    pub sessions: bool,
    pub cost: bool,
    pub active: bool,
    pub tokens: bool,
    pub mvp: bool,
    pub skills: bool,
    pub new_skills: bool,
    pub chart: bool,
    pub models: bool,
}

/// What a team's owners chose, and what is told beside the week's numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WeeklyOptions {
    /// The team's name; foreign text.
    pub team: String,
    /// After `digest.show_cost` was applied.
    pub sections: TeamSections,
    pub min_active: u64,
    /// Where the telemetry is behind: local time up to which there is any.
    pub data_to: Option<NaiveDateTime>,
    /// What owners were alerted of in this week.
    pub alerts: Vec<AlertLine>,
}

/// One team's weekly summary.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WeeklySummary {
    pub team: String,
}

impl WeeklySummary {
    /// Decides what `facts` say about `window` to whoever reads the team's channel.
    pub fn of(window: &WeeklyWindow, facts: &WeekFacts, names: &Names, options: &WeeklyOptions) -> Self {
        let _ = (window, facts, names, options);
        todo!()
    }
}
