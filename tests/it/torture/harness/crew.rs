//! The daemons of a round: started, killed with SIGKILL, replaced, and heard.

use super::{
    clock::{Day, wait_until},
    world::World,
};
use std::{
    collections::VecDeque,
    path::Path,
    process::Stdio,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, ChildStderr, Command},
    task::JoinHandle,
    time::timeout,
};

/// Lines that are kept of each daemon, for a diagnosis.
const KEPT: usize = 200;
/// How long a round may take by the machine's clock before it counts as hung.
const PATIENCE: Duration = Duration::from_mins(5);
/// How long a process that was told to may take to end.
const END_WITHIN: Duration = Duration::from_secs(30);

/// A running `recap serve`; killed with the value.
#[derive(Debug)]
pub struct Daemon {
    child: Child,
    heard: Arc<Mutex<Heard>>,
    hearing: JoinHandle<()>,
}

/// What a daemon told.
#[derive(Debug, Default)]
struct Heard {
    lines: VecDeque<String>,
    found: u64,
    nowhere: u64,
}

impl Daemon {
    /// Starts one; with `failpoint`, one that ends itself there.
    pub fn start(world: &World, day: &Day, failpoint: Option<(&str, u64, &Path)>) -> Self {
        let mut command = mortal(&world.ground.recap);
        command.arg("serve").current_dir(world.folder());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true).process_group(0);
        let inherited = std::env::vars_os().map(|(name, _)| name);
        inherited.filter(|name| name.to_string_lossy().starts_with("RECAP_")).for_each(|name| {
            command.env_remove(name);
        });
        command.env("NO_COLOR", "1").env("RECAP_TEST_CLOCK", day.variable());
        command.env("RECAP_TEST_CLOCK_STEPS", world.steps_file());
        command.envs(world.environment().iter().map(|(name, value)| (name, value)));
        if let Some((name, hit, log)) = failpoint {
            command.env("RECAP_FAILPOINTS", format!("{name}={hit}")).env("RECAP_FAILPOINTS_LOG", log);
        }
        let mut child = command.spawn().expect("`recap` starts");
        let heard = Arc::default();
        let hearing = tokio::spawn(hear(child.stderr.take().unwrap(), Arc::clone(&heard)));
        Self { child, heard, hearing }
    }

    pub fn process(&self) -> u32 {
        self.child.id().unwrap_or_default()
    }

    /// `kill -9`, and waits for the end.
    pub async fn kill(&mut self) {
        let _ = self.child.start_kill();
        self.end().await;
    }

    /// Waits for the end.
    pub async fn end(&mut self) {
        timeout(END_WITHIN, self.child.wait())
            .await
            .unwrap_or_else(|_| panic!("it goes on:\n{}", self.last_lines()))
            .unwrap();
        let _ = timeout(END_WITHIN, &mut self.hearing).await;
    }

    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// How many unknown outcomes it found, and how many it sent again.
    pub fn settled(&self) -> (u64, u64) {
        let heard = self.heard.lock().unwrap();
        (heard.found, heard.nowhere)
    }

    pub fn last_lines(&self) -> String {
        let heard = self.heard.lock().unwrap();
        heard.lines.iter().map(String::as_str).collect::<Vec<_>>().join("\n")
    }
}

/// The command, of a process that dies with ours even where we are killed, and lives on where its files may not grow.
fn mortal(program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "env", "--ignore-signal=XFSZ"]).arg(program);
    command
}

async fn hear(log: ChildStderr, heard: Arc<Mutex<Heard>>) {
    let mut lines = BufReader::new(log).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let mut heard = heard.lock().unwrap();
        if line.contains("an unknown outcome was settled") {
            heard.found += u64::from(line.contains("found=true"));
            heard.nowhere += u64::from(line.contains("found=false"));
        }
        if heard.lines.len() == KEPT {
            heard.lines.pop_front();
        }
        heard.lines.push_back(line);
    }
}

/// All daemons of a round, those that are dead included.
#[derive(Debug)]
pub struct Crew {
    pub running: Vec<Daemon>,
    gone: Vec<Daemon>,
}

impl Crew {
    pub fn start(world: &World, day: &Day) -> Self {
        let running = (0..world.place.replicas()).map(|_| Daemon::start(world, day, None)).collect();
        Self { running, gone: Vec::new() }
    }

    /// After a daemon that ended itself.
    pub fn after(ended: Daemon, world: &World, day: &Day) -> Self {
        Self { gone: vec![ended], ..Self::start(world, day) }
    }

    /// Kills one, and starts another in its place at once.
    pub async fn kill_and_replace(&mut self, index: usize, world: &World, day: &Day) {
        self.running[index].kill().await;
        let next = Daemon::start(world, day, None);
        self.gone.push(std::mem::replace(&mut self.running[index], next));
    }

    /// Kills all that run.
    pub async fn kill(&mut self) {
        for daemon in &mut self.running {
            daemon.kill().await;
        }
        self.gone.append(&mut self.running);
    }

    pub fn settled(&self) -> (u64, u64) {
        let all = self.gone.iter().chain(&self.running).map(Daemon::settled);
        all.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
    }

    pub fn last_lines(&self) -> String {
        let all = self.gone.iter().chain(&self.running);
        all.map(|daemon| format!("--- a daemon:\n{}", daemon.last_lines())).collect::<Vec<_>>().join("\n")
    }

    /// Waits until the ledger has an outcome for everybody; false where that takes too long, or a daemon ends.
    pub async fn until_final(&mut self, world: &World, day: &Day) -> bool {
        let done = async || self.deserter() || world.settled(day).await >= u64::from(world.people);
        wait_until(PATIENCE, done).await && !self.deserter()
    }

    /// A daemon that ended though nobody told it to.
    fn deserter(&mut self) -> bool {
        self.running.iter_mut().any(Daemon::has_ended)
    }
}
