//! `/usage` of a thousand people, 50 a second, with 10 million events in the warehouse: how soon each is acknowledged, as
//! who sends it sees it, and that every one is answered.

use super::{
    daemon::{Daemon, id},
    judge,
};
use recap::{
    clock::Clock,
    sample::{self, Options, Shape, Tables, Usage},
    warehouse::embedded::{Engine, EngineOptions},
};
use secrecy::ExposeSecret;
use std::{path::Path, time::Duration};
use tokio::{task::JoinSet, time::Instant};

const MEMBERS: u32 = 20_000;
const EVENTS: u64 = 10_000_000;
const DATABASE: &str = "bench_usage";
/// Divides members and events, to try the program out: its figures then say nothing.
const REDUCED: &str = "RECAP_BENCH_REDUCED_BY";
const COMMANDS: usize = 1_000;
const EVERY: Duration = Duration::from_millis(20);
const LIMIT_MS: f64 = 100.0;
/// How long the last answers may take: a query of one member reads the day's events.
const PATIENCE: Duration = Duration::from_mins(10);

/// Answers whether the acknowledgements come in time.
pub async fn measure() -> bool {
    let reduced = std::env::var(REDUCED).map_or(1, |by| by.parse::<u32>().expect("a number"));
    let (members, events) = (MEMBERS / reduced, EVENTS / u64::from(reduced));
    let files = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let engine_dir = Path::new(env!("CARGO_MANIFEST_DIR")).join(".engine");
    let options = EngineOptions::new(&engine_dir, files.path(), env!("CARGO_BIN_EXE_recap"));
    let engine = Engine::start(options).await.expect("the engine: run `make engine`");
    eprintln!("writing {events} events of {members} members");
    let end = Clock::system().now();
    let usage = Usage::new(Options { members, days: 30, seed: 7, end, events_target: Some(events) });
    let addresses: Vec<_> = usage.members().into_iter().filter_map(|member| member.email).take(COMMANDS).collect();
    let access = engine.access();
    let client = clickhouse::Client::default().with_url(&access.url);
    let client = client.with_user(&access.user).with_password(access.password.expose_secret());
    let tables = Tables::of(Shape::Map, DATABASE, None, None);
    sample::write(&client, &tables, Shape::Map, usage, |_| {}).await.expect("the sample is written");

    let daemon = Daemon::start(files.path(), &addresses, Some((access, DATABASE))).await;
    daemon.help().await;
    // The first one opens the warehouse.
    daemon.slack.command(&id(0), &id(0), "/usage").await.expect("a person");
    answered(&daemon, 2).await;
    let mut pace = tokio::time::interval(EVERY);
    let mut sent = JoinSet::new();
    for number in 0..addresses.len() {
        pace.tick().await;
        let slack = daemon.slack.clone();
        sent.spawn(async move {
            let outcome = slack.command(&id(number), &id(number), "/usage").await.expect("a person");
            assert_eq!(outcome.status, Some(200), "{outcome:?}");
            outcome.elapsed.as_secs_f64() * 1_000.0
        });
    }
    let mut times = sent.join_all().await;
    let began = Instant::now();
    answered(&daemon, addresses.len() + 2).await;
    println!(
        "the last of {} answers came {:.1} s after the last command",
        addresses.len(),
        began.elapsed().as_secs_f64()
    );
    daemon.stop().await;
    engine.stop().await;
    times.sort_by(f64::total_cmp);
    let p99 = times[times.len() * 99 / 100];
    println!("`/usage` at 50 a second: acknowledged within {:.1} ms in the median", times[times.len() / 2]);
    judge("p99 of the acknowledgement of `/usage`, in ms", p99, false, LIMIT_MS)
}

/// Waits until so many answers arrived.
async fn answered(daemon: &Daemon, count: usize) {
    let began = Instant::now();
    while daemon.slack.messages().iter().filter(|message| message.only_for.is_some()).count() < count {
        assert!(began.elapsed() < PATIENCE, "not every command was answered");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
