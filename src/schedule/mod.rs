//! When something is due and which span it reports on. Pure: `now` is an argument.

mod calendar;
mod catch_up;
mod daily;
mod jitter;
mod local;
mod occurrence;
mod resumed;
mod week;
mod weekly;
mod window;
mod zone_move;

pub use crate::model::Covers;
pub use calendar::{CALENDAR_YEARS, CalendarError, LARGEST_CALENDAR, parse_calendar};
pub use catch_up::CatchUp;
pub use daily::HISTORY_DAYS;
pub use jitter::jitter;
pub use local::{date_at, instant_of, start_of_day};
pub use occurrence::Occurrence;
pub use week::{Cut, SKILL_HISTORY_DAYS, WeeklyWindow, days_until};
pub use weekly::WeeklySchedule;
pub use window::{DailySchedule, DailyWindow, Day};
pub use zone_move::ZoneMove;

#[cfg(test)]
mod tests;
