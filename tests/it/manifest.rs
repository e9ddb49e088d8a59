//! `recap manifest`: the file beside the settings is what it prints, and Slack can take it.

use recap::slack::EVERY_SCOPE;
use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

fn manifest(arguments: &[&str], settings: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_recap"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("RECAP_")) {
        command.env_remove(name);
    }
    command.envs(settings.iter().copied()).arg("manifest").args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// The items of the list below `key`.
fn list<'a>(yaml: &'a str, key: &str) -> Vec<&'a str> {
    let below = yaml.lines().skip_while(|line| line.trim() != key).skip(1);
    below.map_while(|line| line.trim().strip_prefix("- ")).collect()
}

#[test]
fn the_file_beside_the_settings_is_what_it_prints() {
    let output = manifest(&["--url", "https://recap.example.com"], &[]);
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), ""));
    let file = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("config/slack-manifest.yaml")).unwrap();
    assert_eq!(text(&output.stdout), file, "write it anew with `recap manifest --url https://recap.example.com`");
    assert_eq!(list(&file, "bot:"), EVERY_SCOPE);
    for event in ["app_home_opened", "app_uninstalled", "tokens_revoked", "channel_shared", "group_archive"] {
        assert!(list(&file, "bot_events:").contains(&event), "{event}");
    }
    for line in [
        "    request_url: \"https://recap.example.com/slack/events\"",
        "    request_url: \"https://recap.example.com/slack/interactions\"",
        "    message_menu_options_url: \"https://recap.example.com/slack/interactions\"",
        "      url: \"https://recap.example.com/slack/commands\"",
        "    - command: \"/usage\"",
        "    messages_tab_read_only_enabled: false",
        "  socket_mode_enabled: false",
    ] {
        assert!(file.lines().any(|found| found == line), "{line}");
    }
}

#[test]
fn the_configured_command_and_address_are_in_it() {
    let settings =
        [("RECAP__SLACK__COMMAND", "/recap"), ("RECAP__HTTP__PUBLIC_URL", "https://digests.example.com/base/")];
    let output = manifest(&[], &settings);
    let printed = text(&output.stdout);
    assert!(
        printed.contains("- command: \"/recap\"\n      url: \"https://digests.example.com/base/slack/commands\"\n"),
        "{printed}"
    );
    assert!(printed.contains("socket_mode_enabled: false"), "{printed}");
}

#[test]
fn over_socket_mode_there_is_no_address_whatever_settings_say() {
    let output = manifest(&["--socket"], &[("RECAP__HTTP__PUBLIC_URL", "https://digests.example.com")]);
    let printed = text(&output.stdout);
    assert!(printed.contains("socket_mode_enabled: true") && !printed.contains("digests.example.com"), "{printed}");
    let both = manifest(&["--socket", "--url", "https://recap.example.com"], &[]);
    assert_eq!(both.status.code(), Some(2));
    assert!(text(&both.stderr).contains("cannot be used with"), "{}", text(&both.stderr));
}

#[test]
fn settings_for_socket_mode_are_enough() {
    let token = ("RECAP__SLACK__APP_TOKEN", "xapp-never-to-be-shown");
    for mode in ["auto", "socket"] {
        let output = manifest(&[], &[token, ("RECAP__SLACK__MODE", mode)]);
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), ""), "{mode}");
        assert_eq!(text(&output.stdout), text(&manifest(&["--socket"], &[]).stdout), "{mode}");
    }
    let over_http = manifest(&[], &[token, ("RECAP__SLACK__MODE", "http")]);
    assert_eq!(over_http.status.code(), Some(2), "{}", text(&over_http.stderr));
    let url = manifest(&["--url", "https://recap.example.com"], &[token]);
    assert!(text(&url.stdout).contains("socket_mode_enabled: false"), "{}", text(&url.stdout));
}

#[test]
fn a_command_that_is_none_makes_no_manifest() {
    let wrong = ("RECAP__SLACK__COMMAND", "Usage");
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), "[slack]\ncommand = 'Usage'").unwrap();
    let file = ("RECAP_CONFIG", file.path().to_str().unwrap());
    for (arguments, settings) in
        [(&["--socket"][..], wrong), (&["--url", "https://recap.example.com"], wrong), (&["--socket"], file)]
    {
        let output = manifest(arguments, &[settings]);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), ""), "{settings:?}");
        let told = text(&output.stderr);
        assert!(told.contains("`slack.command`") && told.contains("\nhint: "), "{told}");
    }
    // What does not stand in it may be wrong.
    let other = manifest(&["--socket"], &[("RECAP__CLICKHOUSE__MAX_EXECUTION_SECONDS", "soon")]);
    assert_eq!(other.status.code(), Some(0), "{}", text(&other.stderr));
    assert!(text(&other.stderr).contains("warning: "), "{}", text(&other.stderr));
}

#[test]
fn an_address_that_slack_cannot_use_is_refused() {
    for (url, said) in [
        ("http://recap.example.com", "Slack sends to https only"),
        ("https://recap.example.com/?a=b", "must be an address alone"),
        ("https://ada:secret@recap.example.com", "must be an address alone"),
        ("recap.example.com", "must be an address as https://recap.example.com"),
        ("https://127.0.0.1:8080", "Slack cannot reach `127.0.0.1`"),
        ("https://recap.internal", "Slack cannot reach `recap.internal`"),
        ("https://recap.example.com/slack", "leave it out: https://recap.example.com"),
        ("https://recap.example.com/base/slack/", "leave it out: https://recap.example.com/base"),
        ("https://recap.example.com/slack/events", "leave it out: https://recap.example.com"),
    ] {
        let output = manifest(&["--url", url], &[]);
        assert_eq!(output.status.code(), Some(2), "{url}");
        assert!(text(&output.stderr).contains(said), "{}", text(&output.stderr));
    }
    let nowhere = manifest(&[], &[]);
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(text(&nowhere.stderr).contains("hint: add `--url https://recap.example.com`"), "{}", text(&nowhere.stderr));
    for (url, said) in [
        ("http://recap.example.com", "https only"),
        ("https://10.0.0.7", "cannot reach `10.0.0.7`"),
        ("https://recap.example.com/slack", "leave it out: https://recap.example.com"),
    ] {
        let refused = manifest(&[], &[("RECAP__HTTP__PUBLIC_URL", url)]);
        assert_eq!((refused.status.code(), text(&refused.stdout)), (Some(2), ""), "{url}");
        let told = text(&refused.stderr);
        assert!(told.contains(said) && told.contains("`http.public_url`") && told.contains("hint:"), "{told}");
    }
}
