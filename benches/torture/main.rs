//! The torture at full size: what `tests/it/torture.rs` does at a reduced one, with the figures printed.
//!
//! `RECAP_TORTURE_SEED` repeats a run's random moments, `RECAP_TORTURE_ROUNDS` makes it shorter, and arguments name the
//! parts to run, `kills`, `failpoints`, `troubles`, and the databases, `sqlite`, `postgres`; without any, all. Ends at the first digest that is lost, sent twice or unexplained.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a torture prints its figures and ends at the first surprise"
)]

#[path = "../../tests/it/torture/harness/mod.rs"]
mod harness;
#[expect(dead_code, reason = "the tests ask more of it")]
#[path = "../../tests/it/support/postgres.rs"]
mod postgres;

use harness::{Figures, Ground, Place, Rounds, Table, Trouble, each_failpoint, kill_rounds, trouble};
use recap::{
    failpoint::NAMES,
    warehouse::embedded::{Engine, EngineOptions},
};
use secrecy::ExposeSecret;
use std::{
    env,
    path::Path,
    process::ExitCode,
    sync::atomic::{AtomicU32, Ordering},
    time::Instant,
};

const PEOPLE: u32 = 2_000;
const ROUNDS: u32 = 200;
/// Of a day at a failpoint, each with so many different hits.
const PEOPLE_AT_FAILPOINTS: u32 = 500;
const HITS: u64 = 5;
/// After `kill -9` the next start sends within so many seconds.
const RESTART: f64 = 5.0;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(all())
}

async fn all() -> ExitCode {
    let began = Instant::now();
    let number = |name| env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seed = number("RECAP_TORTURE_SEED").unwrap_or_else(|| u64::from(rand::random::<u32>()));
    let rounds = number("RECAP_TORTURE_ROUNDS").map_or(ROUNDS, |rounds| u32::try_from(rounds).unwrap());
    let parts: Vec<String> = env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let named = |those: &[&str]| parts.iter().any(|part| those.contains(&part.as_str()));
    let wanted = |part: &str| !named(&["kills", "failpoints", "troubles"]) || named(&[part]);
    let databases = Databases {
        sqlite: !named(&["postgres"]) || named(&["sqlite"]),
        postgres: !named(&["sqlite"]) || named(&["postgres"]),
    };
    eprintln!("seed {seed}");

    let folder = tempfile::tempdir_in(Path::new(env!("CARGO_MANIFEST_DIR")).join("target")).unwrap();
    let engine_dir = Path::new(env!("CARGO_MANIFEST_DIR")).join(".engine");
    let options = EngineOptions::new(&engine_dir, folder.path(), env!("CARGO_BIN_EXE_recap"));
    let engine = Engine::start(options).await.expect("the engine: run `make engine`");
    let access = engine.access();
    let ground = Ground {
        recap: env!("CARGO_BIN_EXE_recap").into(),
        url: access.url.clone(),
        user: access.user.clone(),
        password: access.password.expose_secret().to_owned(),
        database: "torture".into(),
        people: PEOPLE,
        seed,
    };
    ground.sow(rounds).await;

    let mut table = Table::default();
    let mut slowest = 0.0;
    if wanted("kills") {
        slowest = kills(&ground, rounds, databases, &mut table).await;
    }
    if wanted("failpoints") {
        failpoints(&ground, databases, &mut table).await;
    }
    if wanted("troubles") {
        troubles(&ground, databases, &mut table).await;
    }
    engine.stop().await;
    println!("{table}\nseed {seed}, {:.0} s in all", began.elapsed().as_secs_f64());
    let holds = slowest <= RESTART;
    let verdict = if holds { "holds" } else { "MISSED" };
    println!("from `kill -9` to the next message, in seconds {slowest:9.2}   limit {RESTART:6.1}   {verdict}");
    if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Which databases are tortured.
#[derive(Debug, Clone, Copy)]
struct Databases {
    sqlite: bool,
    postgres: bool,
}

impl Databases {
    async fn places(self) -> Vec<Place> {
        let mut places = Vec::new();
        if self.sqlite {
            places.push(Place::File);
        }
        if self.postgres {
            places.push(postgres().await);
        }
        places
    }
}

/// Answers the slowest restart.
async fn kills(ground: &Ground, rounds: u32, databases: Databases, table: &mut Table) -> f64 {
    let mut slowest = 0.0_f64;
    for place in databases.places().await {
        let told = |round: u32, it: &Figures| {
            let Figures { kills, sent, missed, found, resent, slowest_restart, seconds, .. } = it;
            eprintln!(
                "{} round {round}: {seconds:.1} s, {kills} kills, {sent} sent, {missed} missed, {found} found, \
                 {resent} resent, {slowest_restart:.2} s to the next message",
                place.name()
            );
        };
        let figures = kill_rounds(ground, &place, Rounds { rounds, people: PEOPLE }, told).await;
        slowest = slowest.max(figures.slowest_restart);
        table.add(format!("kill -9, {}, replicas: {}", place.name(), place.replicas()), figures);
    }
    slowest
}

async fn failpoints(ground: &Ground, databases: Databases, table: &mut Table) {
    for on_postgres in [false, true].into_iter().filter(|it| if *it { databases.postgres } else { databases.sqlite }) {
        for name in NAMES {
            let mut all = Figures::default();
            for hit in 0..HITS {
                let place = if on_postgres { postgres().await } else { Place::File };
                all += each_failpoint(ground, &place, PEOPLE_AT_FAILPOINTS, name, hit).await;
            }
            let place = if on_postgres { "PostgreSQL" } else { "SQLite" };
            eprintln!("{name}, {place}: {:.1} s", all.seconds);
            table.add(format!("{name}, {place}"), all);
        }
    }
}

async fn troubles(ground: &Ground, databases: Databases, table: &mut Table) {
    for it in Trouble::ALL {
        for place in databases.places().await {
            if it.concerns(&place) {
                let figures = trouble(ground, &place, PEOPLE, it).await;
                let Figures { sent, missed, found, resent, latest, seconds, .. } = &figures;
                eprintln!(
                    "{}, {}: {seconds:.1} s, {sent} sent, {missed} missed, {found} found, {resent} resent, {latest:.0} min late",
                    it.name(),
                    place.name()
                );
                table.add(format!("{}, {}", it.name(), place.name()), figures);
            }
        }
    }
}

/// A schema of its own.
async fn postgres() -> Place {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let schema = format!("torture_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    Place::Postgres { url: postgres::url().await, schema }
}
