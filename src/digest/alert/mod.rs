//! What is unusual about a team's day: cost spikes, usage drops, new skills, a budget that is used up. Pure.

mod days;
mod event;
mod judge;
mod message;
mod rules;
mod state;
#[cfg(test)]
mod tests;
mod usual;

pub use days::{TeamDay, TeamDays};
pub use event::{AlertEvent, AlertLine, What};
pub use judge::judge;
pub use message::Alert;
pub use rules::AlertRules;
pub use state::{AlertState, Telling};
pub use usual::LOOK_BACK_DAYS;
