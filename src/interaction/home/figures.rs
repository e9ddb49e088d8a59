//! The numbers of App Home: today and this week, or a plain line where they cannot be had.

use crate::{
    interaction::{
        modals::freshness,
        view::{context, held, section},
    },
    message::figures::{count, full, money},
    personal::{self, Numbers, Week},
    store::MemberRecord,
    workspace::Workspace,
};
use chrono_tz::Tz;
use serde_json::Value;

/// At most so many blocks of today's message are shown.
const MOST_OF_TODAY: usize = 15;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Figures {
    /// They were asked for.
    Counting,
    Known {
        today: Box<Numbers>,
        /// None where only today could be had.
        week: Option<Box<Week>>,
        show_cost: bool,
    },
    /// Why they cannot be had, as a sentence.
    Unknown(String),
}

pub(super) async fn of(workspace: &Workspace, member: &MemberRecord) -> Figures {
    let (today, week) = tokio::join!(personal::today(workspace, member), personal::week(workspace, member));
    let week = week.inspect_err(super::modals::log).ok().map(Box::new);
    let show_cost = workspace.settings.digest.show_cost;
    match today {
        Ok(today) => Figures::Known { today: Box::new(today), week, show_cost },
        Err(error) => {
            super::modals::log(&error);
            Figures::Unknown(error.words())
        }
    }
}

impl Figures {
    pub(super) fn blocks(&self, zone: Tz) -> Vec<Value> {
        match self {
            Self::Counting => vec![section("Counting your sessions…")],
            Self::Unknown(words) => vec![section(words)],
            Self::Known { today, week, show_cost } => {
                let mut blocks: Vec<_> = if today.empty {
                    vec![section("No sessions today so far.")]
                } else {
                    held(&today.message).into_iter().take(MOST_OF_TODAY).collect()
                };
                if let Some(week) = week {
                    blocks.extend(so_far(week, *show_cost).map(|words| section(&words)));
                }
                let fresh = freshness(today.data_to, zone);
                blocks.push(context(&format!("{fresh} · only you see this")));
                blocks
            }
        }
    }
}

/// The week in one line, sessions by day: one that went on over midnight is there on both.
fn so_far(week: &Week, show_cost: bool) -> Option<String> {
    let days: Vec<_> = week.days.iter().take(7).collect();
    if days.is_empty() {
        return None;
    }
    let by_day: Vec<_> = days.iter().map(|day| format!("{} {}", day.date.format("%a"), full(day.sessions))).collect();
    let cost: f64 = days.iter().map(|day| day.cost).sum();
    let sum =
        |tokens: fn(&crate::personal::WeekDay) -> u64| days.iter().map(|day| tokens(day)).fold(0, u64::saturating_add);
    let (tokens_in, tokens_out) = (sum(|day| day.tokens_in), sum(|day| day.tokens_out));
    let cost = show_cost.then(|| format!("Estimated cost: {}.", money(cost)));
    let streak = (week.streak > 0).then(|| format!("{}-day streak.", full(week.streak.into())));
    let words = [
        Some(format!("This week, sessions by day: {}.", by_day.join(" · "))),
        cost,
        Some(format!("Tokens: {} in / {} out.", count(tokens_in), count(tokens_out))),
        streak,
    ];
    Some(words.into_iter().flatten().collect::<Vec<_>>().join(" "))
}
