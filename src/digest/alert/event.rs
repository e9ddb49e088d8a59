//! One thing to tell about a team's day, and its words.

use crate::digest::{
    label::Label,
    rounding::{NANOS, ratio},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// An alert in words, for the next summary: without figures where too few were active.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertLine {
    pub day: NaiveDate,
    /// A clause without full stop; skill names as labels, at its end.
    pub words: String,
}

/// One thing to tell about a team's day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertEvent {
    pub day: NaiveDate,
    #[serde(flatten)]
    pub what: What,
}

/// What happened. `usual` is absent where it would give away somebody's own figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum What {
    CostSpike {
        cost_nanos: i64,
        usual: Option<i64>,
        /// Requests that are not in the cost, for theirs cannot be.
        implausible: u64,
    },
    UsageDrop {
        sessions: u64,
        usual: Option<u64>,
    },
    /// A usage drop on a day on which so few were active that nothing else may be said.
    FewActive {
        active: u64,
        members: u64,
    },
    Budget {
        cost_nanos: i64,
        budget_nanos: i64,
    },
    CostRecovered {
        cost_nanos: i64,
        usual: Option<i64>,
    },
    UsageRecovered {
        sessions: u64,
        usual: Option<u64>,
    },
    NewSkill {
        /// Foreign text, made visible.
        name: String,
        members: u64,
    },
    /// New skills beside those that are named.
    MoreSkills {
        count: u64,
    },
}

impl AlertEvent {
    /// What it is kept as: a usage drop is one, with figures or without.
    pub fn kind(&self) -> &'static str {
        match self.what {
            What::CostSpike { .. } => "cost_spike",
            What::UsageDrop { .. } | What::FewActive { .. } => "usage_drop",
            What::Budget { .. } => "budget",
            What::CostRecovered { .. } => "cost_recovered",
            What::UsageRecovered { .. } => "usage_recovered",
            What::NewSkill { .. } | What::MoreSkills { .. } => "new_skill",
        }
    }

    /// The skill's name; empty for all others.
    pub fn subject(&self) -> &str {
        if let What::NewSkill { name, .. } = &self.what { name } else { "" }
    }

    /// For the next summary.
    pub fn line(&self) -> AlertLine {
        AlertLine { day: self.day, words: self.words() }
    }

    /// Its place among others: what needs a look first.
    pub(super) fn rank(&self) -> usize {
        let kinds = ["cost_spike", "usage_drop", "budget", "cost_recovered", "usage_recovered", "new_skill"];
        kinds.iter().position(|kind| *kind == self.kind()).unwrap_or(kinds.len())
    }

    /// Whether somebody may have to do something.
    pub(super) fn is_unusual(&self) -> bool {
        matches!(
            self.what,
            What::CostSpike { .. } | What::UsageDrop { .. } | What::FewActive { .. } | What::Budget { .. }
        )
    }

    pub(super) fn is_about_cost(&self) -> bool {
        matches!(self.what, What::CostSpike { .. } | What::Budget { .. } | What::CostRecovered { .. })
    }

    fn words(&self) -> String {
        let day = self.day.format("%a, %b %-d");
        match &self.what {
            What::CostSpike { cost_nanos, usual, implausible } => {
                let left_out = match implausible {
                    0 => String::new(),
                    some => format!(", without {} with impossible figures", counted(*some, "request")),
                };
                format!("cost spike on {day}: estimated {}{}{left_out}", money(*cost_nanos), usually(usual.map(money)))
            }
            What::CostRecovered { cost_nanos, usual } => {
                format!("cost back to usual on {day}: estimated {}{}", money(*cost_nanos), usually(usual.map(money)))
            }
            What::UsageDrop { sessions, usual } => {
                format!("usage drop on {day}: {}{}", counted(*sessions, "session"), usually(*usual))
            }
            What::FewActive { active, members } => {
                let were = if *active == 1 { "was" } else { "were" };
                format!("usage drop on {day}: {} of {} {were} active", grouped(*active), counted(*members, "member"))
            }
            What::UsageRecovered { sessions, usual } => {
                format!("usage back to usual on {day}: {}{}", counted(*sessions, "session"), usually(*usual))
            }
            What::Budget { cost_nanos, budget_nanos } => {
                let month = self.day.format("%B");
                let (cost, budget) = (money(*cost_nanos), money(*budget_nanos));
                format!("budget for {month} used up on {day}: estimated {cost} of {budget}")
            }
            What::NewSkill { name, members } => {
                let members = counted(*members, "member");
                format!("new skill on {day}, used by {members}: /{}", Label::shortened(name).0)
            }
            What::MoreSkills { count } => {
                let skills = if *count == 1 { "skill" } else { "skills" };
                format!("{} more new {skills} on {day}", grouped(*count))
            }
        }
    }
}

fn usually(usual: Option<impl std::fmt::Display>) -> String {
    usual.map_or_else(String::new, |usual| format!(", usually {usual}"))
}

fn counted(number: u64, one: &str) -> String {
    format!("{} {one}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// `$1,234.56`, half away from zero; never `$0.00` for what costs something.
fn money(nanos: i64) -> String {
    let cents = ratio(i128::from(nanos), NANOS / 100).unwrap_or(0);
    if cents == 0 && nanos != 0 {
        return "<$0.01".to_owned();
    }
    let (sign, cents) = (if cents < 0 { "−" } else { "" }, cents.unsigned_abs());
    format!("{sign}${}.{:02}", grouped(cents / 100), cents % 100)
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_and_counts_are_written_as_everywhere() {
        for (nanos, shown) in [
            (0, "$0.00"),
            (4_000_000, "<$0.01"),
            (5_000_000, "$0.01"),
            (84_200_000_000, "$84.20"),
            (1_234_567_005_000_000, "$1,234,567.01"),
            (-500_000_000, "−$0.50"),
        ] {
            assert_eq!(money(nanos), shown);
        }
        for (number, shown) in [(0, "0 members"), (1, "1 member"), (999, "999 members"), (1_000, "1,000 members")] {
            assert_eq!(counted(number, "member"), shown);
        }
        assert_eq!(grouped(1_234_567), "1,234,567");
    }
}
