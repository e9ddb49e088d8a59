//! The numbers of App Home: today and this week, or a plain line where they cannot be had.

use crate::{
    digest::{Label, Sections},
    interaction::{
        modals::freshness,
        view::{context, held, section},
    },
    message::{
        Message,
        figures::{count, full, money},
    },
    personal::{self, Numbers, PersonalError, Week, WeekDay},
    store::MemberRecord,
    workspace::Workspace,
};
use chrono_tz::Tz;
use serde_json::Value;

/// At most so many blocks of today's message are shown.
const MOST_OF_TODAY: usize = 15;
/// So many models are named.
const MOST_MODELS: usize = 5;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Figures {
    /// They were asked for.
    Counting,
    Known {
        today: Box<Numbers>,
        /// None where only today could be had.
        week: Option<Box<Week>>,
        /// What their digest shows.
        sections: Sections,
    },
    /// Why they cannot be had, as a sentence.
    Unknown(String),
}

pub(super) async fn of(workspace: &Workspace, member: &MemberRecord) -> Figures {
    let figures = async {
        let week = async { Ok(personal::week(workspace, member).await.inspect_err(super::modals::log).ok()) };
        let sections = chosen(workspace, member);
        tokio::try_join!(personal::today(workspace, member), week, sections)
    };
    match Box::pin(figures).await {
        Ok((today, week, sections)) => Figures::Known { today: Box::new(today), week: week.map(Box::new), sections },
        Err(error) => {
            super::modals::log(&error);
            Figures::Unknown(error.words())
        }
    }
}

/// What their digest shows: they chose it for here, too.
async fn chosen(workspace: &Workspace, member: &MemberRecord) -> Result<Sections, PersonalError> {
    let preferences = workspace.store.preferences(&member.id).await?;
    let rules = workspace.rules().await?;
    let chosen = rules.sections_for(preferences.sections.as_deref());
    Ok(workspace.settings.digest.sections_of(chosen))
}

impl Figures {
    pub(super) fn blocks(&self, zone: Tz) -> Vec<Value> {
        match self {
            Self::Counting => vec![section("Counting your sessions…")],
            Self::Unknown(words) => vec![section(words)],
            Self::Known { today, week, sections } => {
                let mut blocks = of_today(today);
                if let Some(week) = week {
                    blocks.extend(so_far(week, *sections).map(|words| section(&words)));
                }
                let unknown = week.as_ref().and_then(|week| week.numbers.unknown.as_ref()).or(today.unknown.as_ref());
                blocks.extend(unknown.map(|words| section(words)));
                let cost = if sections.cost { " · cost estimated at API prices" } else { "" };
                let fresh = freshness(today.data_to, zone);
                blocks.push(context(&format!("{fresh}{cost} · only you see this")));
                blocks
            }
        }
    }
}

/// Today's message without its heading and small print: the view has its own.
fn of_today(today: &Numbers) -> Vec<Value> {
    if today.empty {
        return vec![section("No sessions today so far.")];
    }
    let framing = |block: &Value| block["type"] == "header" || block["type"] == "context";
    let blocks = today.message.blocks.iter().filter(|block| !framing(block)).cloned().collect();
    let blocks = held(&Message { text: String::new(), blocks });
    if blocks.is_empty() {
        return blocks;
    }
    [section("Today so far:")].into_iter().chain(blocks).take(MOST_OF_TODAY).collect()
}

/// The week in one line, as far as its parts are wanted; sessions by day: one that went on over midnight is there on both.
fn so_far(week: &Week, sections: Sections) -> Option<String> {
    let days: Vec<_> = week.days.iter().take(7).collect();
    if days.is_empty() {
        return None;
    }
    let by_day: Vec<_> = days.iter().map(|day| format!("{} {}", day.date.format("%a"), full(day.sessions))).collect();
    let cost: f64 = days.iter().map(|day| day.cost).sum();
    let sum = |tokens: fn(&WeekDay) -> u64| days.iter().map(|day| tokens(day)).fold(0, u64::saturating_add);
    let (tokens_in, tokens_out) = (sum(|day| day.tokens_in), sum(|day| day.tokens_out));
    let cache = week.cache_hit_rate.filter(|rate| sections.cache && rate.is_finite());
    let words = [
        (sections.sessions || sections.chart).then(|| format!("sessions by day: {}.", by_day.join(" · "))),
        sections.cost.then(|| format!("Estimated cost: {}.", money(cost))),
        sections.tokens.then(|| format!("Tokens: {} in / {} out.", count(tokens_in), count(tokens_out))),
        cache.map(|rate| format!("Cache hit rate: {:.0}%.", (rate * 100.0).clamp(0.0, 100.0))),
        (sections.models && !week.models.is_empty()).then(|| models(&week.models)),
        (sections.streak && week.streak > 0).then(|| format!("{}-day streak.", full(week.streak.into()))),
    ];
    let words: Vec<_> = words.into_iter().flatten().collect();
    let colon = if sections.sessions || sections.chart { "," } else { ":" };
    (!words.is_empty()).then(|| format!("This week{colon} {}", words.join(" ")))
}

fn models(models: &[(String, u64)]) -> String {
    let named =
        models.iter().take(MOST_MODELS).map(|(name, times)| format!("{} ({})", Label::of(name).0, full(*times)));
    let more = match models.len().saturating_sub(MOST_MODELS) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("Models by requests: {}{more}.", named.collect::<Vec<_>>().join(", "))
}
