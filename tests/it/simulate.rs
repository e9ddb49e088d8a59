//! `recap simulate`: what an admin sees of a schedule before trusting it.

use crate::support::binary::{Ran, command, recap};
use std::{fs, process::Stdio};

async fn simulate(arguments: &[&str]) -> Ran {
    recap(&[&["simulate"], arguments].concat(), &[]).await
}

/// A run that must have gone well, with nothing to say on stderr.
async fn lines(arguments: &[&str]) -> Vec<String> {
    let ran = simulate(arguments).await;
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{arguments:?}");
    ran.stdout.lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn nine_stays_nine_over_a_clock_change_and_both_dates_are_included() {
    let found = lines(&["--from", "2026-03-05", "--to", "2026-03-10", "--zone", "america/new_york"]).await;
    insta::assert_snapshot!(found.join("\n"), @r"
    2026-03-05T14:00:00Z  Thu 2026-03-05 09:00 -05:00
    2026-03-06T14:00:00Z  Fri 2026-03-06 09:00 -05:00
    2026-03-09T13:00:00Z  Mon 2026-03-09 09:00 -04:00
    2026-03-10T13:00:00Z  Tue 2026-03-10 09:00 -04:00
    ");
}

#[tokio::test]
async fn json_is_a_line_for_each_occurrence() {
    let span = ["--from", "2026-03-06", "--to", "2026-03-09", "--zone", "America/New_York", "--format", "json"];
    insta::assert_snapshot!(lines(&span).await.join("\n"), @r#"
    {"utc": "2026-03-06T14:00:00Z", "local": "2026-03-06T09:00:00-05:00"}
    {"utc": "2026-03-09T13:00:00Z", "local": "2026-03-09T09:00:00-04:00"}
    "#);
    for line in lines(&span).await {
        let parsed: serde_json::Value = serde_json::from_str(&line).unwrap();
        let instant = |key: &str| chrono::DateTime::parse_from_rfc3339(parsed[key].as_str().unwrap()).unwrap();
        assert_eq!(instant("utc"), instant("local"), "{line}");
    }
}

#[tokio::test]
async fn the_defaults_are_nine_in_utc_from_monday_to_friday() {
    let found = lines(&["--from", "2026-03-06", "--to", "2026-03-09"]).await;
    assert_eq!(
        found,
        ["2026-03-06T09:00:00Z  Fri 2026-03-06 09:00 +00:00", "2026-03-09T09:00:00Z  Mon 2026-03-09 09:00 +00:00"]
    );
    let days = ["--from", "2026-03-06", "--to", "2026-03-09", "--days", "sat,sun", "--time", "18:30"];
    assert_eq!(
        lines(&days).await,
        ["2026-03-07T18:30:00Z  Sat 2026-03-07 18:30 +00:00", "2026-03-08T18:30:00Z  Sun 2026-03-08 18:30 +00:00"]
    );
}

#[tokio::test]
async fn a_gap_an_overlap_and_a_skipped_date_are_shown_as_they_are() {
    for (zone, time, from, to, expected) in [
        (
            "Europe/Berlin",
            "02:30",
            "2026-03-29",
            "2026-03-29",
            vec!["2026-03-29T01:00:00Z  Sun 2026-03-29 03:00 +02:00"],
        ),
        (
            "Europe/Berlin",
            "02:30",
            "2026-10-25",
            "2026-10-25",
            vec!["2026-10-25T00:30:00Z  Sun 2026-10-25 02:30 +02:00"],
        ),
        // 23:30 on the 29th does not exist; the first instant after it is on the next date.
        (
            "America/Nuuk",
            "23:30",
            "2025-03-29",
            "2025-03-29",
            vec!["2025-03-30T01:00:00Z  Sun 2025-03-30 00:00 -01:00"],
        ),
        (
            "Pacific/Apia",
            "09:00",
            "2011-12-29",
            "2011-12-31",
            vec![
                "2011-12-29T19:00:00Z  Thu 2011-12-29 09:00 -10:00",
                "2011-12-30T19:00:00Z  Sat 2011-12-31 09:00 +14:00",
            ],
        ),
    ] {
        let found = lines(&["--from", from, "--to", to, "--zone", zone, "--time", time, "--days", "mon-sun"]).await;
        assert_eq!(found, expected, "{zone}");
    }
}

#[tokio::test]
async fn days_off_come_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("list.txt");
    fs::write(&list, "2026-12-24 # from noon\n2026-12-25 Christmas\n").unwrap();
    let events = folder.path().join("events.ics");
    let event = "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20201224\nDTEND;VALUE=DATE:20201226\nRRULE:FREQ=YEARLY\nEND:VEVENT";
    fs::write(&events, format!("BEGIN:VCALENDAR\n{event}\nEND:VCALENDAR\n")).unwrap();
    for file in [list, events] {
        let file = file.to_str().unwrap();
        let found = lines(&["--from", "2026-12-23", "--to", "2026-12-28", "--calendar", file]).await;
        let dates: Vec<_> = found.iter().map(|line| &line[..10]).collect();
        assert_eq!(dates, ["2026-12-23", "2026-12-28"], "{file}");
    }
}

#[tokio::test]
async fn wrong_usage_exits_with_2_and_says_what_is_wrong() {
    let span = ["--from", "2026-03-09", "--to", "2026-03-13"];
    for (arguments, told) in [
        (vec!["--time", "25:00"], "`25:00` is not a time of day: write it as 09:00"),
        (vec!["--zone", "Mars/Olympus"], "`Mars/Olympus` is not an IANA time zone"),
        (vec!["--zone", "Europe/Berlni"], "did you mean `Europe/Berlin`?"),
        (vec!["--days", ""], "no day is named: write days as mon-fri or mon,wed"),
        (vec!["--days", "funday"], "`funday` is not a weekday"),
        (vec!["--format", "xml"], "invalid value 'xml'"),
    ] {
        let ran = simulate(&[&span[..], &arguments].concat()).await;
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(ran.stderr.contains(told), "{}", ran.stderr);
    }
    for (from, to, told) in [
        ("2026-03-09", "2026-03-08", "error: `--to 2026-03-08` is before `--from 2026-03-09`\nhint: "),
        ("2026-02-30", "2026-03-08", "not a date: write it as 2026-03-09"),
        ("2026-03-09", "+12026-03-09", "must be in the years 1 to 9998"),
    ] {
        let ran = simulate(&["--from", from, "--to", to]).await;
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{from} {to}");
        assert!(ran.stderr.contains(told), "{}", ran.stderr);
    }
    assert_eq!(simulate(&["--from", "2026-03-09"]).await.code, Some(2));
}

#[tokio::test]
async fn a_calendar_that_cannot_be_used_fails_with_its_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("holidays.txt");
    fs::write(&file, "2026-12-25\nChristmas Eve\n").unwrap();
    let run = |file: String| async move {
        let ran = simulate(&["--from", "2026-03-09", "--to", "2026-03-09", "--calendar", &file]).await;
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
        ran.stderr
    };
    let told = run(file.display().to_string()).await;
    let place = format!("error: the calendar `{}` cannot be used: line 2: `Christmas` is not a date", file.display());
    assert!(told.starts_with(&place) && told.contains("\nhint: "), "{told}");
    let told = run(folder.path().join("none.ics").display().to_string()).await;
    assert!(told.contains("none.ics` cannot be read: No such file"), "{told}");
    // A folder, and a file without end.
    assert!(run(folder.path().display().to_string()).await.contains("cannot be read"));
    #[cfg(target_os = "linux")]
    assert!(run("/dev/zero".to_owned()).await.contains("is larger than 1 MiB"));
}

#[tokio::test]
async fn a_span_without_a_working_day_warns_and_prints_nothing() {
    let ran = simulate(&["--from", "2026-03-07", "--to", "2026-03-08"]).await;
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""));
    assert_eq!(ran.stderr, "warning: nothing is due from 2026-03-07 to 2026-03-08\n");
}

#[tokio::test]
async fn a_reader_may_go_away_in_the_middle_of_a_span_of_any_length() {
    let mut command = command();
    command.args(["simulate", "--from", "0001-01-01", "--to", "9998-12-31", "--days", "mon-sun"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut reader = tokio::io::BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    tokio::io::AsyncBufReadExt::read_line(&mut reader, &mut line).await.unwrap();
    drop(reader);
    assert_eq!(line, "0001-01-01T09:00:00Z  Mon 0001-01-01 09:00 +00:00\n");
    let output = child.wait_with_output().await.unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[tokio::test]
async fn no_settings_are_read_and_the_help_teaches() {
    let wrong = [("RECAP__NO__SUCH".to_owned(), "x".to_owned())];
    let ran = recap(&["simulate", "--from", "2026-03-09", "--to", "2026-03-09"], &wrong).await;
    assert_eq!(ran.code, Some(0));
    let help = simulate(&["--help"]).await.stdout;
    for taught in ["Examples:", "--zone America/New_York", "[default: mon-fri]", "2026-03-29", "--calendar"] {
        assert!(help.contains(taught), "{taught}");
    }
}

#[tokio::test]
async fn alerts_are_of_teams_that_the_settings_know() {
    let span = ["--alerts", "--from", "2026-03-01", "--to", "2026-03-31"];
    let no_team = simulate(&span).await;
    assert_eq!((no_team.code, no_team.stdout.as_str()), (Some(1), ""));
    insta::assert_snapshot!(no_team.stderr, @"
    error: there is no team
    hint: add a section `[teams.NAME]` with `members`, or make a team in Slack
    ");
    let settings = [("RECAP__TEAMS__PLATFORM__MEMBERS".to_owned(), "ada@example.com".to_owned())];
    let unknown = recap(&[&["simulate", "--team", "platfrom"], &span[..]].concat(), &settings).await;
    assert_eq!((unknown.code, unknown.stdout.as_str()), (Some(1), ""));
    insta::assert_snapshot!(unknown.stderr, @"
    error: there is no team `platfrom`
    hint: there is `platform`
    ");
    let future = recap(&["simulate", "--alerts", "--from", "9000-01-01", "--to", "9000-01-02"], &settings).await;
    assert_eq!(future.code, Some(1));
    assert!(future.stderr.starts_with("error: `--from 9000-01-01` is not over: it is "), "{}", future.stderr);
    let old = recap(&["simulate", "--alerts", "--from", "1970-01-01", "--to", "1970-01-02"], &settings).await;
    assert!(old.stderr.starts_with("error: `--from 1970-01-01` is before 1971"), "{}", old.stderr);
}

#[tokio::test]
async fn who_is_in_a_user_group_is_asked_of_the_store() {
    let folder = tempfile::tempdir().unwrap();
    let store = format!("sqlite:{}", folder.path().join("none.db").display());
    let settings = [("RECAP__TEAMS__DESIGN__USERGROUP", "S0123456789"), ("RECAP__STORE__URL", store.as_str())];
    let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let span = ["simulate", "--alerts", "--from", "2026-03-01", "--to", "2026-03-31"];
    let ran = recap(&span, &settings).await;
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
    let mut lines = ran.stderr.lines();
    assert!(lines.next().unwrap().starts_with("error: nobody knows who is in a user group: there is no store at `"));
    assert_eq!(
        lines.next(),
        Some("hint: `recap serve` reads user groups from Slack; until it has, name another team with `--team`")
    );
}

#[tokio::test]
async fn a_schedule_s_options_say_nothing_about_alerts() {
    let span = ["--from", "2026-03-01", "--to", "2026-03-31"];
    for wrong in [&["--alerts", "--zone", "UTC"][..], &["--alerts", "--time", "09:00"], &["--team", "platform"]] {
        let ran = simulate(&[wrong, &span].concat()).await;
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{wrong:?}");
    }
}
