//! `recap check` and `recap grants`, as somebody runs them.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use crate::support::{
    binary::recap,
    engine::{self, READER},
    events::{Event, Tables, event, insert, prompt, request},
    installation::Installation,
    relay::deserted,
};
use chrono::TimeDelta;
use recap::{
    clock::Clock,
    model::MemberEmail,
    standin::{Channel, Fault, Person, Times, UserGroup},
    store::ReportConfig,
};
use serde_json::Value;

/// `hours` before now, as ClickHouse reads it.
fn ago(hours: i64) -> String {
    (Clock::system().now() - TimeDelta::hours(hours)).format("%Y-%m-%d %H:%M:%S").to_string()
}

async fn installation(events: &[Event]) -> Installation {
    let database = Tables::Map.create().await;
    insert(Tables::Map, &database, events).await;
    Installation::with(&database).await
}

/// Runs it as JSON; the exit code, and each check with its status and message.
async fn check(installation: &Installation) -> (Option<i32>, Vec<(String, String, String)>) {
    let ran = installation.run(&["check", "--format", "json"]).await;
    let lines: Vec<Value> = serde_json::from_str(&ran.stdout).unwrap();
    let text = |line: &Value, key: &str| line[key].as_str().unwrap().to_owned();
    for line in &lines {
        assert_eq!(line["hint"].is_null(), line["status"] == "ok", "what is not well has a hint: {line}");
    }
    (ran.code, lines.iter().map(|line| (text(line, "check"), text(line, "status"), text(line, "message"))).collect())
}

fn line<'a>(lines: &'a [(String, String, String)], check: &str) -> (&'a str, &'a str) {
    let (_, status, message) = lines.iter().find(|(name, ..)| name == check).unwrap();
    (status, message)
}

#[tokio::test]
async fn a_sound_installation_is_ok_from_end_to_end() {
    let installation = installation(&[prompt(&ago(1), "ada@example.com", "s")]).await;

    let ran = installation.run(&["check"]).await;

    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    assert!(ran.stdout.lines().all(|line| line.starts_with("ok       ")), "{}", ran.stdout);
    for told in
        ["Map schema", "1 event in the last 30 days", "workspace `Example`", "1 of 1 in the telemetry", "SQLite"]
    {
        assert!(ran.stdout.contains(told), "{told}: {}", ran.stdout);
    }
    assert!(installation.slack.messages().is_empty());
}

#[tokio::test]
async fn people_skill_names_and_old_data_are_warned_about() {
    let skill =
        |name: &str| event("skill_activated", &ago(48)).set("skill.name", name).set("user.email", "ada@example.com");
    let installation = installation(&[
        prompt(&ago(48), "ada@example.com", "a"),
        prompt(&ago(49), "ada@old.example", "b"),
        prompt(&ago(50), "guest@example.com", "c"),
        prompt(&ago(50), "", "d"),
        skill("commit"),
        skill("custom_skill"),
    ])
    .await
    .account(READER);

    let (code, lines) = check(&installation).await;

    assert_eq!(code, Some(0), "{lines:?}");
    let warned = |name: &str, told: &str| {
        let (status, message) = line(&lines, name);
        assert!(status == "warning" && message.contains(told), "{name}: {status}: {message}");
    };
    warned("clickhouse_account", "`readonly = 1`");
    warned("newest_event", "2 days ago");
    warned("skill_names", "50% of the events of skills in the last 30 days (1 of 2)");
    warned(
        "people",
        "1 of 3 in the telemetry of the last 30 days are active members of Slack; 1 is in Slack as guests, bots or \
         deactivated; 1 is not in Slack: ada@old.example; 1 session is nobody's",
    );
}

#[tokio::test]
async fn costs_that_cannot_be_are_warned_about_once_for_each_request() {
    let asked = |hours: i64, id: &str, dollars: &str| request(&ago(hours), "ada@example.com", "s", id, dollars);
    let negative = asked(2, "negative", "-1");
    let installation = installation(&[
        asked(1, "fine", "0.5"),
        negative.clone(),
        negative,
        asked(2, "absurd", "0.1").set("output_tokens", "1e15"),
        // Longer ago than a week.
        asked(24 * 8, "old", "-1"),
    ])
    .await;

    let (code, lines) = check(&installation).await;

    let told = "2 of 3 requests in the last 7 days have a cost or token count that cannot be (1 negative, 1 absurdly high); \
                they count as 0";
    assert_eq!((code, line(&lines, "costs")), (Some(0), ("warning", told)), "{lines:?}");
}

#[tokio::test]
async fn a_clock_ahead_and_silence_are_warned_about() {
    for (events, told) in
        [(vec![prompt(&ago(-5), "ada@example.com", "s")], "ahead"), (vec![], "no event of Claude Code")]
    {
        let (code, lines) = check(&installation(&events).await).await;
        let (status, message) = line(&lines, "newest_event");
        assert!(code == Some(0) && status == "warning" && message.contains(told), "{lines:?}");
    }
}

#[tokio::test]
async fn every_check_runs_though_others_fail() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("daily.json"), "{").unwrap();
    let (nowhere, _kept) = deserted();
    let broken = installation(&[])
        .await
        .set("CLICKHOUSE__URL", nowhere)
        .set("SLACK__BOT_TOKEN", "xoxb-of-another-app")
        .set("MESSAGES__TEMPLATES_DIR", folder.path().to_str().unwrap());

    let (code, lines) = check(&broken).await;

    assert_eq!(code, Some(1));
    for failed in ["clickhouse", "slack", "templates"] {
        assert_eq!(line(&lines, failed).0, "error", "{lines:?}");
    }
    for skipped in ["clickhouse_account", "telemetry", "newest_event", "skill_names", "costs", "slack_scopes", "people"]
    {
        let (status, message) = line(&lines, skipped);
        assert!(status == "warning" && message.starts_with("skipped: "), "{skipped}: {message}");
    }
    assert_eq!((line(&lines, "settings").0, line(&lines, "store").0), ("ok", "ok"));
}

#[tokio::test]
async fn a_table_that_is_missing_leaves_slack_to_be_checked_and_the_other_way_round() {
    let (code, lines) = check(&Installation::with(&engine::database().await).await).await;
    assert_eq!((code, line(&lines, "telemetry").0, line(&lines, "slack_directory").0), (Some(1), "error", "ok"));

    let installation = installation(&[prompt(&ago(1), "ada@example.com", "s")]).await;
    installation.slack.change(|workspace| {
        workspace.scopes.remove("im:write");
    });
    let (code, lines) = check(&installation).await;
    assert_eq!((code, line(&lines, "newest_event").0), (Some(1), "ok"));
    assert_eq!(line(&lines, "slack_scopes"), ("error", "the token lacks `im:write` (no digest can be sent)"));
}

#[tokio::test]
async fn a_stand_in_that_does_not_say_whose_the_token_is_is_warned_about() {
    let installation = installation(&[prompt(&ago(1), "ada@example.com", "s")]).await;
    installation.slack.fault("auth.test", Fault::error("unknown_method"), Times::UNTIL_CLEARED);

    let (code, lines) = check(&installation).await;

    assert_eq!(code, Some(0), "{lines:?}");
    let (status, message) = line(&lines, "slack");
    assert!(status == "warning" && message.contains("`auth.test`"), "{status}: {message}");
    assert_eq!(line(&lines, "slack_directory"), ("ok", "1 active member"));
}

#[tokio::test]
async fn a_directory_of_many_pages_is_read_whole() {
    let installation = installation(&[prompt(&ago(1), "p449@example.com", "s")]).await;
    installation.slack.change(|workspace| {
        let person = |number: u32| Person::new(format!("U1{number}"), "P").email(format!("p{number}@example.com"));
        workspace.people.extend((0..450).map(person));
    });
    let (_, lines) = check(&installation).await;
    assert_eq!(line(&lines, "slack_directory"), ("ok", "451 active members"));
    assert_eq!(line(&lines, "people").0, "ok", "{lines:?}");
}

#[tokio::test]
async fn settings_with_faults_are_told_one_by_one() {
    let installation = Installation::with("default").await.set("LOG__LEVEL", "loud").set("STORE__RETENTION", "never");
    let (code, lines) = check(&installation).await;
    let faults = lines.iter().filter(|(check, status, _)| check == "settings" && status == "error");
    assert_eq!((code, faults.count()), (Some(1), 2), "{lines:?}");
}

#[tokio::test]
async fn grants_need_no_settings_and_name_no_prompts_text() {
    let plain = recap(&["grants"], &[]).await;
    assert_eq!((plain.code, plain.stderr.as_str()), (Some(0), ""), "{plain:?}");
    assert!(plain.stdout.contains("CREATE USER IF NOT EXISTS `recap`") && !plain.stdout.contains("prompt_text"));
    let wrong = recap(&["grants"], &[("RECAP__NO__SUCH".to_owned(), "x".to_owned())]).await;
    assert_eq!((wrong.code, &wrong.stdout), (Some(0), &plain.stdout));
    assert!(wrong.stderr.contains("warning: the settings cannot be used"), "{}", wrong.stderr);
}

#[tokio::test]
async fn grants_for_a_settings_file_that_cannot_be_used_are_none() {
    let folder = tempfile::tempdir().unwrap();
    let (absent, faulty) = (folder.path().join("absent.toml"), folder.path().join("faulty.toml"));
    std::fs::write(&faulty, "[clickhouse]\nlogs_tabel = 'events'").unwrap();
    for file in [absent, faulty] {
        let file = file.to_str().unwrap();
        let named = recap(&["--config", file, "grants"], &[]).await;
        let in_environment = recap(&["grants"], &[("RECAP_CONFIG".to_owned(), file.to_owned())]).await;
        for ran in [named, in_environment] {
            assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{ran:?}");
            assert!(ran.stderr.starts_with("error: ") && ran.stderr.contains("hint: "), "{ran:?}");
        }
    }
}

/// What `recap check` says of each team of a settings file with `teams`, as status and message.
async fn teams(slack: impl FnOnce(&mut recap::standin::Workspace), teams: &str) -> Vec<(String, String)> {
    let installation = installation(&[prompt(&ago(1), "ada@example.com", "s")]).await;
    installation.slack.change(slack);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("recap.toml");
    std::fs::write(&file, teams).unwrap();
    let (code, lines) = check(&installation.set_config(&file)).await;
    assert_eq!(code, Some(0), "{lines:?}");
    let told = lines
        .into_iter()
        .filter(|(check, ..)| check.starts_with("team") && check != "telemetry" && check != "templates");
    told.map(|(_, status, message)| (status, message)).collect()
}

#[tokio::test]
async fn each_team_is_looked_at_with_its_channel_and_its_people() {
    let settings = r#"
        [teams.archived]
        members = ["ada@example.com"]
        channel = "C0OLD"
        [teams.empty]
        usergroup = "S0EMPTY"
        channel = "C0TEAM"
        [teams.gone]
        usergroup = "S0GONE"
        channel = "C0NONE"
        [teams.group]
        usergroup = "S0PLAT"
        channel = "C0TEAM"
        [teams.nobody]
        enabled = true
        [teams.outside]
        members = ["ada@example.com", "x@example.com", "builds@example.com"]
        exclude = ["builds@example.com"]
        channel = "C0ELSE"
        [teams.shared]
        attribute = "team.id=data"
        channel = "C0BOTH"
    "#;
    let told = teams(
        |workspace| {
            workspace.channels = vec![
                Channel::new("C0TEAM", "team"),
                Channel::new("C0OLD", "old").archived(),
                Channel::new("C0ELSE", "else").without_recap(),
                Channel::new("C0BOTH", "both").shared(),
            ];
            workspace.groups =
                vec![UserGroup::new("S0PLAT", "platform", ["U0ADA", "U0GONE"]), UserGroup::new("S0EMPTY", "empty", [])];
        },
        settings,
    )
    .await;

    let expected = [
        ("warning", "`archived`: 1 of 1 member in Slack; its channel `#old` is archived"),
        ("warning", "`empty`: it has no members; posts to `#team`"),
        ("warning", "`gone`: there is no user group `S0GONE`; there is no channel `C0NONE` that Recap can see"),
        ("ok", "`group`: 2 members of its user group, 1 of them active with an address; posts to `#team`"),
        ("warning", "`nobody`: it has no members; its summary has no channel"),
        (
            "warning",
            "`outside`: 1 of 2 members in Slack, not active there: x@example.com; Recap is not in its channel `#else`",
        ),
        (
            "warning",
            "`shared`: its members are told by telemetry (`data`); posts to `#both`; another workspace shares the \
             channel, so no summary goes there",
        ),
    ];
    assert_eq!(told, expected.map(|(status, message)| (status.to_owned(), message.to_owned())));
}

#[tokio::test]
async fn a_team_of_the_file_that_looks_like_one_that_was_made_elsewhere_is_told_of() {
    let members = Some(vec![MemberEmail::parse("ada@example.com").unwrap()]);
    let made = ReportConfig { members, ..ReportConfig::new("weekly", "team:Core") };
    let installation = installation(&[prompt(&ago(1), "ada@example.com", "s")]).await.configured(&made).await;
    let (code, lines) = check(&installation.set("TEAMS__CORE__MEMBERS", "ada@example.com")).await;
    assert_eq!(code, Some(0), "{lines:?}");
    let told = "`Core` and `core` are two teams whose names people cannot tell apart";
    assert_eq!(line(&lines, "team"), ("warning", told));
}

#[tokio::test]
async fn many_teams_share_their_questions_and_the_rest_is_counted() {
    let installation = installation(&[]).await;
    installation.slack.change(|workspace| workspace.channels = vec![Channel::new("C0TEAM", "team")]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("recap.toml");
    let team = |number: u32| format!("[teams.t{number}]\nmembers = [\"ada@example.com\"]\nchannel = \"C0TEAM\"\n");
    std::fs::write(&file, (100..160).map(team).collect::<String>()).unwrap();
    let installation = installation.set_config(&file);

    let (_, lines) = check(&installation).await;
    assert_eq!(lines.iter().filter(|(check, ..)| check == "team").count(), 50);
    assert_eq!(line(&lines, "teams"), ("ok", "and 10 more were not looked at"));
    assert_eq!(installation.slack.calls("conversations.info"), 1);

    installation.slack.fault("conversations.info", Fault::ServerError(503), Times::UNTIL_CLEARED);
    let (_, lines) = check(&installation).await;
    assert_eq!(line(&lines, "teams"), ("ok", "and 59 more were not looked at"));
    assert_eq!(line(&lines, "team").0, "warning");

    installation.slack.clear_faults();
    installation.slack.change(|workspace| workspace.scopes.retain(|scope| scope != "channels:read"));
    let (code, lines) = check(&installation).await;
    let lacks = "the token lacks `channels:read` (no public channel can be looked at)";
    assert_eq!((code, line(&lines, "slack_scopes")), (Some(1), ("error", lacks)));
}

#[tokio::test]
async fn without_a_token_that_works_teams_are_skipped() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("recap.toml");
    std::fs::write(&file, "[teams.one]\nmembers = [\"ada@example.com\"]").unwrap();
    let installation = installation(&[]).await.set("SLACK__BOT_TOKEN", "xoxb-of-another-app").set_config(&file);
    let (_, lines) = check(&installation).await;
    assert_eq!(line(&lines, "team"), ("warning", "skipped: Slack does not accept a call"));
}
