//! Teams' weeks from rows: each definition of messages.md as a case.

mod told;
mod usage;
mod weeks;

use super::*;
use usage::{Team, WINDOW, ada, named, options};
