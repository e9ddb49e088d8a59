//! Who is due: subscriptions follow from what people chose, deliveries follow from subscriptions. Knows neither
//! ClickHouse nor Slack.

mod plan;
mod refresh;
mod rules;
mod subscribe;

pub use plan::{Planned, plan};
pub use refresh::{refresh, refresh_member};
pub use rules::{Rules, TeamRules, TeamWeekly, schedule};
pub use subscribe::{Desired, desired};

#[cfg(test)]
mod tests;
