//! The way from recipients and a window to messages: one set of queries for all of them.

mod daily;
mod error;
mod merge;

pub use daily::{Cohort, DailyReport, DailyReports, Recipient};
pub use error::{MessageError, ReportError};
