//! The figures of a torture, and the table that tells them.

use super::clock::Day;
use recap::store::DeliveryRecord;
use std::{fmt, ops::AddAssign};

/// What happened, in one round or in many.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    pub rounds: u64,
    pub kills: u64,
    pub recipients: u64,
    pub deliveries: u64,
    /// Accepted by the stand-in.
    pub messages: u64,
    pub sent: u64,
    pub skipped: u64,
    pub missed: u64,
    pub failed: u64,
    pub lost: u64,
    pub twice: u64,
    pub unexplained: u64,
    /// Unknown outcomes that were found in the conversation.
    pub found: u64,
    /// Unknown outcomes that were looked for in vain and sent again.
    pub resent: u64,
    /// From a kill to the next message, of those kills that left some to send; in seconds of the machine's.
    pub slowest_restart: f64,
    /// From the occurrence to the outcome, in minutes of the shared clock.
    pub latest: f64,
    /// Seconds of the machine's.
    pub seconds: f64,
}

impl Figures {
    pub fn count(&mut self, delivery: &DeliveryRecord, day: &Day) {
        match delivery.state.as_str() {
            "sent" => self.sent += 1,
            "skipped" => self.skipped += 1,
            "missed" => self.missed += 1,
            "failed" => self.failed += 1,
            _ => {}
        }
        let late = delivery.final_at.map_or(0.0, |at| (at - day.due()).as_seconds_f64() / 60.0);
        self.latest = self.latest.max(late);
    }
}

impl AddAssign for Figures {
    fn add_assign(&mut self, other: Self) {
        self.rounds += other.rounds;
        self.kills += other.kills;
        self.recipients = self.recipients.max(other.recipients);
        self.deliveries += other.deliveries;
        self.messages += other.messages;
        self.sent += other.sent;
        self.skipped += other.skipped;
        self.missed += other.missed;
        self.failed += other.failed;
        self.lost += other.lost;
        self.twice += other.twice;
        self.unexplained += other.unexplained;
        self.found += other.found;
        self.resent += other.resent;
        self.slowest_restart = self.slowest_restart.max(other.slowest_restart);
        self.latest = self.latest.max(other.latest);
        self.seconds += other.seconds;
    }
}

/// Figures by name, as they are printed.
#[derive(Debug, Default)]
pub struct Table(Vec<(String, Figures)>);

impl Table {
    pub fn add(&mut self, name: impl Into<String>, figures: Figures) {
        self.0.push((name.into(), figures));
    }
}

impl fmt::Display for Table {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            formatter,
            "{:52} {:>6} {:>5} {:>6} {:>9} {:>9} {:>6} {:>6} {:>4} {:>5} {:>7} {:>7} {:>9} {:>8} {:>7}",
            "",
            "rounds",
            "kills",
            "people",
            "digests",
            "sent",
            "missed",
            "failed",
            "lost",
            "twice",
            "found",
            "resent",
            "restart s",
            "late min",
            "seconds"
        )?;
        for (name, it) in &self.0 {
            writeln!(
                formatter,
                "{name:52} {:6} {:5} {:6} {:9} {:9} {:6} {:6} {:4} {:5} {:7} {:7} {:9.2} {:8.1} {:7.1}",
                it.rounds,
                it.kills,
                it.recipients,
                it.deliveries,
                it.sent,
                it.missed,
                it.failed,
                it.lost,
                it.twice,
                it.found,
                it.resent,
                it.slowest_restart,
                it.latest,
                it.seconds
            )?;
        }
        Ok(())
    }
}
