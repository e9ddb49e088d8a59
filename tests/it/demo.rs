//! `recap demo` as a process: what it prints, and that nothing of it stays.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test ends at the first surprise")]

use std::{fs, path::Path, process::Stdio, time::Duration};

use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader},
    process::Command,
    time::timeout,
};

use crate::{
    engine::{engine_dir, signal},
    support::binary,
};

/// How long a demo may take, on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(90);
const SMALL: [&str; 5] = ["demo", "--members", "8", "--days", "14"];
const BEGINNING: &str = "Your Claude Code Daily Digest for ";
const SUMMARY: &str = "Claude Code weekly for platform, ";

/// A small demo that keeps its data under `temporary` and knows no settings of this machine.
fn demo(temporary: &TempDir) -> Command {
    let mut command = binary::command();
    command.args(SMALL).current_dir(temporary.path());
    command.env("TMPDIR", temporary.path()).env("RECAP__CLICKHOUSE__ENGINE_DIR", engine_dir());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The messages in what a demo prints before the address of its page.
fn read(stdout: &str) -> Vec<&str> {
    let mut lines: Vec<_> = stdout.lines().collect();
    let page = lines.pop().expect("the page's address");
    assert!(page.starts_with("http://127.0.0.1:") && page.ends_with('/'), "{page}");
    let (summaries, digests): (Vec<&str>, Vec<&str>) =
        lines.iter().copied().partition(|line| line.starts_with(SUMMARY));
    assert!(!digests.is_empty() && digests.iter().all(|line| line.starts_with(BEGINNING)), "{stdout}");
    assert_eq!(summaries.len(), 1, "{stdout}");
    lines
}

/// Whether a process was started with `directory` among its arguments, as a demo's engine is. A test asks for this
/// rather than for a refused connection: a port that was let go may be another test's by now.
fn somebody_uses(directory: &Path) -> bool {
    let wanted = directory.to_str().unwrap();
    fs::read_dir("/proc").unwrap().filter_map(Result::ok).any(|process| {
        let line = fs::read(process.path().join("cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&line).contains(wanted)
    })
}

fn is_empty(directory: &TempDir) -> bool {
    fs::read_dir(directory.path()).unwrap().next().is_none()
}

#[tokio::test]
async fn two_demos_at_once_deliver_and_leave_nothing() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let run = |temporary| {
        let output = demo(temporary).arg("--once").output();
        async move { timeout(PATIENCE, output).await.expect("ends in time").unwrap() }
    };
    let (first, second) = tokio::join!(run(&one), run(&other));
    for (output, temporary) in [(first, &one), (second, &other)] {
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert!(!said.contains("WARN") && !said.contains("ERROR"), "{said}");
        let stdout = String::from_utf8(output.stdout).unwrap();
        let messages = read(&stdout);
        assert!(said.contains(&format!("{} messages sent", messages.len())), "{said}");
        assert!(!somebody_uses(temporary.path()), "an engine is left");
        assert!(is_empty(temporary), "data is left");
    }
}

#[tokio::test]
async fn a_demo_stays_up_with_its_page_until_it_is_told_to_end() {
    let temporary = tempfile::tempdir().unwrap();
    let mut child = demo(&temporary).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut messages = Vec::new();
    let page = loop {
        let line = timeout(PATIENCE, lines.next_line()).await.expect("prints in time").unwrap().expect("goes on");
        if !line.starts_with(BEGINNING) && !line.starts_with(SUMMARY) {
            break line;
        }
        messages.push(line);
    };
    let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
    let shown = client.get(&page).send().await.unwrap().text().await.unwrap();
    assert!(shown.contains("Ada Berger") && shown.contains(messages.last().unwrap()), "{shown}");
    assert!(somebody_uses(temporary.path()), "the engine runs");

    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains("Ctrl-C") {
        assert_ne!(timeout(PATIENCE, stderr.read_line(&mut said)).await.unwrap().unwrap(), 0, "{said}");
    }
    let admin = said.lines().find_map(|line| line.strip_prefix("admin page: ")).unwrap();
    let (admin, token) = admin.strip_suffix(')').unwrap().split_once(" (token ").unwrap();
    assert_eq!(said.matches(token).count(), 1, "{said}");
    let shown = client.get(admin).send().await.unwrap().text().await.unwrap();
    assert!(shown.contains("name=\"token\""), "{shown}");
    let teams = |token: &str| client.get(format!("{admin}api/admin/teams")).bearer_auth(token).send();
    let (allowed, refused) = (teams(token).await.unwrap(), teams("another").await.unwrap());
    assert_eq!((allowed.status().as_u16(), refused.status().as_u16()), (200, 401));
    assert!(allowed.text().await.unwrap().contains("platform"));

    let exports = said.lines().filter_map(|line| line.trim().strip_prefix("export ")?.split_once('='));
    let mut preview = binary::command();
    preview.args(["preview", "daily", "--member", "ada.berger@example.com"]).envs(exports);
    let preview = preview.current_dir(temporary.path()).output().await.unwrap();
    let text = String::from_utf8(preview.stdout).unwrap();
    assert!(
        text.starts_with("Your Claude Code Daily Digest — "),
        "{text}\n{}",
        String::from_utf8_lossy(&preview.stderr)
    );

    signal("TERM", child.id().unwrap());

    assert_eq!(timeout(PATIENCE, child.wait()).await.expect("ends in time").unwrap().code(), Some(0));
    assert!(!somebody_uses(temporary.path()), "an engine is left");
    assert!(is_empty(&temporary), "data is left");
}

#[tokio::test]
async fn a_demo_whose_terminal_is_closed_leaves_nothing() {
    let temporary = tempfile::tempdir().unwrap();
    let mut child = demo(&temporary).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    while timeout(PATIENCE, lines.next_line())
        .await
        .expect("prints in time")
        .unwrap()
        .is_some_and(|line| line.starts_with(BEGINNING) || line.starts_with(SUMMARY))
    {}
    // A terminal takes no more words with it either.
    drop(child.stderr.take());

    signal("HUP", child.id().unwrap());

    assert_eq!(timeout(PATIENCE, child.wait()).await.expect("ends in time").unwrap().code(), Some(0));
    assert!(!somebody_uses(temporary.path()), "an engine is left");
    assert!(is_empty(&temporary), "data is left");
}

#[tokio::test]
async fn a_demo_that_is_ended_while_it_starts_says_so_and_leaves_nothing() {
    let temporary = tempfile::tempdir().unwrap();
    let mut child = demo(&temporary).spawn().unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    timeout(PATIENCE, stderr.read_line(&mut said)).await.unwrap().unwrap();
    assert!(said.starts_with("starting ClickHouse"), "{said}");

    signal("TERM", child.id().unwrap());

    assert_eq!(timeout(PATIENCE, child.wait()).await.expect("ends in time").unwrap().code(), Some(1));
    stderr.read_to_string(&mut said).await.unwrap();
    assert!(said.contains("error: stopped before the digests were delivered"), "{said}");
    assert!(!somebody_uses(temporary.path()), "an engine is left");
    assert!(is_empty(&temporary), "data is left");
}

#[tokio::test]
async fn a_demo_without_the_engine_fails_with_the_command_that_fetches_it() {
    let temporary = tempfile::tempdir().unwrap();
    let mut command = demo(&temporary);
    command.arg("--once").env("RECAP__CLICKHOUSE__ENGINE_DIR", temporary.path().join("nowhere"));
    let output = timeout(PATIENCE, command.output()).await.expect("ends in time").unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{said}");
    assert!(said.contains("error: the embedded ClickHouse is not installed"), "{said}");
    assert!(said.contains("hint: run `make engine`") && !said.contains("clickhouse.url"), "{said}");
    assert!(is_empty(&temporary), "data is left");
}
