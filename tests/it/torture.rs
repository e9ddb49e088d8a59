//! The torture at a reduced size; `make torture` runs it at full size.

mod harness;

use crate::support::{engine, postgres};
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
const PEOPLE: u32 = 60;

fn tell(name: &str, figures: Figures) {
    let mut table = Table::default();
    table.add(name, figures);
    println!("{table}");
}

#[tokio::test]
async fn a_daemon_that_is_killed_at_random_moments_loses_nothing_and_sends_nothing_twice() {
    let figures = kill_rounds(ground().await, &Place::File, ROUNDS, |_, _| {}).await;
    tell("kill -9, SQLite", figures);
}

#[tokio::test]
async fn two_replicas_of_which_one_is_killed_lose_nothing_and_send_nothing_twice() {
    let figures = kill_rounds(ground().await, &postgres().await, ROUNDS, |_, _| {}).await;
    tell("kill -9, PostgreSQL, two replicas", figures);
}

#[tokio::test]
async fn a_daemon_that_ends_at_any_boundary_loses_nothing_and_sends_nothing_twice() {
    let mut all = Figures::default();
    for name in NAMES {
        all += each_failpoint(ground().await, &Place::File, PEOPLE, name, 0).await;
    }
    tell("every failpoint, SQLite", all);
}

#[tokio::test]
async fn a_replica_that_ends_at_any_boundary_loses_nothing_and_sends_nothing_twice() {
    let days = NAMES.map(|name| async move { each_failpoint(ground().await, &postgres().await, PEOPLE, name, 0).await });
    let mut all = Figures::default();
    for figures in futures::future::join_all(days).await {
        all += figures;
    }
    tell("every failpoint, PostgreSQL", all);
}

macro_rules! troubles {
    ($($name:ident: $trouble:ident;)*) => {$(
        #[tokio::test]
        async fn $name() {
            tell(stringify!($name), trouble(ground().await, &Place::File, PEOPLE, Trouble::$trouble).await);
        }
    )*};
}

troubles! {
    a_storm_of_429_is_waited_out: Storm;
    an_hour_of_errors_from_slack_is_waited_out: SlackFails;
    an_hour_without_a_connection_to_slack_is_waited_out: SlackRefuses;
    an_hour_without_clickhouse_is_waited_out: WarehouseIsAway;
    replies_that_are_lost_are_found: LostReplies;
    posts_that_are_reset_are_sent_again: Resets;
    errors_after_acceptance_are_found: ErrorsAfterAcceptance;
    pages_of_html_are_looked_into: PagesOfHtml;
    conversations_that_do_not_open_at_once_are_opened: FirstContact;
    a_token_that_is_refused_for_a_while_stops_everything_and_loses_nothing: DeadToken;
    a_full_disk_loses_nothing: FullDisk;
    a_locked_database_loses_nothing: Locked;
    a_clock_that_leaps_ahead_loses_nothing: ClockForward;
    a_clock_that_falls_back_loses_nothing: ClockBack;
}
