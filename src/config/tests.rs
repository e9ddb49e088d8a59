//! Whole settings: layers, faults, secrets.

use super::*;
use secrecy::ExposeSecret;
use std::{fs, path::PathBuf};
use tempfile::TempDir;

struct Given {
    folder: TempDir,
    file: Option<PathBuf>,
    variables: Vec<(String, String)>,
}

impl Given {
    fn nothing() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), file: None, variables: Vec::new() }
    }

    fn file(text: &str) -> Self {
        let mut given = Self::nothing();
        given.file = Some(given.with("recap.toml", text));
        given
    }

    fn variable(mut self, name: &str, text: &str) -> Self {
        self.variables.push((name.to_owned(), text.to_owned()));
        self
    }

    fn with(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    fn load(&self) -> Result<Settings, Faults> {
        Settings::load(self.file.as_deref(), self.variables.clone())
    }

    /// The faults' lines, the folder left out.
    fn faults(&self) -> Vec<String> {
        let folder = format!("{}/", self.folder.path().display());
        self.load().unwrap_err().iter().map(|fault| fault.to_string().replace(&folder, "")).collect()
    }
}

/// Every key of the contract's table.
const KEYS: &str = "
    slack.bot_token slack.signing_secret slack.app_token slack.api_url slack.command slack.mode slack.messages_per_minute
    clickhouse.url clickhouse.database clickhouse.user clickhouse.password clickhouse.logs_table clickhouse.metrics_table
    clickhouse.prompts_table clickhouse.services clickhouse.identity clickhouse.aliases clickhouse.team_attributes
    clickhouse.max_execution_seconds clickhouse.engine_dir clickhouse.data_dir
    store.url store.schema store.retention
    http.listen http.ops_listen http.admin_tokens.ada http.public_url
    digest.enabled digest.enrollment digest.default_time digest.default_days digest.covers digest.sections
    digest.show_cost digest.catch_up_hours digest.latest_local_hour digest.jitter_minutes
    messages.templates_dir
    teams.platform.enabled teams.platform.members teams.design.usergroup teams.data.attribute teams.platform.exclude
    teams.platform.channel teams.platform.zone teams.platform.time teams.platform.day teams.platform.owners
    teams.platform.sections teams.platform.calendar teams.platform.min_active
    alerts.cost_floor alerts.cost_factor alerts.sessions_floor alerts.sessions_factor budgets.platform
    ops.owners ops.channel ops.heartbeat_url
    log.level log.format";

/// `default.toml` with its commented examples switched on.
fn defaults_with_examples() -> String {
    let example =
        |line: &str| line.strip_prefix('#').is_some_and(|rest| !rest.starts_with([' ', '#']) && !rest.is_empty());
    let lines = DEFAULTS.lines().map(|line| if example(line) { &line[1..] } else { line });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_embedded_defaults_stand_by_themselves() {
    let settings = Given::nothing().load().unwrap();
    assert_eq!(settings.clickhouse.location, Location::Embedded);
    assert_eq!(settings.slack.api_url, "https://slack.com/api");
    assert_eq!(settings.slack.require_bot_token().unwrap_err(), BotTokenMissing);
    assert_eq!(settings.digest.default_days.to_string(), "mon-fri");
    assert!(settings.digest.sections().cost && !settings.digest.sections().chart);
    assert!(settings.messages.templates_dir.is_none());
    assert!(settings.teams.is_empty() && settings.budgets.is_empty() && settings.http.admin_tokens.is_empty());
}

#[test]
fn every_key_of_the_contract_is_documented_in_the_defaults_and_accepted() {
    let text = defaults_with_examples();
    let table: toml::Table = text.parse().unwrap();
    for path in KEYS.split_whitespace() {
        let mut parts = path.split('.');
        let first = table.get(parts.next().unwrap());
        assert!(
            parts.try_fold(first.unwrap(), |value, part| value.get(part)).is_some(),
            "{path} is not in default.toml"
        );
    }
    let settings = Given::file(&text).load().unwrap();
    assert_eq!(settings.teams["design"].membership, Membership::Usergroup("S0123456789".into()));
    assert_eq!(
        settings.teams["data"].membership,
        Membership::Attribute { key: Some("team.id".into()), value: "data".into() }
    );
    let example = include_str!("../../config/example.toml");
    assert_eq!(
        Given::file(example).load().map(|settings| settings.teams.len()).map_err(|faults| faults.to_string()),
        Ok(1)
    );
}

#[test]
fn a_team_s_documented_defaults_are_the_ones_it_gets() {
    let documented = Given::file(&defaults_with_examples()).load().unwrap().teams["platform"].clone();
    let bare = Given::file("[teams.platform]").load().unwrap().teams["platform"].clone();
    assert_eq!(
        (bare.enabled, bare.time, bare.day, bare.sections, bare.min_active),
        (documented.enabled, documented.time, documented.day, documented.sections, documented.min_active)
    );
}

#[test]
fn the_environment_beats_the_file_and_the_file_beats_the_defaults() {
    let given = Given::file("[clickhouse]\ndatabase = \"from_file\"\nuser = \"from_file\"")
        .variable("RECAP__CLICKHOUSE__USER", "from_environment")
        .variable("RECAP_CONFIG", "elsewhere.toml")
        .variable("PATH", "/bin");
    let clickhouse = given.load().unwrap().clickhouse;
    assert_eq!(clickhouse.database, "from_file");
    assert_eq!(clickhouse.user, "from_environment");
    assert_eq!(clickhouse.max_execution_seconds, 60);
}

#[test]
fn an_empty_variable_counts_as_not_set() {
    let given = Given::file("[clickhouse]\nuser = \"reader\"").variable("RECAP__CLICKHOUSE__USER", "");
    assert_eq!(given.load().unwrap().clickhouse.user, "reader");
}

#[test]
fn variables_carry_lists_numbers_switches_and_pairs() {
    let settings = Given::nothing()
        .variable("RECAP__CLICKHOUSE__SERVICES", "claude-code, claude-agent")
        .variable("RECAP__CLICKHOUSE__ALIASES", "Old@x.example=new@x.example, b@x.example=c@x.example")
        .variable("RECAP__CLICKHOUSE__MAX_EXECUTION_SECONDS", "5")
        .variable("RECAP__DIGEST__SHOW_COST", "False")
        .variable("RECAP__DIGEST__DEFAULT_DAYS", "mon,wed")
        .variable("RECAP__ALERTS__COST_FACTOR", "2.5")
        .load()
        .unwrap();
    assert_eq!(settings.clickhouse.services, ["claude-code", "claude-agent"]);
    let aliases: Vec<_> = settings.clickhouse.aliases.iter().map(|(from, to)| format!("{from}>{to}")).collect();
    assert_eq!(aliases, ["b@x.example>c@x.example", "old@x.example>new@x.example"]);
    assert_eq!(settings.clickhouse.max_execution_seconds, 5);
    assert!(!settings.digest.show_cost && !settings.digest.sections().cost);
    assert_eq!(settings.digest.default_days.to_string(), "mon,wed");
    assert!((settings.alerts.cost_factor - 2.5).abs() < f64::EPSILON);
}

#[test]
fn variables_find_the_team_that_the_file_spells_otherwise() {
    let settings = Given::file("[teams.\"Data Platform\"]\nchannel = \"C1\"")
        .variable("RECAP__TEAMS__DATA_PLATFORM__CHANNEL", "C2")
        .variable("RECAP__TEAMS__NEW__MEMBERS", "ada@example.com,grace@example.com")
        .variable("RECAP__HTTP__ADMIN_TOKENS__ADA", "token-of-ada")
        .load()
        .unwrap();
    assert_eq!(settings.teams.keys().collect::<Vec<_>>(), ["Data Platform", "new"]);
    assert_eq!(settings.teams["Data Platform"].channel.as_deref(), Some("C2"));
    assert_eq!(settings.http.admin_tokens["ada"].expose_secret(), "token-of-ada");
}
