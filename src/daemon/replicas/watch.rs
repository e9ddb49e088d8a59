//! Which replicas are dead, by their counts and a clock of our own.

use super::BEAT;
use std::{collections::BTreeMap, time::Duration};
use tokio::time::Instant;

/// A replica that did not count for so long is dead.
const DEAD_AFTER: Duration = Duration::from_secs(4);
/// What one look adds at most. Between looks further apart (a store that was away, a machine that slept) the others
/// could not count either, or we could not see it.
const MOST_PER_LOOK: Duration = Duration::from_millis(1_500);

/// Watches the others.
#[derive(Debug)]
pub(super) struct Watch {
    me: String,
    looked: Option<Instant>,
    seen: BTreeMap<String, Seen>,
}

/// One of the others.
#[derive(Debug)]
struct Seen {
    /// `None`: it holds claims and is not on the list.
    count: Option<i64>,
    /// How long we have watched the count stand still.
    still: Duration,
}

impl Watch {
    pub(super) fn new(me: String) -> Self {
        Self { me, looked: None, seen: BTreeMap::new() }
    }

    /// Looks at everybody's count and at who holds claims, and names the dead; they are forgotten.
    pub(super) fn look(&mut self, counts: &[(String, i64)], holders: &[String], now: Instant) -> Vec<String> {
        let passed = self.looked.map_or(Duration::ZERO, |looked| now - looked).min(MOST_PER_LOOK);
        self.looked = Some(now);

        let mut found: BTreeMap<&str, Option<i64>> = holders.iter().map(|holder| (holder.as_str(), None)).collect();
        found.extend(counts.iter().map(|(replica, count)| (replica.as_str(), Some(*count))));
        found.remove(self.me.as_str());

        let mut dead = Vec::new();
        let mut seen = BTreeMap::new();
        for (replica, count) in found {
            let still = match self.seen.get(replica) {
                Some(before) if before.count == count => before.still + passed,
                _ => Duration::ZERO,
            };
            if still >= DEAD_AFTER {
                dead.push(replica.to_owned());
            } else {
                seen.insert(replica.to_owned(), Seen { count, still });
            }
        }
        self.seen = seen;
        dead
    }
}

// Looks of a second each name a dead one within the five seconds that a restart may be delayed.
const _: () = assert!(DEAD_AFTER.as_millis() + BEAT.as_millis() <= 5_000);

#[cfg(test)]
mod tests {
    use super::*;

    /// A watch by `me` and a clock that a test moves.
    struct Scene {
        watch: Watch,
        now: Instant,
        counts: Vec<(String, i64)>,
        holders: Vec<String>,
    }

    impl Scene {
        fn with(replicas: &[&str]) -> Self {
            let counts = replicas.iter().map(|replica| ((*replica).to_owned(), 1)).collect();
            Self { watch: Watch::new("me".into()), now: Instant::now(), counts, holders: Vec::new() }
        }

        fn beat(&mut self, replica: &str) {
            for (_, count) in self.counts.iter_mut().filter(|(name, _)| name == replica) {
                *count += 1;
            }
        }

        /// Looks after so many milliseconds.
        fn look_after(&mut self, milliseconds: u64) -> Vec<String> {
            self.now += Duration::from_millis(milliseconds);
            self.watch.look(&self.counts, &self.holders, self.now)
        }
    }

    #[test]
    fn who_counts_lives_and_who_stands_still_for_four_seconds_is_dead() {
        let mut scene = Scene::with(&["me", "alive", "dead"]);
        assert!(scene.look_after(0).is_empty());
        for second in 1..=4 {
            scene.beat("alive");
            let expected: &[&str] = if second == 4 { &["dead"] } else { &[] };
            assert_eq!(scene.look_after(1_000), expected, "second {second}");
        }
    }

    #[test]
    fn a_single_count_in_time_saves_a_slow_one() {
        let mut scene = Scene::with(&["slow"]);
        for _ in 0..10 {
            scene.beat("slow");
            for _ in 0..4 {
                assert!(scene.look_after(999).is_empty());
            }
        }
        assert_eq!(scene.look_after(1_003), ["slow"]);
    }

    #[test]
    fn we_are_never_dead_to_ourselves() {
        let mut scene = Scene::with(&["me"]);
        scene.holders.push("me".into());
        for _ in 0..10 {
            assert!(scene.look_after(1_000).is_empty());
        }
    }

    #[test]
    fn a_store_that_was_away_for_a_minute_kills_nobody() {
        let mut scene = Scene::with(&["other"]);
        scene.look_after(0);
        assert!(scene.look_after(60_000).is_empty(), "nobody could count meanwhile");
        scene.beat("other");
        assert!(scene.look_after(1_000).is_empty());
        let looks = (1..10).find(|_| !scene.look_after(60_000).is_empty()).unwrap();
        assert_eq!(looks, 3, "and yet one that is dead is found");
    }

    #[test]
    fn a_holder_that_is_not_listed_is_waited_for_as_long() {
        let mut scene = Scene::with(&[]);
        scene.holders.push("ghost".into());
        scene.look_after(0);
        for _ in 0..3 {
            assert!(scene.look_after(1_000).is_empty());
        }
        assert_eq!(scene.look_after(1_000), ["ghost"]);
    }

    #[test]
    fn one_that_comes_back_after_its_death_is_watched_anew() {
        let mut scene = Scene::with(&["other"]);
        scene.look_after(0);
        while scene.look_after(1_000).is_empty() {}
        scene.beat("other");
        for _ in 0..4 {
            assert!(scene.look_after(1_000).is_empty());
        }
        scene.counts.clear();
        scene.holders.push("other".into());
        assert!(scene.look_after(1_000).is_empty(), "it left the list just now");
    }
}
