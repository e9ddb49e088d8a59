//! The team's weekly summary: what a week's rows say about a team, and what of it may be told.

mod facts;
mod names;
mod summary;
mod week;

pub use facts::{Trend, WeekFacts, WeekTotals, Winners};
pub use names::Names;
pub use summary::{TeamSections, WeeklyOptions, WeeklySummary};
pub use week::TeamWeek;
