//! One run of the child: spawned, waited for until it answers, and what it said if it ended first.

use std::collections::VecDeque;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use secrecy::ExposeSecret;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdin, Command};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::access::Access;
use super::ask::ask;
use super::library::EngineLibrary;
use super::{EngineError, EngineOptions};

/// How long a child may take to answer.
const READY_WITHIN: Duration = Duration::from_secs(30);
/// How often a starting child is asked.
const ASK_EVERY: Duration = Duration::from_millis(50);
/// All that a child gets of the environment: the rest holds Recap's secrets.
const ENVIRONMENT: [&str; 5] = ["PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "TZ"];
/// How long the last words of a dead child are waited for.
const LAST_WORDS_WITHIN: Duration = Duration::from_secs(2);
/// How many lines of its standard error are kept.
const TAIL_LINES: usize = 20;

/// A child that answers.
#[derive(Debug)]
pub struct Host {
    child: Child,
    // The child ends when this does. Kept apart, as `Child::wait` would close it.
    lifeline: Option<ChildStdin>,
    tail: Arc<Mutex<VecDeque<String>>>,
    reader: Option<JoinHandle<()>>,
}

impl Host {
    /// Starts a child that answers as `access` says and waits until it does; fails as soon as it ends, or after 30 s.
    pub async fn start(
        options: &EngineOptions,
        port: u16,
        access: &Access,
        client: &reqwest::Client,
    ) -> Result<Self, EngineError> {
        let mut host = Self::spawn(options, port)?;
        if options.users_config.is_none() {
            host.tell(access).await;
        }
        let process = host.process();
        let deadline = Instant::now() + READY_WITHIN;
        loop {
            tokio::select! {
                status = host.child.wait() => return Err(host.why(options, status).await),
                answers = answers(client, access, process) => if answers { return Ok(host) },
            }
            if Instant::now() >= deadline {
                host.kill().await;
                return Err(EngineError::Silent { after: READY_WITHIN });
            }
            tokio::time::sleep(ASK_EVERY).await;
        }
    }

    fn spawn(options: &EngineOptions, port: u16) -> Result<Self, EngineError> {
        let mut command = Command::new(&options.executable);
        command.arg("clickhouse").arg("--path").arg(&options.data_dir).arg("--port").arg(port.to_string());
        command.arg("--engine-dir").arg(&options.engine_dir).arg("--exit-with-parent");
        match &options.users_config {
            Some(users) => command.arg("--users-config").arg(users),
            None => command.arg("--password-stdin"),
        };
        if options.query_log {
            command.arg("--query-log");
        }
        command.env_clear().envs(ENVIRONMENT.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
        // A group of its own: Ctrl-C is for the parent, which stops the child when its own work is done.
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).process_group(0).kill_on_drop(true);
        let mut child =
            command.spawn().map_err(|source| EngineError::Spawn { executable: options.executable.clone(), source })?;
        let tail = Arc::default();
        let reader = child.stderr.take().map(|stderr| tokio::spawn(keep_tail(stderr, Arc::clone(&tail))));
        let lifeline = child.stdin.take();
        Ok(Self { child, lifeline, tail, reader })
    }

    /// Hands the password over where neither `ps` nor `/proc` shows it.
    async fn tell(&mut self, access: &Access) {
        let line = format!("{}\n", access.password.expose_secret());
        if let Some(lifeline) = &mut self.lifeline {
            // A child that ended already says why on its standard error.
            let _ = lifeline.write_all(line.as_bytes()).await;
        }
    }

    /// The process id of the child.
    pub fn process(&self) -> u32 {
        self.child.id().unwrap_or_default()
    }

    /// Waits until the child ends.
    pub async fn ended(&mut self) -> std::io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// Ends the child and waits until it is gone.
    pub async fn kill(&mut self) {
        if let Err(error) = self.child.kill().await {
            tracing::warn!(%error, "cannot end the embedded ClickHouse");
        }
    }

    async fn why(&mut self, options: &EngineOptions, status: std::io::Result<ExitStatus>) -> EngineError {
        let status = match status {
            Ok(status) => status,
            Err(source) => return EngineError::Spawn { executable: options.executable.clone(), source },
        };
        if let Some(reader) = self.reader.take() {
            // A grandchild could hold the pipe open; its words are not worth waiting for.
            let _ = tokio::time::timeout(LAST_WORDS_WITHIN, reader).await;
        }
        let tail = self.tail.lock().unwrap_or_else(PoisonError::into_inner);
        match last_words(tail.iter().map(String::as_str)) {
            Some((reason, hint)) => EngineError::Refused { reason, hint },
            None => EngineError::Died {
                path: EngineLibrary::find(&options.engine_dir).unwrap_or_else(|_| options.engine_dir.clone()),
                status,
                tail: tail.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" "),
            },
        }
    }
}

/// The child is a `recap` command: its failure is an `error:` line, and perhaps a `hint:` line. What ClickHouse
/// itself says comes before, as a `Code:` line.
fn last_words<'a>(lines: impl DoubleEndedIterator<Item = &'a str> + Clone) -> Option<(String, Option<String>)> {
    let reason = lines.clone().rev().find_map(|line| line.strip_prefix("error: "))?;
    let engine = lines.clone().rev().find(|line| line.starts_with("Code: "));
    let reason = engine.map_or_else(|| reason.to_owned(), |engine| format!("{reason}: {engine}"));
    let hint = lines.rev().find_map(|line| line.strip_prefix("hint: "));
    Some((reason, hint.map(str::to_owned)))
}

async fn keep_tail(stderr: ChildStderr, tail: Arc<Mutex<VecDeque<String>>>) {
    let mut lines = BufReader::new(stderr).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let mut tail = tail.lock().unwrap_or_else(PoisonError::into_inner);
        if tail.len() == TAIL_LINES {
            tail.pop_front();
        }
        tail.push_back(line);
    }
}

/// Whether the child `process` itself answers: another ClickHouse there has another macro or none.
async fn answers(client: &reqwest::Client, access: &Access, process: u32) -> bool {
    ask(client, access, "SELECT getMacro('recap_host')").await.is_some_and(|answer| answer == process.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_words_of_a_child_are_its_error_and_hint() {
        let lines =
            ["2026-09-14 INFO starting", "error: cannot load `x`: invalid ELF header", "hint: run `make engine`"];
        assert_eq!(
            last_words(lines.into_iter()),
            Some(("cannot load `x`: invalid ELF header".into(), Some("run `make engine`".into())))
        );
        let lines = ["Code: 210. DB::Exception: Listen failed", "error: the embedded ClickHouse ended"];
        let reason = "the embedded ClickHouse ended: Code: 210. DB::Exception: Listen failed".to_owned();
        assert_eq!(last_words(lines.into_iter()), Some((reason, None)));
        assert_eq!(last_words(["Segmentation fault"].into_iter()), None);
    }
}
