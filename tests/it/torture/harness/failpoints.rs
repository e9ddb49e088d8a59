//! Every boundary of the state machine: a daemon ends itself there, and others go on.

use super::{
    crew::{Crew, Daemon},
    figures::Figures,
    ground::{Ground, Place},
    verdict::Verdict,
    world::{POST, Plan, World},
};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use recap::standin::{Fault, Times};
use std::time::{Duration, Instant};

/// Slow enough for what is between a killed daemon and the stand-in.
const RATE: f64 = 60.0;
/// How long a daemon may take to get where it is to end.
const PATIENCE: Duration = Duration::from_mins(1);

/// One day in which a daemon ends itself at the failpoint `name`.
pub async fn each_failpoint(ground: &Ground, place: &Place, people: u32, name: &str, seed: u64) -> Figures {
    let began = Instant::now();
    let world = World::new(ground, place, Plan { people, opened: true }, None).await;
    let mut random = StdRng::seed_from_u64(ground.seed.wrapping_add(seed));
    let hit = match name {
        // Once for each day, page or batch.
        _ if name.starts_with("plan.") => 1,
        "report.after_claim" => 1,
        "report.before_rendered" | "report.after_rendered" => random.random_range(1..=u64::from(people.div_ceil(200))),
        "reconcile.after_find" => random.random_range(1..=3),
        // These pass by with every idle look, too.
        "relay.before_claim" => random.random_range(1..=40),
        _ => random.random_range(1..=u64::from(people / 2)),
    };
    if name.starts_with("reconcile.") {
        world.slack.fault(POST, Fault::LoseReply, Times(3));
    }
    let day = world.dawn(0, RATE, Duration::from_millis(500));
    let log = world.folder().join("failpoints");
    let mut doomed = Daemon::start(&world, &day, Some((name, hit, &log)));
    let ended = super::clock::wait_until(PATIENCE, async || doomed.has_ended()).await;
    assert!(ended, "`{name}` was not hit {hit} times:\n{}", doomed.last_lines());
    doomed.end().await;
    assert_eq!(std::fs::read_to_string(&log).unwrap_or_default(), format!("{name} {hit}\n"), "{}", doomed.last_lines());

    let mut crew = Crew::after(doomed, &world, &day);
    let is_final = crew.until_final(&world, &day).await;
    crew.kill().await;
    let mut verdict = Verdict::of(&world, &day).await;
    if !is_final {
        verdict.faults.push("the day came to no end".to_owned());
    }
    let mut figures = verdict.hold(|| format!("`{name}`, hit {hit}\n{}", crew.last_lines()));
    figures.kills = 1;
    (figures.found, _) = crew.settled();
    figures.seconds = began.elapsed().as_secs_f64();
    figures
}
