//! What is refused, and in which words.

use super::Given;
use crate::config::Settings;
use proptest::prelude::*;
use std::path::Path;

#[test]
fn a_calendar_that_cannot_be_used_is_a_fault_like_others() {
    let folder = Given::nothing();
    let list = folder.with("list.txt", "2026-12-25\n2026-12-32\n");
    let event = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261225\nEND:VEVENT\n";
    let open = folder.with("open.ics", event);
    let good = folder.with("good.ics", &format!("{event}END:VCALENDAR\n"));
    let team = |name: &str, calendar: &Path| format!("[teams.{name}]\ncalendar = '{}'\n", calendar.display());
    let missing = list.with_file_name("missing.ics");
    let text = [("a", &list), ("b", &open), ("c", &missing), ("d", &good)].map(|(name, path)| team(name, path));
    let given = Given::file(&format!("{}day = 'never'\n", text.concat()));
    let place = format!("{}/", list.parent().unwrap().display());
    let faults: Vec<_> = given.faults().iter().map(|fault| fault.replace(&place, "")).collect();
    insta::assert_snapshot!(faults.join("\n"), @r"
    `teams.a.calendar` (file `recap.toml`): the calendar `list.txt` cannot be used: line 2: `2026-12-32` is not a date: write it as 2026-12-25
    `teams.b.calendar` (file `recap.toml`): the calendar `open.ics` cannot be used: line 1: `VCALENDAR` begins and does not end
    `teams.c.calendar` (file `recap.toml`): the calendar `missing.ics` cannot be read: No such file or directory (os error 2)
    `teams.d.day` (file `recap.toml`): `never` is not a weekday: write mon, tue, wed, thu, fri, sat or sun
    ");
    let settings = Given::file(&team("d", &good)).load().unwrap();
    assert_eq!(settings.teams["d"].days_off, ["2026-12-25".parse().unwrap()].into());
}

#[test]
fn all_faults_come_at_once_each_with_its_key_and_its_place() {
    let given = Given::file(
        r#"
        [slack]
        bot_tokne = "xoxb-very-secret"
        messages_per_minute = 0
        [clickhouse]
        url = "http://reader:hunter2@ch.example.com:8123"
        logs_table = "otel logs"
        services = []
        identity = ["user.email", "it's"]
        [digest]
        default_time = "25:00"
        sections = ["sessions", "skill"]
        show_cost = "true"
        [teams.platform]
        members = ["ada@example.com", "grace"]
        usergroup = "S1"
        zone = "Mars/Olympus"
        day = "mon-tue"
        [budgets]
        platform = -1
        [slak]
        x = 1
        "#,
    )
    .variable("RECAP__HTTP__LISTEN", "localhost")
    .variable("RECAP__LOG__LEVLE", "debug")
    .variable("RECAP__STORE__URL", "mysql://root:hunter2@db/recap")
    .variable("RECAP__DIGEST__ENROLLMENT", "optout");
    insta::assert_snapshot!(given.faults().join("\n"), @r"
    `slack.messages_per_minute` (file `recap.toml`): must be a whole number from 1 to 100000
    `slack.bot_tokne` (file `recap.toml`): is not a known key; did you mean `slack.bot_token`?
    `clickhouse.url` (file `recap.toml`): must not hold a user or password; set `clickhouse.user` and `clickhouse.password`
    `clickhouse.logs_table` (file `recap.toml`): `otel logs` must be a table, or `database.table`, of letters, digits and `_`
    `clickhouse.services` (file `recap.toml`): must hold at least one item
    `clickhouse.identity` (file `recap.toml`): `it\'s` must be an attribute key of letters, digits, `.`, `_` and `-`
    `store.url` (variable `RECAP__STORE__URL`): must be sqlite:PATH or postgres://user@host/database
    `http.listen` (variable `RECAP__HTTP__LISTEN`): `localhost` must be an address and a port, as in 127.0.0.1:8080
    `digest.enrollment` (variable `RECAP__DIGEST__ENROLLMENT`): `optout` is none of opt_in, opt_out; did you mean `opt_out`?
    `digest.default_time` (file `recap.toml`): `25:00` is not a time of day: write it as 09:00
    `digest.sections` (file `recap.toml`): `skill` is none of sessions, cost, tokens, skills, streak, comparison, cache, chart, models; did you mean `skills`?
    `digest.show_cost` (file `recap.toml`): must be true or false
    `teams.platform.members` (file `recap.toml`): `grace` is not an e-mail address: there is no `@`
    `teams.platform.usergroup` (file `recap.toml`): cannot stand beside `members`; a team has one of them
    `teams.platform.zone` (file `recap.toml`): `Mars/Olympus` is not an IANA time zone
    `teams.platform.day` (file `recap.toml`): `mon-tue` must be one day, as in mon
    `budgets.platform` (file `recap.toml`): must be a number above 0
    `log.levle` (variable `RECAP__LOG__LEVLE`): is not a known key; did you mean `RECAP__LOG__LEVEL`?
    `slak` (file `recap.toml`): is not a known section; did you mean `slack`?
    ");
}

#[test]
fn one_bad_form_of_each_kind_is_refused() {
    for (section, line, expected) in [
        ("slack", "api_url = 'http://slack.com/api'", "must be https unless its host is this machine"),
        ("slack", "api_url = 'https://slack.com/api?token=x'", "must not hold a `?` or `#`"),
        ("slack", "command = 'usage'", "must be a slash command in lower case"),
        ("slack", "mode = 'sockets'", "did you mean `socket`?"),
        ("slack", "mode = 'socket'", "Socket Mode needs `slack.app_token`"),
        ("slack", "bot_token = 7", "must be text, not a number"),
        ("slack", "messages_per_minute = 1.5", "must be a whole number"),
        ("clickhouse", "url = 'localhost:8123'", "as in http://localhost:8123"),
        ("clickhouse", "url = 'clickhouse'", "it is `embedded` or"),
        ("clickhouse", "database = 'a-b'", "must be letters, digits and `_`"),
        ("clickhouse", "aliases = { 'ada' = 'ada@example.com' }", "is not an e-mail address"),
        ("clickhouse", "aliases = ['a@b.c']", "must be a table of addresses, not a list"),
        ("clickhouse", "aliases = { 'a@b.c' = 1 }", "must name an address in quotes"),
        ("clickhouse", "team_attributes = ['team id']", "must be an attribute key"),
        ("clickhouse", "max_execution_seconds = 0", "from 1 to 3600"),
        ("clickhouse", "services = 'claude-code'", "must be a list, not text"),
        ("clickhouse", "engine_dir = ''", "must be a path"),
        ("store", "schema = 'recap;'", "must be letters, digits and `_`"),
        ("store", "url = 'data/recap.sqlite'", "must be sqlite:PATH"),
        ("store", "retention = -1", "must be a whole number"),
        ("http", "ops_listen = '127.0.0.1:8080'", "must differ from `http.listen`"),
        ("http", "public_url = 'ftp://recap.example.com'", "must be an http or https URL"),
        ("http.admin_tokens", "ada = ''", "must not be empty"),
        ("digest", "default_days = 'funday'", "is not a weekday"),
        ("digest", "covers = 'noon'", "is none of auto, morning, evening"),
        ("digest", "latest_local_hour = 25", "from 0 to 24"),
        ("digest", "enabled = 1", "must be true or false"),
        ("teams.a", "attribute = 'team id=x'", "must be an attribute key"),
        ("teams.a", "min_active = 0", "must be a whole number"),
        ("teams.a", "sections = ['MVPs']", "did you mean `mvp`?"),
        ("teams.a", "chanel = 'C1'", "did you mean `teams.a.channel`?"),
        ("teams.a", "channel = '#general'", "`#general` is not a channel's id, as in C0123456789"),
        ("teams.a", "channel = 'D0123456789'", "is not a channel's id"),
        ("ops", "channel = 'ops'", "is not a channel's id"),
        ("teams.' '", "enabled = true", "a name has 1 to 64 characters"),
        ("alerts", "cost_factor = nan", "must be a number above 0"),
        ("ops", "owners = ['nobody']", "there is no `@`"),
        ("ops", "heartbeat_url = 'beat'", "is not a URL"),
        ("log", "format = 'xml'", "is none of text, json"),
    ] {
        let faults = Given::file(&format!("[{section}]\n{line}")).faults();
        assert_eq!(faults.len(), 1, "{line}: {faults:?}");
        assert!(faults[0].contains(expected) && faults[0].contains("file `recap.toml`"), "{line}: {}", faults[0]);
        assert!(!faults[0].ends_with('.'), "{}", faults[0]);
    }
}

#[test]
fn no_two_teams_of_the_file_have_names_that_people_cannot_tell_apart() {
    let teams = "[teams.core]\nenabled = false\n[teams.CORE]\nenabled = false\n[teams.'Core Web']\nenabled = false\n";
    let faults = Given::file(teams).faults();
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(faults[0].contains("is too much like the team `CORE`") && faults[0].contains("teams.core"), "{faults:?}");
}

#[test]
fn a_file_that_is_not_toml_is_told_by_its_line_and_without_its_text() {
    for broken in ["[slack]\n\nbot_token = xoxb-1-very-secret\n", "[slack]\n\nbot_token = \"xoxb-1-very-secret\n"] {
        let faults = Given::file(broken).variable("RECAP__LOG__LEVEL", "loud").faults();
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert!(faults[0].starts_with("file `recap.toml`, line 3: is not TOML: "), "{}", faults[0]);
        assert!(!faults[0].contains("xoxb"), "{}", faults[0]);
    }
}

#[test]
fn a_file_that_cannot_be_read_is_a_fault() {
    let missing = Settings::load(Some(Path::new("/no/such/recap.toml")), []).unwrap_err().to_string();
    assert!(missing.starts_with("file `/no/such/recap.toml`: cannot be read: "), "{missing}");
}

proptest! {
    #[test]
    fn whatever_the_environment_and_the_file_hold_is_answered(
        names in prop::collection::vec("(SLACK|CLICKHOUSE|TEAMS|HTTP|LOG|BUDGETS|[A-Z_.é]{0,4})(__[A-Za-z_]{0,8}){0,3}", 0..6),
        text in "\\PC{0,12}",
        file in "(\\[(slack|teams\\.a|teams\\.\"\\\\n\"|digest)\\]\n)?([a-z_]{1,8} = (1|-1\\.5|true|''|\\[\\]|\\{\\}|\"x\")\n){0,4}",
    ) {
        let given = names.iter().fold(Given::file(&file), |given, name| given.variable(&format!("RECAP__{name}"), &text));
        if let Err(faults) = given.load() {
            prop_assert!(faults.iter().all(|fault| !fault.to_string().contains('\n')));
        }
    }
}
