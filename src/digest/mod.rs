//! What is said: numbers and names, before any words. Pure and `Serialize`; the field names are what templates see.

mod alert;
mod average;
mod daily;
mod label;
mod notice;
mod period;
mod ranking;
pub mod reasons;
mod rounding;
mod run_report;
mod so_far;
mod streak;
mod totals;
mod weekly;

pub use alert::{
    Alert, AlertEvent, AlertLine, AlertRules, AlertState, LOOK_BACK_DAYS, TeamDay, TeamDays, Telling, What, judge,
};
pub use average::{Average, Change, Measure};
pub use daily::{DailyDigest, DailyFacts, DailyOptions, Sections};
pub use label::Label;
pub use notice::{ChannelTrouble, Late, Notice, Subject};
pub use period::Period;
pub use ranking::{ModelShare, Ranked};
pub use run_report::{FailingTeam, Outcome, Reason, RunReport, UnknownDelivery};
pub use so_far::{DataTo, SoFar};
pub use streak::{Streak, StreakState};
pub use totals::{ChartDay, DayNumbers, days};
pub use weekly::{
    Active, Award, Compared, Direction, HeadcountTrend, Mvp, Names, NewSkill, TeamAlert, TeamSections, TeamWeek,
    Tokens, Trend, Week, WeekFacts, WeekTotals, WeeklyOptions, WeeklySummary, Winners,
};

#[cfg(test)]
mod tests;
