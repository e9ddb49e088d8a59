//! The torture at a reduced size; `make torture` runs it at full size.
#![expect(clippy::print_stdout, reason = "the figures are shown with `--nocapture`")]

mod harness;

use crate::support::{engine, postgres};
use futures::{StreamExt, stream};
use harness::{Figures, Ground, Place, Rounds, Table, Trouble, each_failpoint, kill_rounds, trouble};
use recap::failpoint::NAMES;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::OnceCell;

/// Everybody's usage, for all worlds of the process.
async fn ground() -> &'static Ground {
    static GROUND: OnceCell<Ground> = OnceCell::const_new();
    let sown = || async {
        let ground = Ground {
            recap: env!("CARGO_BIN_EXE_recap").into(),
            url: engine::url().await,
            user: "default".into(),
            password: String::new(),
            database: "torture".into(),
            people: 150,
            seed: 7,
        };
        ground.sow(ROUNDS.rounds).await;
        ground
    };
    GROUND.get_or_init(sown).await
}

/// A schema that no other test uses.
async fn postgres() -> Place {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let schema = format!("torture_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    Place::Postgres { url: postgres::url().await, schema }
}

const ROUNDS: Rounds = Rounds { rounds: 4, people: 150 };
const PEOPLE: u32 = 50;
/// Worlds at once.
const AT_ONCE: usize = 4;

fn tell(days: impl IntoIterator<Item = (String, Figures)>) {
    let mut table = Table::default();
    days.into_iter().for_each(|(name, figures)| table.add(name, figures));
    println!("{table}");
}

#[tokio::test]
async fn a_daemon_that_is_killed_at_random_moments_loses_nothing_and_sends_nothing_twice() {
    let figures = kill_rounds(ground().await, &Place::File, ROUNDS, |_, _| {}).await;
    tell([("kill -9, SQLite".to_owned(), figures)]);
}

#[tokio::test]
async fn two_replicas_of_which_one_is_killed_lose_nothing_and_send_nothing_twice() {
    let figures = kill_rounds(ground().await, &postgres().await, ROUNDS, |_, _| {}).await;
    tell([("kill -9, PostgreSQL, two replicas".to_owned(), figures)]);
}

#[tokio::test]
async fn a_daemon_that_ends_at_any_boundary_loses_nothing_and_sends_nothing_twice() {
    at_failpoints(false).await;
}

#[tokio::test]
async fn a_replica_that_ends_at_any_boundary_loses_nothing_and_sends_nothing_twice() {
    at_failpoints(true).await;
}

#[tokio::test]
async fn whatever_goes_wrong_around_it_a_daemon_loses_nothing_and_sends_nothing_twice() {
    under(Trouble::ALL, false).await;
}

#[tokio::test]
async fn whatever_goes_wrong_around_them_two_replicas_lose_nothing_and_send_nothing_twice() {
    under([Trouble::SlackRefuses, Trouble::LostReplies, Trouble::Locked, Trouble::ClockBack], true).await;
}

async fn at_failpoints(on_postgres: bool) {
    let days = stream::iter(NAMES).map(async |name| {
        let place = if on_postgres { postgres().await } else { Place::File };
        let figures = each_failpoint(ground().await, &place, PEOPLE, name, 0).await;
        (format!("{name}, {}", place.name()), figures)
    });
    tell(days.buffered(AT_ONCE).collect::<Vec<_>>().await);
}

/// Most of it waits, so several go on at once.
async fn under(troubles: impl IntoIterator<Item = Trouble>, on_postgres: bool) {
    let days = stream::iter(troubles).map(async |it| {
        let place = if on_postgres { postgres().await } else { Place::File };
        assert!(it.concerns(&place), "{it:?}");
        let figures = trouble(ground().await, &place, PEOPLE, it).await;
        (format!("{}, {}", it.name(), place.name()), figures)
    });
    tell(days.buffered(AT_ONCE).collect::<Vec<_>>().await);
}
