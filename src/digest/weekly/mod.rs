//! The team's weekly summary: what a week's rows say about a team, and what of it may be told.

mod facts;
mod member;
mod mvp;
mod names;
mod summary;
mod trend;
mod week;

pub use facts::{WeekFacts, WeekTotals, Winners};
pub use mvp::{Award, Mvp};
pub use names::Names;
pub use summary::{Active, Compared, NewSkill, TeamAlert, TeamSections, Tokens, Week, WeeklyOptions, WeeklySummary};
pub use trend::{Direction, HeadcountTrend, Trend};
pub use week::TeamWeek;

#[cfg(test)]
mod tests;
