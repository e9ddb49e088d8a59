//! Rounds of `kill -9` at random moments: each is a working day, on one ledger from the first to the last.

use super::{
    clock::Day,
    crew::Crew,
    figures::Figures,
    ground::{Ground, Place},
    verdict::Verdict,
    world::{POST, Plan, World},
};
use chrono::{DateTime, Utc};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use std::time::{Duration, Instant};

/// How much faster than the machine's the clock runs: what takes Slack 70 s to show must still take the machine much
/// longer than an answer of the stand-in.
const RATE: f64 = 60.0;
/// A daemon that is killed may leave so many claims: more than that must be left for the next to be seen sending.
const CLAIMED_AT_MOST: usize = 300;

/// How many rounds, of how many people.
#[derive(Debug, Clone, Copy)]
pub struct Rounds {
    pub rounds: u32,
    pub people: u32,
}

/// When a daemon is killed.
#[derive(Debug, Clone, Copy)]
enum Moment {
    /// So long after the one before.
    After(Duration),
    /// With so many of the day's posts made.
    Posts(usize),
}

/// Runs the rounds; `told` hears of each.
pub async fn kill_rounds(
    ground: &Ground,
    place: &Place,
    rounds: Rounds,
    mut told: impl FnMut(u32, &Figures),
) -> Figures {
    let world = World::new(ground, place, Plan { people: rounds.people, opened: true }, None).await;
    let mut random = StdRng::seed_from_u64(ground.seed);
    let mut all = Figures::default();
    for number in 0..rounds.rounds {
        let figures = round(&world, number, &mut random).await;
        told(number, &figures);
        all += figures;
    }
    all
}

async fn round(world: &World, number: u32, random: &mut StdRng) -> Figures {
    let began = Instant::now();
    let lead = Duration::from_millis(random.random_range(0..1_500));
    let day = world.dawn(number, RATE, lead);
    let posts = world.slack.calls(POST);
    let mut crew = Crew::start(world, &day);
    let mut kills = Vec::new();
    for moment in moments(random, world.people as usize) {
        match moment {
            Moment::After(pause) => {
                let until = day.now() + chrono::TimeDelta::from_std(pause.mul_f64(RATE)).unwrap();
                day.clock().sleep_until(until).await;
            }
            Moment::Posts(count) => world.until_posts(posts + count, Duration::from_secs(10)).await,
        }
        let index = random.random_range(0..crew.running.len());
        crew.kill_and_replace(index, world, &day).await;
        let left = (world.people as usize).saturating_sub(world.slack.calls(POST) - posts);
        kills.push((day.now(), left));
    }
    let is_final = crew.until_final(world, &day).await;
    crew.kill().await;
    let restart = slowest_restart(world, &day, &kills);
    let mut verdict = Verdict::of(world, &day).await;
    if !is_final {
        verdict.faults.push("the day came to no end, or a daemon to one".to_owned());
    }
    let mut figures = verdict.hold(|| format!("round {number}, seed {}\n{}", world.ground.seed, crew.last_lines()));
    figures.kills = kills.len() as u64;
    (figures.found, _) = crew.settled();
    figures.slowest_restart = restart;
    figures.seconds = began.elapsed().as_secs_f64();
    figures
}

fn moments(random: &mut StdRng, people: usize) -> Vec<Moment> {
    let mut posts = 0;
    let count = random.random_range(1..=3);
    let moment = |_| {
        if random.random_bool(0.4) {
            return Moment::After(Duration::from_millis(random.random_range(0..2_500)));
        }
        posts = random.random_range(posts..people);
        Moment::Posts(posts)
    };
    (0..count).map(moment).collect()
}

/// The longest time, by the machine's clock, that nothing was sent after a kill though there was something to send.
fn slowest_restart(world: &World, day: &Day, kills: &[(DateTime<Utc>, usize)]) -> f64 {
    // What the dead had sent may still be on its way for a moment.
    let settling = chrono::TimeDelta::milliseconds(20 * 60);
    let accepted: Vec<_> = world.slack.messages().iter().map(|message| message.at).collect();
    let first_after = |from: DateTime<Utc>| accepted.iter().filter(|at| **at > from + settling).min().copied();
    let waits = kills.iter().filter(|(_, left)| *left > CLAIMED_AT_MOST).filter_map(|(killed, _)| {
        let from = (*killed).max(day.due());
        Some(day.machine_seconds(first_after(from)? - from))
    });
    waits.fold(0.0, f64::max)
}
