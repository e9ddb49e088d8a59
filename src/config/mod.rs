//! Settings: embedded defaults, then a file, then the environment; checked whole, once, before anything runs.

mod calendar;
mod clickhouse;
mod digest;
mod fault;
mod forms;
mod layers;
mod secret;
mod section;
mod service;
mod slack;
mod team_name;
mod teams;
#[cfg(test)]
mod tests;

pub use calendar::{CalendarFileError, load_calendar};
pub use clickhouse::{ClickHouse, Location};
pub use digest::{Covers, DailySection, Digest, Enrollment};
pub use fault::{Fault, Faults, nearest};
pub use forms::{channel as channel_id, one_day, usergroup as usergroup_id};
pub use layers::{DEFAULTS, PREFIX};
pub use service::{Alerts, Http, Log, LogFormat, Messages, Ops, Store, Weekly};
pub use slack::{BotTokenMissing, Mode, Slack};
pub use team_name::{check_team_name, team_key};
pub use teams::{MIN_ACTIVES, Membership, Team, TeamSection, team_attribute};

use section::Section;
use std::{collections::BTreeMap, path::Path};

/// Everything that an installation chose, parsed and consistent.
#[derive(Debug, Clone)]
pub struct Settings {
    pub slack: Slack,
    pub clickhouse: ClickHouse,
    pub store: Store,
    pub http: Http,
    pub digest: Digest,
    pub messages: Messages,
    pub teams: BTreeMap<String, Team>,
    pub weekly: Weekly,
    pub alerts: Alerts,
    /// US dollars a month, by team.
    pub budgets: BTreeMap<String, f64>,
    pub ops: Ops,
    pub log: Log,
}

impl Settings {
    /// Reads the embedded defaults, then `file`, then the variables of `environment` that begin with `RECAP__`.
    ///
    /// # Errors
    /// When a key is unknown or a value cannot be used: all such faults at once.
    pub fn load(file: Option<&Path>, environment: impl IntoIterator<Item = (String, String)>) -> Result<Self, Faults> {
        let mut faults = Vec::new();
        let table = layers::merge(file, environment, &mut faults);
        match Self::read(Section::root(table, &mut faults)) {
            Some(settings) if faults.is_empty() => Ok(settings),
            _ => Err(Faults(faults)),
        }
    }

    fn read(mut root: Section<'_>) -> Option<Self> {
        let slack = Slack::read(root.table("slack"));
        let clickhouse = ClickHouse::read(root.table("clickhouse"));
        let store = Store::read(root.table("store"));
        let http = Http::read(root.table("http"));
        let digest = Digest::read(root.table("digest"));
        let messages = Messages::read(root.table("messages"));
        let teams = teams::read_all(root.table("teams"));
        let weekly = Weekly::read(root.table("weekly"));
        let alerts = Alerts::read(root.table("alerts"));
        let budgets = teams::read_budgets(root.table("budgets"));
        let ops = Ops::read(root.table("ops"));
        let log = Log::read(root.table("log"));
        root.finish();
        Some(Self {
            slack: slack?,
            clickhouse: clickhouse?,
            store: store?,
            http: http?,
            digest: digest?,
            messages,
            teams: teams?,
            weekly: weekly?,
            alerts: alerts?,
            budgets: budgets?,
            ops: ops?,
            log: log?,
        })
    }
}
