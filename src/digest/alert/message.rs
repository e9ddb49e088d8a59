//! An alert as templates see it: everything to tell about a team, in one message.

use super::AlertEvent;
use crate::digest::{label::Label, notice::capitalised};
use chrono_tz::Tz;
use serde::Serialize;

/// Lines of one message: each may hold a long name.
const MOST_LINES: usize = 10;

/// What one message says about a team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alert {
    pub team: Label,
    pub zone: String,
    /// It goes to an owner, and not to the channel.
    pub to_owner: bool,
    /// Whether anything in it needs a look; new skills and what is back to usual do not.
    pub unusual: bool,
    /// Whether costs are named.
    pub cost: bool,
    /// What needs a look first; each begins like a sentence and has no full stop. Foreign names are at their ends.
    pub lines: Vec<String>,
    /// What is left out.
    pub more: usize,
}

impl Alert {
    /// One message about `events`; none where there are none.
    pub fn of(team: &str, zone: Tz, to_owner: bool, events: &[AlertEvent]) -> Option<Self> {
        let mut ordered: Vec<_> = events.iter().collect();
        // Stable, and they come ordered by day.
        ordered.sort_by_key(|event| (event.rank(), event.day));
        let lines: Vec<_> = ordered.iter().take(MOST_LINES).map(|event| capitalised(&event.line().words)).collect();
        (!lines.is_empty()).then(|| Self {
            team: Label::of(team),
            zone: zone.name().to_owned(),
            to_owner,
            unusual: ordered.iter().any(|event| event.is_unusual()),
            cost: ordered.iter().take(MOST_LINES).any(|event| event.is_about_cost()),
            more: ordered.len() - lines.len(),
            lines,
        })
    }
}
