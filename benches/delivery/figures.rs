//! The figures of a run, what they must reach, and how they are told.

use std::fmt;

/// Everything measured: figures that are only told, and figures with a limit.
#[derive(Debug, Default)]
pub struct Report {
    told: Vec<String>,
    checks: Vec<Check>,
}

#[derive(Debug)]
struct Check {
    what: String,
    reached: f64,
    limit: f64,
    at_least: bool,
}

impl Check {
    fn holds(&self) -> bool {
        if self.at_least { self.reached >= self.limit } else { self.reached <= self.limit }
    }
}

impl Report {
    /// A figure without a limit.
    pub fn tell(&mut self, line: String) {
        eprintln!("  {line}");
        self.told.push(line);
    }

    pub fn at_least(&mut self, what: impl Into<String>, reached: f64, limit: f64) {
        self.checks.push(Check { what: what.into(), reached, limit, at_least: true });
    }

    pub fn at_most(&mut self, what: impl Into<String>, reached: f64, limit: f64) {
        self.checks.push(Check { what: what.into(), reached, limit, at_least: false });
    }

    /// Whether every limit is held.
    pub fn holds(&self) -> bool {
        self.checks.iter().all(Check::holds)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.told {
            writeln!(formatter, "{line}")?;
        }
        writeln!(formatter)?;
        for check in &self.checks {
            let Check { what, reached, limit, at_least } = check;
            let bound = if *at_least { "at least" } else { "at most" };
            let verdict = if check.holds() { "holds" } else { "MISSED" };
            writeln!(formatter, "{what:66} {reached:9.3}   {bound:8} {limit:7.2}   {verdict}")?;
        }
        Ok(())
    }
}
