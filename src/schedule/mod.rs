//! When something is due and which span it reports on. Pure: `now` is an argument.

mod daily;
mod local;
mod window;

pub use crate::model::Covers;
pub use daily::HISTORY_DAYS;
pub use local::{date_at, instant_of, start_of_day};
pub use window::{DailySchedule, DailyWindow, Day};

#[cfg(test)]
mod tests;
