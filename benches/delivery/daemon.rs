//! The memory of a daemon that plans, computes and sends to 50,000 members, with nearly all of it outstanding.

use super::{
    figures::Report,
    office::{self, POST, TOKEN},
    people,
    usage::{self, DATABASE},
};
use chrono::{DateTime, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use recap::{
    clock::Clock,
    standin::{RateLimits, Standin},
    store::Store,
    warehouse::embedded::{Access, Engine, EngineOptions},
};
use secrecy::ExposeSecret;
use sqlx::{Connection, SqliteConnection};
use std::{
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};
use tokio::process::{Child, Command};

const MEMBERS: u32 = 50_000;
/// Slack's limit in this run, and where the daemon begins.
const PER_MINUTE: u32 = 600;
/// The peak is read when so many were sent, all are computed, and the scheduler ticked so often.
const SENT: usize = 1_000;
const TICKS: u64 = 2;
const LIMIT_MB: f64 = 150.0;
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// At most so many are neither waiting nor posted.
const UNDER_WAY: u64 = 256;
/// How long all of it may take.
const PATIENCE: Duration = Duration::from_mins(15);

/// Runs `recap serve` on a store where everybody opted in and is due.
pub async fn measure(report: &mut Report) {
    let files = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let engine_dir = Path::new(env!("CARGO_MANIFEST_DIR")).join(".engine");
    let options = EngineOptions::new(&engine_dir, files.path(), env!("CARGO_BIN_EXE_recap"));
    let engine = Engine::start(options).await.expect("the engine: run `make engine`");
    let (zone, due) = due_now(Clock::system().now());
    usage::write(engine.access(), MEMBERS, due - TimeDelta::hours(20)).await;
    let slack = office::standin(MEMBERS).await;
    office::open_all(&slack, MEMBERS).await;
    slack.limit_rates(RateLimits { messages_per_minute: Some(PER_MINUTE), ..RateLimits::SLACK });
    let store = people::store(files.path(), due).await;
    people::learn(&store, MEMBERS, zone, true, due).await;
    opt_in(files.path(), due - TimeDelta::hours(1)).await;
    let enabled = (due - TimeDelta::hours(1)).to_rfc3339();
    store.set_value("daily.enabled_at", Some(&enabled)).await.expect("enabled");

    let started = Instant::now();
    let mut daemon = serve(files.path(), &slack, engine.access(), (zone, due));
    let process = daemon.id().expect("it runs");
    let computed = until(&store, &mut daemon, started, |states| {
        states.planned == 0 && states.rendered + slack.calls(POST) as u64 + UNDER_WAY >= u64::from(MEMBERS)
    });
    computed.await;
    let (seconds, peak) = (started.elapsed().as_secs_f64(), peak_mb(process));
    report.tell(format!(
        "a daemon that planned and computed {MEMBERS}: {seconds:.0} s after its start, peak {peak:.0} MB, {} sent",
        slack.calls(POST)
    ));
    until(&store, &mut daemon, started, |_| {
        slack.calls(POST) >= SENT && started.elapsed() > Duration::from_mins(TICKS)
    })
    .await;
    let (sent, peak) = (slack.calls(POST), peak_mb(process));
    report.tell(format!(
        "after {:.0} s {} were outstanding, {sent} messages posted ({} answers 429)",
        started.elapsed().as_secs_f64(),
        u64::from(MEMBERS) - sent as u64,
        slack.limited(POST)
    ));
    report.at_most(format!("peak memory of a daemon with {MEMBERS} outstanding, in MB"), peak, LIMIT_MB);
    daemon.kill().await.expect("it ends");
    store.database().close().await;
    slack.stop().await;
    engine.stop().await;
}

/// A zone where the day is young, and the minute that has just passed there.
fn due_now(now: DateTime<Utc>) -> (Tz, DateTime<Utc>) {
    let due = (now - TimeDelta::minutes(1)).with_second(0).and_then(|due| due.with_nanosecond(0)).expect("a minute");
    let morning = |zone: &Tz| due.with_timezone(zone).hour() == 9;
    let zones = [
        Tz::UTC,
        Tz::Europe__Berlin,
        Tz::Asia__Dubai,
        Tz::Asia__Karachi,
        Tz::Asia__Dhaka,
        Tz::Asia__Bangkok,
        Tz::Asia__Singapore,
        Tz::Asia__Tokyo,
        Tz::Australia__Brisbane,
        Tz::Pacific__Guadalcanal,
        Tz::Pacific__Auckland,
        Tz::Pacific__Tongatapu,
        Tz::Pacific__Honolulu,
        Tz::America__Anchorage,
        Tz::America__Los_Angeles,
        Tz::America__Denver,
        Tz::America__Chicago,
        Tz::America__New_York,
        Tz::America__Halifax,
        Tz::America__Sao_Paulo,
        Tz::Atlantic__South_Georgia,
        Tz::Atlantic__Azores,
        Tz::Africa__Nairobi,
        Tz::Asia__Tashkent,
        Tz::Africa__Cairo,
        Tz::Pacific__Pago_Pago,
    ];
    (zones.into_iter().find(morning).unwrap_or(Tz::UTC), due)
}

/// Everybody's own opt-in, as the page records it; one at a time would take as long as the rest.
async fn opt_in(folder: &Path, at: DateTime<Utc>) {
    const OPT_IN: &str = "INSERT INTO consents (workspace_id, member_id, number, kind, at, surface, actor, wording)
        SELECT workspace_id, member_id, 1, 'opt_in', $1, 'slack', member_id, 'Send me the daily digest.' FROM members";
    let url = people::url(folder).replace("sqlite:", "sqlite://");
    let mut connection = SqliteConnection::connect(&url).await.expect("a connection");
    let rows = sqlx::query(OPT_IN).bind(at.timestamp_micros()).execute(&mut connection).await.expect("consents");
    assert_eq!(rows.rows_affected(), u64::from(MEMBERS));
    connection.close().await.expect("closed");
}

fn serve(folder: &Path, slack: &Standin, access: &Access, (zone, due): (Tz, DateTime<Utc>)) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_recap"));
    command.arg("serve").current_dir(folder).kill_on_drop(true).stdout(Stdio::null()).stderr(Stdio::inherit());
    for (key, value) in [
        ("LOG__LEVEL", "warn".to_owned()),
        ("HTTP__LISTEN", "127.0.0.1:0".to_owned()),
        ("HTTP__OPS_LISTEN", "127.0.0.1:0".to_owned()),
        ("STORE__URL", people::url(folder)),
        ("SLACK__API_URL", slack.api_url()),
        ("SLACK__BOT_TOKEN", TOKEN.to_owned()),
        ("SLACK__MESSAGES_PER_MINUTE", PER_MINUTE.to_string()),
        ("CLICKHOUSE__URL", access.url.clone()),
        ("CLICKHOUSE__USER", access.user.clone()),
        ("CLICKHOUSE__PASSWORD", access.password.expose_secret().to_owned()),
        ("CLICKHOUSE__DATABASE", DATABASE.to_owned()),
        ("DIGEST__ENABLED", "true".to_owned()),
        ("DIGEST__DEFAULT_DAYS", "mon-sun".to_owned()),
        ("DIGEST__DEFAULT_TIME", due.with_timezone(&zone).format("%H:%M").to_string()),
    ] {
        command.env(format!("RECAP__{key}"), value);
    }
    command.spawn().expect("a daemon")
}

/// How many deliveries are in which state.
struct States {
    planned: u64,
    rendered: u64,
}

async fn until(store: &Store, daemon: &mut Child, started: Instant, reached: impl Fn(&States) -> bool) {
    loop {
        let open = store.open_deliveries().await.expect("states");
        let count = |state: &str| open.iter().filter(|tally| tally.state == state).map(|tally| tally.count).sum();
        if reached(&States { planned: count("planned"), rendered: count("rendered") }) {
            return;
        }
        assert!(daemon.try_wait().expect("its status").is_none(), "the daemon ended");
        assert!(started.elapsed() < PATIENCE, "the daemon is too slow: {open:?}");
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// The most memory that a process ever had, in MB (`VmHWM` of proc_pid_status(5)).
fn peak_mb(process: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("the process is there");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("its peak");
    let kib: f64 = line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("a number");
    kib * 1_024.0 / 1e6
}
