//! Teams between store and report: who is on them, and their summaries with the names that may be told.

mod people;
mod reveal;
mod summary;

pub use people::{Lists, asked, sync};
pub use reveal::{Revealed, reveal};
pub use summary::{Kept, Summaries, Summary, SummaryError};
