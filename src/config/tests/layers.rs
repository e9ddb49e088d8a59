//! Defaults, file and environment together.

use super::Given;
use secrecy::ExposeSecret;

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

#[test]
fn keys_with_dots_and_brackets_are_names_and_no_paths() {
    let faults = Given::file("\"slack.command\" = '/x'\n\"log[2000000000]\" = 1").faults();
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert!(faults.iter().all(|fault| fault.contains("is not a known key")), "{faults:?}");
}
