//! "My week": a chart, a table with the same numbers, models, cache hit rate, and how fresh it all is.

use super::waiting::{Place, open as open_waiting};
use crate::{
    digest::Label,
    interaction::{
        caught::{FAILED, caught},
        view::{Modal, context, section},
    },
    message::figures::{full, money},
    personal::{self, Week, WeekDay},
    store::MemberRecord,
    workspace::Workspace,
};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde_json::{Value, json};

const CALLBACK: &str = "week";
const TITLE: &str = "My week";
/// So many models are named.
const MOST_MODELS: usize = 10;
/// No more days are shown; a week has seven.
const MOST_DAYS: usize = 14;

/// Opens it, to be filled as soon as the numbers are there; false where it was too late.
pub(super) async fn open(workspace: &Workspace, member: &MemberRecord, trigger: &str) -> bool {
    let Some(waiting) = open_waiting(workspace, Some(trigger), Place::Alone, (TITLE, "Counting…")).await else {
        return false;
    };
    let (workspace, member) = (workspace.clone(), member.clone());
    workspace.tasks.clone().spawn(async move {
        match caught(Box::pin(personal::week(&workspace, &member))).await {
            None => waiting.say(TITLE, FAILED).await,
            Some(Ok(week)) => {
                let zone = super::super::home::zone_of(&workspace, &member).await;
                waiting.fill(&view(&week, zone, workspace.settings.digest.show_cost)).await;
            }
            Some(Err(error)) => {
                super::log(&error);
                waiting.say(TITLE, &error.words()).await;
            }
        }
    });
    true
}

/// The modal, in the member's own zone.
fn view(week: &Week, zone: Tz, show_cost: bool) -> Value {
    let modal = Modal::new(CALLBACK, TITLE);
    let days: Vec<_> = week.days.iter().copied().take(MOST_DAYS).collect();
    let modal = match (days.first(), days.last()) {
        (Some(first), Some(last)) if !week.numbers.empty => {
            modal.block(section(&span(first.date, last.date))).block(chart(&days)).block(table(&days, show_cost))
        }
        (Some(first), Some(last)) => modal.block(section(&format!("{}: no sessions.", span(first.date, last.date)))),
        _ => modal.block(section("No sessions this week.")),
    };
    let facts = [models(&week.models), rates(week), week.numbers.unknown.clone().unwrap_or_default()];
    let facts = facts.iter().filter(|words| !words.is_empty()).map(|words| section(words));
    modal.blocks(facts).block(context(&small_print(week.numbers.data_to, zone, show_cost))).json()
}

/// `Mon, Jan 13 – Wed, Jan 15`.
fn span(first: NaiveDate, last: NaiveDate) -> String {
    let shown = |date: NaiveDate| date.format("%a, %b %-d").to_string();
    if first == last { shown(first) } else { format!("{} – {}", shown(first), shown(last)) }
}

fn chart(days: &[WeekDay]) -> Value {
    // Labels are unique only as long as no weekday comes twice.
    let label = |day: &WeekDay| {
        let format = if days.len() > 7 { "%a %-d" } else { "%a" };
        day.date.format(format).to_string()
    };
    let points: Vec<_> = days.iter().map(|day| json!({ "label": label(day), "value": day.sessions })).collect();
    json!({
        "type": "data_visualization",
        "title": "Sessions by day",
        "chart": {
            "type": "bar",
            "series": [{ "name": "sessions", "data": points }],
            "axis_config": { "categories": days.iter().map(label).collect::<Vec<_>>(), "x_label": "day",
                "y_label": "sessions" },
        },
    })
}

fn table(days: &[WeekDay], show_cost: bool) -> Value {
    let text = |text: String| json!({ "type": "raw_text", "text": text });
    let number = |number: u64| json!({ "type": "raw_number", "value": number, "text": full(number) });
    let row = |day: &WeekDay| {
        let cost = show_cost.then(|| text(money(day.cost)));
        let start = [text(day.date.format("%a, %b %-d").to_string()), number(day.sessions)].into_iter();
        start.chain(cost).chain([number(day.tokens_in), number(day.tokens_out)]).collect::<Vec<_>>()
    };
    let cost = show_cost.then_some("Estimated cost");
    let head = ["Day", "Sessions"].into_iter().chain(cost).chain(["Tokens in", "Tokens out"]);
    let head: Vec<_> = head.map(|name| text(name.to_owned())).collect();
    let rows: Vec<_> = [head].into_iter().chain(days.iter().map(row)).collect();
    json!({ "type": "data_table", "caption": "Your week by day", "page_size": 7, "row_header_column_index": 0,
        "rows": rows })
}

fn models(models: &[(String, u64)]) -> String {
    if models.is_empty() {
        return String::new();
    }
    let named =
        models.iter().take(MOST_MODELS).map(|(name, times)| format!("{} ({})", Label::of(name).0, full(*times)));
    let more = match models.len().saturating_sub(MOST_MODELS) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("Models by requests: {}{more}", named.collect::<Vec<_>>().join(", "))
}

fn rates(week: &Week) -> String {
    let cache = week.cache_hit_rate.filter(|rate| rate.is_finite());
    let cache = cache.map(|rate| format!("Cache hit rate: {:.0}%.", (rate * 100.0).clamp(0.0, 100.0)));
    let streak = (week.streak > 0).then(|| format!("{}-day streak.", full(week.streak.into())));
    cache.into_iter().chain(streak).collect::<Vec<_>>().join(" ")
}

fn small_print(data_to: Option<DateTime<Utc>>, zone: Tz, show_cost: bool) -> String {
    let cost = show_cost.then(|| "cost estimated at API prices".to_owned());
    let parts = [Some(freshness(data_to, zone)), cost, Some("only you see this".to_owned())];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Up to when there is telemetry of anybody.
pub(in crate::interaction) fn freshness(data_to: Option<DateTime<Utc>>, zone: Tz) -> String {
    match data_to {
        Some(at) => {
            let local = at.with_timezone(&zone).format("%a, %b %-d, %H:%M");
            format!("Data up to {local} ({})", zone.name().replace('_', " "))
        }
        None => "No recent data".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        message::{Message, lint, text},
        personal::Numbers,
    };

    fn week(days: &[(&str, u64, f64)], models: Vec<(String, u64)>) -> Week {
        let day = |(date, sessions, cost): &(&str, u64, f64)| WeekDay {
            date: date.parse().unwrap(),
            sessions: *sessions,
            cost: *cost,
            tokens_in: sessions * 12_345,
            tokens_out: sessions * 1_234,
        };
        let message = Message { text: "A week.".to_owned(), blocks: Vec::new() };
        let data_to = Some("2025-01-15T13:05:00Z".parse().unwrap());
        Week {
            numbers: Numbers { message, empty: days.iter().all(|day| day.1 == 0), data_to, unknown: None },
            days: days.iter().map(day).collect(),
            models,
            cache_hit_rate: Some(0.914),
            streak: 5,
        }
    }

    fn drawn(view: &Value) -> String {
        text::render(&Message { text: String::new(), blocks: view["blocks"].as_array().unwrap().clone() })
    }

    const DAYS: [(&str, u64, f64); 3] = [("2025-01-13", 3, 1.5), ("2025-01-14", 0, 0.0), ("2025-01-15", 9, 1_204.5)];

    #[test]
    fn the_week_has_a_chart_and_a_table_with_the_same_numbers() {
        let view = view(&week(&DAYS, vec![("opus".to_owned(), 9), ("sonnet".to_owned(), 3)]), Tz::Europe__Berlin, true);
        assert_eq!(lint::view_faults(&view), []);
        insta::assert_snapshot!(drawn(&view), @r"
        Mon, Jan 13 – Wed, Jan 15
        Sessions by day: Mon 3, Tue 0, Wed 9
        Your week by day
        Day · Sessions · Estimated cost · Tokens in · Tokens out
        Mon, Jan 13 · 3 · $1.50 · 37,035 · 3,702
        Tue, Jan 14 · 0 · $0.00 · 0 · 0
        Wed, Jan 15 · 9 · $1,204.50 · 111,105 · 11,106
        Models by requests: opus (9), sonnet (3)
        Cache hit rate: 91%. 5-day streak.
        Data up to Wed, Jan 15, 14:05 (Europe/Berlin) · cost estimated at API prices · only you see this
        ");
    }

    #[test]
    fn no_cost_is_shown_where_the_owner_shows_none() {
        let view = view(&week(&DAYS, Vec::new()), Tz::UTC, false);
        assert_eq!(lint::view_faults(&view), []);
        let drawn = drawn(&view);
        assert!(!drawn.contains('$') && !drawn.to_lowercase().contains("cost"), "{drawn}");
    }

    #[test]
    fn an_empty_week_and_an_overfull_one_can_be_drawn() {
        let empty = view(&week(&[("2025-01-13", 0, 0.0)], Vec::new()), Tz::UTC, true);
        assert_eq!(lint::view_faults(&empty), []);
        assert!(drawn(&empty).contains("Mon, Jan 13: no sessions."), "{}", drawn(&empty));
        let nothing = Week { streak: 0, cache_hit_rate: Some(f64::NAN), ..week(&[], Vec::new()) };
        assert_eq!(lint::view_faults(&view(&nothing, Tz::UTC, true)), []);
        let models = (0..500).map(|index| ("<!channel> ".repeat(100), index)).collect();
        let dates: Vec<_> = (1..=28).map(|day| format!("2025-02-{day:02}")).collect();
        let days: Vec<_> = dates.iter().map(|date| (date.as_str(), u64::MAX / 100_000, f64::MAX)).collect();
        let most = view(&week(&days, models), Tz::America__Argentina__ComodRivadavia, true);
        assert_eq!(lint::view_faults(&most), []);
        assert!(drawn(&most).contains("and 490 more"));
    }
}
