//! The way from recipients and a window to messages: one set of queries for all of them.

mod alerts;
mod begun;
mod daily;
mod error;
mod invitation;
mod merge;
mod notice;
mod sample;
mod teams;
mod weekly;

pub use alerts::{alert, alert_days, alert_rules};
pub use daily::{Cohort, DailyReport, DailyReports, Recipient, so_far};
pub use error::{MessageError, ReportError};
pub use invitation::invitation;
pub use notice::{notice, run_report};
pub use sample::sample_daily;
pub use teams::{Team, TeamPeople};
pub use weekly::{weekly, weekly_facts};
