//! The shell around the commands: usage, version, exit codes, and where text goes.

use std::{
    io::pipe,
    process::{Command, Output},
};

/// The binary, without this machine's own settings.
fn recap() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_recap"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("RECAP_")) {
        command.env_remove(name);
    }
    command
}

fn run(arguments: &[&str]) -> Output {
    recap().args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn the_version_names_the_time_zone_database() {
    let output = run(&["--version"]);
    assert_eq!(output.status.code(), Some(0));
    let expected = format!("recap {} (tzdb {})\n", env!("CARGO_PKG_VERSION"), chrono_tz::IANA_TZDB_VERSION);
    assert_eq!(text(&output.stdout), expected);
}

#[test]
fn wrong_usage_exits_with_2_and_leaves_stdout_empty() {
    for arguments in [&["defualt-config"][..], &["default-config", "--bogus"], &["default-config", "--config"], &[]] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
    assert!(text(&run(&["defualt-config"]).stderr).contains("default-config"), "the nearest command is named");
}

#[test]
fn who_asks_to_explain_nothing_hears_of_members_and_teams() {
    let output = run(&["explain"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    let told = text(&output.stderr);
    assert!(told.contains("<EMAIL|--team <NAME>>"), "{told}");
    let both = run(&["explain", "ada@example.com", "--team", "platform"]);
    assert_eq!(both.status.code(), Some(2), "{}", text(&both.stderr));
}

#[test]
fn a_settings_file_that_is_not_there_is_named_with_what_named_it() {
    let option = run(&["--config", "nofile.toml", "preview", "daily", "--member", "ada@example.com"]);
    let variable = recap().args(["resume"]).env("RECAP_CONFIG", "nofile.toml").output().unwrap();
    for (output, named_by) in [(option, "`--config`"), (variable, "`RECAP_CONFIG`")] {
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(told.starts_with("error: file `nofile.toml`: cannot be read: "), "{told}");
        assert!(told.contains(&format!("\nhint: check the path that {named_by} names; ")), "{told}");
    }
}

#[test]
fn the_printed_defaults_are_the_embedded_file() {
    let output = run(&["default-config"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty());
    assert_eq!(text(&output.stdout), recap::config::DEFAULTS);
    assert!(text(&output.stdout).parse::<toml::Table>().unwrap().contains_key("clickhouse"));
}

#[test]
fn help_shows_examples_and_where_settings_come_from() {
    let help = run(&["--help"]);
    assert_eq!(help.status.code(), Some(0));
    for taught in ["Examples:", "RECAP_CONFIG", "RECAP__SECTION__KEY", "Exit codes:"] {
        assert!(text(&help.stdout).contains(taught), "{taught}");
    }
}

#[test]
fn commands_without_settings_do_not_mind_wrong_ones() {
    let output = recap().arg("default-config").env("RECAP__NO__SUCH", "x").output().unwrap();
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_reader_that_went_away_is_no_failure() {
    let (reader, writer) = pipe().unwrap();
    drop(reader);
    let output = recap().arg("default-config").stdout(writer).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stderr), "");
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_cannot_be_written_is_a_failure_with_its_reason() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = recap().arg("default-config").stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).starts_with("error: cannot write the answer: "), "{}", text(&output.stderr));
}
