//! Everything else that goes wrong: on Slack's side, on ClickHouse's, with the ledger, with the clock.

use super::{
    clock::Day,
    crew::Crew,
    disk::Disk,
    figures::Figures,
    ground::{Ground, Place},
    verdict::Verdict,
    world::{POST, Plan, World},
};
use chrono::TimeDelta;
use recap::standin::{Fault, RateLimits, Times};
use sqlx::{Connection, Executor};
use std::time::{Duration, Instant};

/// How much faster than the machine's the clock runs: four hours until everything is too late must be long enough for a
/// machine that is busy with other things.
const RATE: f64 = 120.0;
/// How long it may take until a part of the day's posts is made.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long others keep the ledger locked, by the machine's clock: longer than anybody waits for a lock.
const LOCKED_FOR: Duration = Duration::from_secs(7);
/// When an accepted message shows in the history: Slack takes less than 70 s, by the shared clock.
const SHOWN_AFTER: Duration = Duration::from_secs(65);
const OPEN: &str = "conversations.open";

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    Storm,
    SlackFails,
    SlackRefuses,
    WarehouseIsAway,
    LostReplies,
    Resets,
    ErrorsAfterAcceptance,
    PagesOfHtml,
    FirstContact,
    DeadToken,
    FullDisk,
    Locked,
    ClockForward,
    ClockBack,
}

impl Trouble {
    pub const ALL: [Self; 14] = [
        Self::Storm,
        Self::SlackFails,
        Self::SlackRefuses,
        Self::WarehouseIsAway,
        Self::LostReplies,
        Self::Resets,
        Self::ErrorsAfterAcceptance,
        Self::PagesOfHtml,
        Self::FirstContact,
        Self::DeadToken,
        Self::FullDisk,
        Self::Locked,
        Self::ClockForward,
        Self::ClockBack,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Storm => "a storm of 429s",
            Self::SlackFails => "an hour of 503 from Slack",
            Self::SlackRefuses => "an hour without a connection to Slack",
            Self::WarehouseIsAway => "an hour without ClickHouse",
            Self::LostReplies => "10 % of replies lost after acceptance",
            Self::Resets => "10 % of posts reset before acceptance",
            Self::ErrorsAfterAcceptance => "10 % of posts 5xx after acceptance",
            Self::PagesOfHtml => "10 % HTML, before and after acceptance",
            Self::FirstContact => "first contact, every fifth opening fails",
            Self::DeadToken => "a token that is refused for half an hour",
            Self::FullDisk => "a full disk, twice",
            Self::Locked => "a locked database, twice",
            Self::ClockForward => "a clock that leaps ahead 1 h, 10 % lost",
            Self::ClockBack => "a clock that falls back 1 h, 10 % lost",
        }
    }

    /// Whether there is something to try where ledgers are kept at `place`.
    pub fn concerns(self, place: &Place) -> bool {
        self != Self::FullDisk || matches!(place, Place::File)
    }
}

/// One day under `trouble`.
pub async fn trouble(ground: &Ground, place: &Place, people: u32, trouble: Trouble) -> Figures {
    let began = Instant::now();
    let disk = (trouble == Trouble::FullDisk).then(Disk::new);
    let plan = Plan { people, opened: trouble != Trouble::FirstContact };
    let mut world = World::new(ground, place, plan, disk.as_ref().map(Disk::folder)).await;
    prepare(&world, trouble);
    let day = world.dawn(0, RATE, Duration::from_millis(1_500));
    let mut crew = Crew::start(&world, &day);
    strike(&mut world, &day, &crew, trouble, disk.as_ref()).await;
    let is_final = crew.until_final(&world, &day).await;
    crew.kill().await;
    let refused = world.slack.limited(POST);
    let mut verdict = Verdict::of(&world, &day).await;
    (verdict.figures.found, _) = crew.settled();
    verdict.figures.seconds = began.elapsed().as_secs_f64();
    if !is_final {
        verdict.faults.push("the day came to no end, or a daemon to one".to_owned());
    }
    verdict.faults.extend(harmless(trouble, &verdict.figures, refused));
    verdict.hold(|| format!("{}\n{}", trouble.name(), crew.last_lines()))
}

/// What is wrong from the start.
fn prepare(world: &World, trouble: Trouble) {
    let slack = &world.slack;
    // Every so many calls one of the faults; of different periods, or one would hide the others.
    let every = |calls: u32, method: &str, faults: &[Fault]| {
        let longer = calls * u32::try_from(faults.len()).unwrap()..;
        faults.iter().zip(longer).for_each(|(fault, period)| slack.fault_every(method, fault.clone(), period));
    };
    match trouble {
        Trouble::Storm => {
            every(3, POST, &[Fault::RateLimited { seconds: 20 }, Fault::RateLimited { seconds: 1 }]);
            slack.limit_rates(RateLimits { messages_per_minute: Some(world.people / 4), ..RateLimits::SLACK });
        }
        Trouble::LostReplies | Trouble::ClockForward | Trouble::ClockBack => {
            every(10, POST, &[Fault::LoseReply]);
            slack.delay_history(SHOWN_AFTER);
        }
        Trouble::Resets => every(10, POST, &[Fault::Reset]),
        Trouble::ErrorsAfterAcceptance => {
            let internal = Fault::ErrorAfterAccepting("internal_error".into());
            every(10, POST, &[Fault::ServerErrorAfterAccepting(502), internal, Fault::ServerErrorAfterAccepting(500)]);
        }
        Trouble::PagesOfHtml => every(10, POST, &[Fault::NotJsonAfterAccepting, Fault::NotJson]),
        Trouble::FirstContact => {
            let late = Fault::RateLimited { seconds: 5 };
            every(5, OPEN, &[Fault::LoseReply, Fault::ServerError(503), late, Fault::NotJson, Fault::Reset]);
            slack.limit_rates(RateLimits { tiers: true, ..RateLimits::OFF });
        }
        Trouble::SlackFails
        | Trouble::SlackRefuses
        | Trouble::WarehouseIsAway
        | Trouble::DeadToken
        | Trouble::FullDisk
        | Trouble::Locked => {}
    }
}

/// What goes wrong in the middle of the day.
async fn strike(world: &mut World, day: &Day, crew: &Crew, trouble: Trouble, disk: Option<&Disk>) {
    let quarter = (world.people / 4) as usize;
    let later = |minutes| day.due() + TimeDelta::minutes(minutes);
    match trouble {
        Trouble::SlackFails => {
            world.until_posts(quarter, PATIENCE).await;
            world.slack.fault("*", Fault::ServerError(503), Times::UNTIL_CLEARED);
            world.slack.fault(POST, Fault::ServerError(503), Times::UNTIL_CLEARED);
            day.clock().sleep_until(later(60)).await;
            world.slack.clear_faults();
        }
        Trouble::SlackRefuses => {
            world.until_posts(quarter, PATIENCE).await;
            world.slack_wire.cut().await;
            day.clock().sleep_until(later(60)).await;
            world.slack_wire.mend();
        }
        Trouble::WarehouseIsAway => {
            day.clock().sleep_until(later(-1)).await;
            world.warehouse_wire.cut().await;
            day.clock().sleep_until(later(60)).await;
            world.warehouse_wire.mend();
        }
        Trouble::DeadToken => {
            world.until_posts(quarter, PATIENCE).await;
            world.slack.fault("*", Fault::error("invalid_auth"), Times::UNTIL_CLEARED);
            day.clock().sleep_until(later(30)).await;
            world.slack.clear_faults();
        }
        Trouble::FullDisk => {
            let (disk, process) = (disk.expect("a disk"), crew.running[0].process());
            day.clock().sleep_until(later(-1)).await;
            disk.fill(process);
            day.clock().sleep_until(later(20)).await;
            disk.relieve(process);
            world.until_posts(quarter, PATIENCE).await;
            disk.fill(process);
            day.clock().sleep_until(day.now() + TimeDelta::minutes(20)).await;
            disk.relieve(process);
        }
        Trouble::Locked => {
            day.clock().sleep_until(later(-1)).await;
            lock(world).await;
            world.until_posts(quarter, PATIENCE).await;
            lock(world).await;
        }
        Trouble::ClockForward | Trouble::ClockBack => {
            world.until_posts(quarter, PATIENCE).await;
            world.step_clocks(if trouble == Trouble::ClockForward { 1 } else { -1 });
        }
        Trouble::Storm
        | Trouble::LostReplies
        | Trouble::Resets
        | Trouble::ErrorsAfterAcceptance
        | Trouble::PagesOfHtml
        | Trouble::FirstContact => {}
    }
}

/// Keeps the ledger locked for a while, as another process would.
async fn lock(world: &World) {
    let mut moments = tokio::time::interval(LOCKED_FOR);
    moments.tick().await;
    match &world.place {
        Place::File => {
            let url = format!("sqlite://{}?mode=rw", world.folder().join("recap.sqlite").display());
            let mut other = sqlx::SqliteConnection::connect(&url).await.unwrap();
            other.execute("BEGIN EXCLUSIVE").await.unwrap();
            moments.tick().await;
            other.execute("ROLLBACK").await.unwrap();
        }
        Place::Postgres { url, schema } => {
            let mut other = sqlx::PgConnection::connect(url).await.unwrap();
            let lock = format!("BEGIN; LOCK TABLE \"{schema}\".deliveries IN ACCESS EXCLUSIVE MODE");
            other.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(lock))).await.unwrap();
            moments.tick().await;
            other.execute("ROLLBACK").await.unwrap();
        }
    }
}

/// Why the day proves nothing, if so: the trouble did no harm, or everything else was given up.
fn harmless(trouble: Trouble, figures: &Figures, refused: usize) -> Option<String> {
    let harmed = match trouble {
        Trouble::Storm => refused > 0,
        Trouble::LostReplies | Trouble::ErrorsAfterAcceptance | Trouble::ClockForward | Trouble::ClockBack => {
            figures.found > 0
        }
        Trouble::PagesOfHtml => figures.found > 0 && figures.resent > 0,
        Trouble::Resets => figures.resent > 0,
        Trouble::WarehouseIsAway => figures.latest >= 60.0,
        Trouble::SlackFails
        | Trouble::SlackRefuses
        | Trouble::FirstContact
        | Trouble::DeadToken
        | Trouble::FullDisk
        | Trouble::Locked => true,
    };
    let most = figures.sent * 2 > figures.recipients;
    (!harmed || !most).then(|| format!("this proves nothing: {trouble:?} did no harm, or hardly anything was sent"))
}
