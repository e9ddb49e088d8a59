//! What is unusual about a team's day: cost spikes, usage drops, new skills. Pure.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// An alert in words, for the next summary: without figures where too few were active.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertLine {
    pub day: NaiveDate,
    /// A clause without full stop; skill names as labels.
    pub words: String,
}
