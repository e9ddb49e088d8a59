//! `default.toml` and `example.toml` say what holds.

use super::Given;
use crate::config::{BotTokenMissing, DEFAULTS, Location, Membership, PREFIX};

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
    weekly.hold_minutes weekly.update_hours weekly.shared_channels alerts.enabled alerts.to_channel
    alerts.cost_floor alerts.cost_factor alerts.sessions_floor alerts.sessions_factor budgets.platform
    ops.owners ops.admins ops.channel ops.heartbeat_url
    log.level log.format";

/// `default.toml` with its commented examples switched on, and the calendar that one names.
fn defaults_with_examples() -> (Given, String) {
    let folder = Given::nothing();
    let calendar = folder.with("holidays.ics", "2026-12-25");
    let example =
        |line: &str| line.strip_prefix('#').is_some_and(|rest| !rest.starts_with([' ', '#']) && !rest.is_empty());
    let lines = DEFAULTS.lines().map(|line| if example(line) { &line[1..] } else { line });
    let text = lines.collect::<Vec<_>>().join("\n").replace("holidays.ics", &calendar.display().to_string());
    (folder, text)
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
    let (_folder, text) = defaults_with_examples();
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
    assert_eq!(settings.teams["platform"].days_off.len(), 1);
    let example = include_str!("../../../config/example.toml");
    assert_eq!(
        Given::file(example).load().map(|settings| settings.teams.len()).map_err(|faults| faults.to_string()),
        Ok(1)
    );
}

#[test]
fn a_team_s_documented_defaults_are_the_ones_it_gets() {
    let (_folder, text) = defaults_with_examples();
    let documented = Given::file(&text).load().unwrap().teams["platform"].clone();
    let bare = Given::file("[teams.platform]").load().unwrap().teams["platform"].clone();
    assert_eq!(
        (bare.enabled, bare.time, bare.day, bare.sections, bare.min_active),
        (documented.enabled, documented.time, documented.day, documented.sections, documented.min_active)
    );
}

#[test]
fn every_key_of_the_contract_is_accepted_from_the_environment() {
    fn shown(value: &toml::Value) -> String {
        match value {
            toml::Value::String(text) => text.clone(),
            toml::Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(","),
            toml::Value::Table(_) => "old@example.com=new@example.com".to_owned(),
            other => other.to_string(),
        }
    }
    let (_folder, text) = defaults_with_examples();
    let table: toml::Table = text.parse().unwrap();
    let mut given = Given::nothing();
    for path in KEYS.split_whitespace() {
        let mut parts = path.split('.');
        let first = &table[parts.next().unwrap()];
        let value = parts.fold(first, |value, part| &value[part]);
        given = given.variable(&format!("{PREFIX}{}", path.replace('.', "__").to_uppercase()), &shown(value));
    }
    let settings = given.load().unwrap();
    assert_eq!(settings.teams.len(), 3);
    assert_eq!(settings.teams["platform"].owners.len(), 1);
    assert_eq!(settings.clickhouse.aliases.len(), 1);
}
