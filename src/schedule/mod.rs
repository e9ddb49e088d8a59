//! When something is due and which span it reports on. Pure: `now` is an argument.

mod window;

pub use window::{Covers, DailySchedule, DailyWindow, Day};
