//! Failpoints and the clock of a test, as the environment sets them.

use super::NAMES;
use crate::clock::Clock;
use anyhow::{Context, anyhow, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use rustix::process::{Signal, getpid, kill_process};
use std::{
    collections::BTreeMap,
    env, fs,
    io::Write,
    path::Path,
    process,
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

/// How often the steps of the clock are read.
const LOOK_EVERY: Duration = Duration::from_millis(20);

static ARMED: LazyLock<Failpoints> = LazyLock::new(|| {
    let text = env::var("RECAP_FAILPOINTS").unwrap_or_default();
    Failpoints::parse(&text).unwrap_or_else(|error| {
        // A test that arms nothing would pass without having tried anything.
        tracing::error!(error = format!("{error:#}"), "`RECAP_FAILPOINTS` cannot be read");
        process::abort()
    })
});

/// Passes by the place `name`, one of [`NAMES`]; ends the process where that is armed and this is the hit.
pub fn hit(name: &'static str) {
    if let Some(number) = ARMED.due(name) {
        note(name, number);
        let _ = kill_process(getpid(), Signal::KILL);
        process::abort();
    }
}

/// Writes the one line of a process that ends; a line that cannot be written must not save it.
fn note(name: &str, number: u64) {
    if let Some(path) = env::var_os("RECAP_FAILPOINTS_LOG") {
        let file = fs::OpenOptions::new().create(true).append(true).open(path);
        let _ = file.and_then(|mut file| file.write_all(format!("{name} {number}\n").as_bytes()));
    }
}

/// The clock that `RECAP_TEST_CLOCK="<machine epoch µs>,<virtual epoch µs>,<rate>"` describes, if it is set:
/// processes with the same value share it. `RECAP_TEST_CLOCK_STEPS` may name a file that says by how many microseconds
/// it was moved since the start, as a correction of the machine's clock would; it is looked at again and again.
///
/// # Errors
/// When the value has another form.
pub fn clock_from_environment() -> anyhow::Result<Option<Clock>> {
    let Ok(text) = env::var("RECAP_TEST_CLOCK") else { return Ok(None) };
    let clock = clock(&text).with_context(|| format!("`RECAP_TEST_CLOCK` is `{text}`"))?;
    if let Some(file) = env::var_os("RECAP_TEST_CLOCK_STEPS") {
        let stepped = clock.clone();
        thread::spawn(move || follow(&stepped, file.as_ref()));
    }
    Ok(Some(clock))
}

fn follow(clock: &Clock, file: &Path) {
    let mut moved = 0;
    loop {
        moved += step(clock, file, moved);
        thread::sleep(LOOK_EVERY);
    }
}

/// Moves the clock from where it was `moved` to before to where the file says, and answers by how many microseconds.
fn step(clock: &Clock, file: &Path, moved: i64) -> i64 {
    let told = fs::read_to_string(file).ok().and_then(|text| text.trim().parse::<i64>().ok());
    let by = told.map_or(0, |told| told - moved);
    clock.step(TimeDelta::microseconds(by));
    by
}

fn clock(text: &str) -> anyhow::Result<Clock> {
    let mut parts = text.split(',').map(str::trim);
    let mut part = || parts.next().ok_or_else(|| anyhow!("it must have three parts"));
    let (since, start, rate): (i64, i64, f64) = (part()?.parse()?, part()?.parse()?, part()?.parse()?);
    ensure!(parts.next().is_none(), "it must have three parts");
    ensure!(rate.is_finite() && rate > 0.0, "the rate must be above zero");
    let instant = |micros| DateTime::<Utc>::from_timestamp_micros(micros).context("there is no such instant");
    Ok(Clock::running_since(instant(since)?, instant(start)?, rate))
}

/// The armed names, with how often each was hit and which hit ends the process.
#[derive(Debug, Default)]
struct Failpoints(BTreeMap<&'static str, (AtomicU64, u64)>);

impl Failpoints {
    fn parse(text: &str) -> anyhow::Result<Self> {
        let mut armed = BTreeMap::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (name, number) = part.split_once('=').ok_or_else(|| anyhow!("`{part}` is not NAME=NUMBER"))?;
            let known = NAMES.into_iter().find(|known| *known == name.trim());
            let known = known.ok_or_else(|| anyhow!("there is no failpoint `{name}`"))?;
            let number = number.trim().parse().with_context(|| format!("the number of `{name}`"))?;
            ensure!(number > 0, "the first hit of `{name}` is 1");
            armed.insert(known, (AtomicU64::new(0), number));
        }
        Ok(Self(armed))
    }

    /// The number of this hit, where it is the one that counts.
    fn due(&self, name: &str) -> Option<u64> {
        let (hits, last) = self.0.get(name)?;
        let number = hits.fetch_add(1, Ordering::Relaxed) + 1;
        (number == *last).then_some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;

    #[test]
    fn the_nth_hit_of_an_armed_name_is_the_one() {
        let armed = Failpoints::parse("relay.after_claim=3, plan.before_commit=1").unwrap();
        let hits: Vec<_> = (0..4).map(|_| armed.due("relay.after_claim")).collect();
        assert_eq!(hits, [None, None, Some(3), None]);
        assert_eq!(armed.due("plan.before_commit"), Some(1));
        assert_eq!(armed.due("relay.before_claim"), None);
        assert_eq!(Failpoints::parse("").unwrap().due("relay.after_claim"), None);
    }

    #[test]
    fn what_would_arm_nothing_is_refused() {
        for text in ["relay", "relay.after_claims=1", "relay.after_claim=0", "relay.after_claim=x", "relay.after_claim"]
        {
            assert!(Failpoints::parse(text).is_err(), "{text}");
        }
    }

    /// What the process does that is to be ended: the next test, run once more by itself.
    fn hit_and_speak(last_words: &Path) {
        for _ in 0..2 {
            hit("relay.before_claim");
            hit("relay.after_claim");
        }
        fs::write(last_words, "it lives").unwrap();
    }

    #[test]
    fn a_process_that_hits_is_killed_and_leaves_one_line() {
        if let Some(last_words) = env::var_os("RECAP_FAILPOINTS_TEST") {
            return hit_and_speak(last_words.as_ref());
        }
        let folder = tempfile::tempdir().unwrap();
        let (log, last_words) = (folder.path().join("log"), folder.path().join("last words"));
        let mut command = process::Command::new(env::current_exe().unwrap());
        command.args(["--exact", "failpoint::armed::tests::a_process_that_hits_is_killed_and_leaves_one_line"]);
        command.env("RECAP_FAILPOINTS", "relay.after_claim=2,plan.before_commit=1").env("RECAP_FAILPOINTS_LOG", &log);
        let output = command.env("RECAP_FAILPOINTS_TEST", &last_words).output().unwrap();
        assert_eq!(output.status.signal(), Some(9), "{output:?}");
        assert_eq!(fs::read_to_string(&log).unwrap(), "relay.after_claim 2\n");
        assert!(!last_words.exists());

        let output = command.env("RECAP_FAILPOINTS", "relay.after_claim=3").output().unwrap();
        assert!(output.status.success() && last_words.exists(), "{output:?}");
    }

    #[test]
    fn a_clock_is_read_with_its_rate() {
        let shown = clock("1789369200000000,1789369200000000,60").unwrap();
        assert!((shown.rate() - 60.0).abs() < f64::EPSILON);
        for text in ["", "1,2", "1,2,0", "1,2,-3", "1,2,NaN", "1,2,3,4", "x,2,3"] {
            assert!(clock(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_clock_follows_the_file_of_its_steps() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("steps");
        let start: DateTime<Utc> = "2026-01-05T09:00:00Z".parse().unwrap();
        let shown = Clock::running(start, 1.0);
        let hour = TimeDelta::hours(1).num_microseconds().unwrap();
        assert_eq!(step(&shown, &file, 0), 0, "there is no file yet");
        fs::write(&file, hour.to_string()).unwrap();
        assert_eq!(step(&shown, &file, 0), hour);
        assert!(shown.now() >= start + TimeDelta::hours(1));
        assert_eq!(step(&shown, &file, hour), 0, "once is enough");
        fs::write(&file, "0").unwrap();
        assert_eq!(step(&shown, &file, hour), -hour);
        assert!(shown.now() < start + TimeDelta::minutes(30));
    }
}
