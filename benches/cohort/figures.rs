//! The figures of a run, what they must reach, and how they are told.

use super::parts::{self, ALONE};
use recap::warehouse::embedded::Access;
use std::{
    env, fmt,
    path::{Path, PathBuf},
    process::Command,
};

/// Runs of each part; the median counts.
pub const RUNS: usize = 5;

/// One part's figures.
#[derive(Debug, Clone, Copy)]
pub struct Figure {
    pub seconds: f64,
    pub peak_mib: f64,
}

/// Everything measured.
pub struct Report {
    members: u32,
    rows: f64,
    plain: Figure,
    plain_tuned: Figure,
    queries: Figure,
    streak: Figure,
    with_streak: Figure,
    digests: Figure,
    alone: Figure,
    doubled: Figure,
}

/// Where the addresses of a run's members stand.
pub fn addresses(folder: &Path, members: u32) -> PathBuf {
    folder.join(format!("addresses-{members}"))
}

/// Progress, on stderr.
pub fn say(text: &str) {
    eprintln!("{text}");
}

impl Report {
    /// Runs each part in turn, [`RUNS`] times.
    pub fn measure(access: &Access, folder: &Path, members: u32) -> Self {
        let names = ["plain", "plain-tuned", "queries", "streak", "with-streak", "digests"];
        let mut figures: Vec<Vec<Figure>> = vec![Vec::new(); names.len()];
        let mut rows = 0.0;
        for run in 1..=RUNS {
            say(&format!("run {run} of {RUNS}"));
            for (name, figures) in names.iter().zip(&mut figures) {
                let (figure, count) = part(name, access, folder, members);
                figures.push(figure);
                rows = count;
            }
        }
        let doubled: Vec<Figure> = (0..3).map(|_| part("digests", access, folder, 2 * members).0).collect();
        let alone = part("alone", access, folder, members).0;
        let [plain, plain_tuned, queries, streak, with_streak, digests] =
            std::array::from_fn(|index| median(&figures[index]));
        Self {
            members,
            rows,
            plain,
            plain_tuned,
            queries,
            streak,
            with_streak,
            digests,
            alone,
            doubled: median(&doubled),
        }
    }

    fn checks(&self) -> Vec<(&'static str, f64, f64, bool)> {
        let one_by_one = self.alone.seconds / f64::from(ALONE) * f64::from(self.members);
        let most = |what, ratio, limit| (what, ratio, limit, ratio <= limit);
        vec![
            most(
                "digests computed, rendered and linted / bare queries",
                self.digests.seconds / self.with_streak.seconds,
                1.5,
            ),
            most("bare queries without the streak's / plain GROUP BY", self.queries.seconds / self.plain.seconds, 2.0),
            {
                let ratio = one_by_one / self.queries.seconds;
                ("one query per member / one set of queries (at least)", ratio, 500.0, ratio >= 500.0)
            },
            most("peak memory in MiB", self.digests.peak_mib, 300.0),
            most("peak memory of twice the members / of these", self.doubled.peak_mib / self.digests.peak_mib, 1.2),
        ]
    }

    /// Whether every ratio is reached.
    pub fn holds(&self) -> bool {
        self.checks().iter().all(|check| check.3)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{} members, {} digests; medians of {RUNS} runs\n", self.members, self.rows)?;
        let lines = [
            ("plain GROUP BY, sessions, cost and tokens", self.plain),
            ("the same, attributes read as Recap reads them", self.plain_tuned),
            ("bare queries: activity and skills", self.queries),
            ("bare query: the streak's look back of 30 days", self.streak),
            ("bare queries, all three", self.with_streak),
            ("digests computed, rendered and linted", self.digests),
            ("digests of twice the members", self.doubled),
            ("50 members, one by one", self.alone),
        ];
        for (what, figure) in lines {
            writeln!(formatter, "{what:48} {:8.3} s {:8.1} MiB", figure.seconds, figure.peak_mib)?;
        }
        writeln!(formatter)?;
        for (what, ratio, limit, holds) in self.checks() {
            let verdict = if holds { "holds" } else { "MISSED" };
            writeln!(formatter, "{what:56} {ratio:9.2}   limit {limit:6.1}   {verdict}")?;
        }
        Ok(())
    }
}

/// One run of a part, in a process of its own.
pub fn part(name: &str, access: &Access, folder: &Path, members: u32) -> (Figure, f64) {
    let program = env::current_exe().expect("this program");
    let output = Command::new(program)
        .envs(parts::account(access))
        .args([name, &access.url, &parts::database(members)])
        .arg(addresses(folder, members))
        .output()
        .expect("a run");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "`{name}` failed: {}", String::from_utf8_lossy(&output.stderr));
    let mut numbers = told.split_whitespace().map(|number| number.parse::<f64>().expect("a number"));
    let mut next = || numbers.next().expect("three numbers");
    let (seconds, peak_kib, rows) = (next(), next(), next());
    (Figure { seconds, peak_mib: peak_kib / 1024.0 }, rows)
}

/// The middle of each figure.
pub fn median(figures: &[Figure]) -> Figure {
    let middle = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    Figure {
        seconds: middle(figures.iter().map(|figure| figure.seconds).collect()),
        peak_mib: middle(figures.iter().map(|figure| figure.peak_mib).collect()),
    }
}
