//! Who is due: subscriptions follow from what people chose, deliveries follow from subscriptions. Knows neither
//! ClickHouse nor Slack.

mod plan;
mod plan_week;
mod refresh;
mod refresh_teams;
mod rules;
mod subscribe;
mod team;
mod team_rules;
mod weeks;

pub use plan::{Counts, Planned, plan};
pub use refresh::{refresh, refresh_member};
pub use refresh_teams::refresh_teams;
pub use rules::{Rules, schedule};
pub use subscribe::{Desired, activity, after_pause, desired};
pub use team::{DesiredTeam, TeamEntry, desired_team};
pub use team_rules::{TeamRules, TeamWeekly, twins};
pub use weeks::weekly_window;

#[cfg(test)]
mod tests;
