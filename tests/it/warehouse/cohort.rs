//! Cohorts as the daemon computes them: streaks that are kept, usage that was seen, and members that fail alone.

use super::asking::{ADA, BOB, OPTIONS, open};
use crate::support::events::{EVERY_SHAPE, Event, Tables, prompt, request};
use chrono::{DateTime, Utc};
use recap::{
    digest::{Streak, StreakState},
    message::Templates,
    model::Weekdays,
    report::{Cohort, DailyReport, DailyReports, MessageError, Recipient},
    schedule::{Covers, DailySchedule, DailyWindow},
    warehouse::Warehouse,
};
use std::fs;

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// The window of the occurrence on `date` at 18:00 in Kathmandu, where midnight is at 18:15 UTC.
fn evening(date: &str) -> DailyWindow {
    let schedule = DailySchedule {
        zone: chrono_tz::Asia::Kathmandu,
        time: "18:00".parse().unwrap(),
        weekdays: Weekdays::MON_FRI,
        days_off: [].into(),
        covers: Covers::Evening,
    };
    schedule.window_at(date.parse().unwrap())
}

async fn reports(
    warehouse: &Warehouse,
    templates: &Templates,
    window: DailyWindow,
    kept: &[(&str, Option<StreakState>)],
) -> Vec<DailyReport> {
    let recipient = |(email, streak): &(&str, Option<StreakState>)| Recipient {
        streak: *streak,
        ..Recipient::new(email.parse().unwrap(), OPTIONS)
    };
    let cohort = Cohort { window, recipients: kept.iter().map(recipient).collect() };
    let mut reports = DailyReports::of(warehouse, templates, cohort).await.unwrap();
    let mut made = Vec::new();
    while let Some(report) = reports.next().await.unwrap() {
        made.push(report);
    }
    made
}

#[tokio::test]
async fn an_evenings_streak_is_extended_by_the_days_between_midnights_in_every_shape() {
    // Local days: Monday 13 and Tuesday 14 by day, Wednesday 15 after 18:00, Thursday 16 not, Friday 17 by day.
    let rows = [
        prompt("2025-01-13 05:00:00", ADA, "1"),
        prompt("2025-01-14 05:00:00", ADA, "2"),
        prompt("2025-01-15 18:14:59.999", ADA, "3"),
        prompt("2025-01-17 05:00:00", ADA, "4"),
        // On Wednesday at midnight, when it is Thursday, but in no session.
        prompt("2025-01-15 18:15:00", ADA, ""),
    ];
    for tables in EVERY_SHAPE {
        let (warehouse, templates) = (open(tables, &rows).await, Templates::embedded());
        let mut kept = None;
        for (date, told, days, through) in [
            ("2025-01-14", Some(2), 2, "2025-01-14"),
            ("2025-01-15", None, 2, "2025-01-14"),
            ("2025-01-16", Some(3), 3, "2025-01-15"),
            ("2025-01-17", Some(1), 1, "2025-01-17"),
        ] {
            let window = evening(date);
            let found = reports(&warehouse, &templates, window.clone(), &[(ADA, None)]).await.remove(0);
            assert_eq!(kept.is_some_and(|kept: StreakState| kept.leads_into(&window)), kept.is_some());
            let report = reports(&warehouse, &templates, window.clone(), &[(ADA, kept)]).await.remove(0);
            let told = told.map(|days| Streak { days, at_least: false });
            assert_eq!((report.digest.streak, found.digest.streak), (told, told), "{tables:?} {date}");
            let until = window.reported().end;
            let after = StreakState { days, at_least: false, through: through.parse().unwrap(), until };
            assert_eq!((report.streak, found.streak), (after, after), "{tables:?} {date}");
            kept = Some(report.streak);
        }
    }
}

#[tokio::test]
async fn the_latest_usage_is_that_of_ninety_days_where_nothing_is_kept() {
    let rows = [
        prompt("2025-01-15 05:00:00", ADA, "1"),
        prompt("2024-12-20 05:00:00", BOB, "2"),
        // A request outside of any session is no usage.
        request("2025-01-15 05:00:00", BOB, "", "r", "1"),
        prompt("2024-09-01 05:00:00", "cara@example.com", "3"),
    ];
    let (warehouse, templates, window) = (open(Tables::Map, &rows).await, Templates::embedded(), evening("2025-01-15"));
    let until = window.reported().start;
    let kept = Some(StreakState { days: 0, at_least: false, through: "2025-01-14".parse().unwrap(), until });
    let usage = |reports: &[DailyReport]| reports.iter().map(|report| report.usage).collect::<Vec<_>>();
    let people = |kept| [(ADA, kept), (BOB, kept), ("cara@example.com", kept)];
    let all = reports(&warehouse, &templates, window.clone(), &people(None)).await;
    let bobs = Some(instant("2024-12-19T18:15:00Z"));
    assert_eq!(usage(&all), [Some(instant("2025-01-14T18:15:00Z")), bobs, None]);
    assert!(!all[0].digest.empty && all[1].digest.empty && all[2].digest.empty);
    // With a streak that leads into the window the days before it were looked at then.
    let kept = reports(&warehouse, &templates, window, &people(kept)).await;
    assert_eq!(usage(&kept), [Some(instant("2025-01-14T12:15:00Z")), None, None]);
}

#[tokio::test]
async fn one_member_s_broken_message_fails_nobody_else() {
    let at = "2025-01-15 05:00:00";
    let skill = |email: &str, session: &str, name: &str| {
        let activated = crate::support::events::event("skill_activated", at).set("user.email", email);
        activated.set("session.id", session).set("prompt.id", session).set("skill.name", name)
    };
    let cara = "cara@example.com";
    let rows: Vec<Event> = [(ADA, "fine"), (BOB, "broken"), (cara, "long")]
        .into_iter()
        .flat_map(|(email, name)| [prompt(at, email, name), skill(email, name, name)])
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let template = r#"{"text": "{% if top_skills[0].name == 'broken' %}{{ no.such }}{% else %}said{% endif %}",
        "blocks": [{"$if": "top_skills[0].name == 'long'", "then":
            {"type": "header", "text": {"type": "plain_text", "text": "{% for a in [1, 2, 3, 4, 5, 6, 7, 8] %}twenty characters it is{% endfor %}"}}}]}"#;
    fs::write(folder.path().join("daily.json"), template).unwrap();
    let templates = Templates::with_overrides(folder.path()).unwrap();
    let warehouse = open(Tables::Map, &rows).await;

    let reports =
        reports(&warehouse, &templates, evening("2025-01-15"), &[(ADA, None), (BOB, None), (cara, None)]).await;

    assert_eq!(reports[0].message.as_ref().unwrap().text, "said");
    let error = reports[1].message.as_ref().unwrap_err();
    assert!(matches!(error, MessageError::Render(_)) && error.code() == "template_failed", "{error}");
    let error = reports[2].message.as_ref().unwrap_err();
    assert!(matches!(error, MessageError::Limit(_)) && error.code() == "over_limit", "{error}");
    // What was counted is kept all the same.
    assert!(reports.iter().all(|report| report.streak.days == 1 && !report.digest.empty));
}

#[tokio::test]
async fn everybody_with_usage_since_an_instant_is_told_with_the_latest_in_every_shape() {
    let (since, now) = (instant("2025-01-01T00:00:00Z"), instant("2025-01-15T12:00:00Z"));
    let rows = [
        prompt("2025-01-02 05:00:00", " Ada@Example.com", "1").set("user.account_uuid", "A"),
        request("2025-01-14 05:00:00.123", "", "2", "r", "1").set("user.account_uuid", "A"),
        prompt("2025-01-15 11:59:59.999", BOB, "3"),
        // Later than now, before the span, outside of any session, by nobody, at no address.
        prompt("2025-01-15 12:00:00", BOB, "3"),
        prompt("2024-12-31 23:59:59.999", "cara@example.com", "4"),
        prompt("2025-01-14 05:00:00", "cara@example.com", ""),
        prompt("2025-01-14 05:00:00", "", "5"),
        prompt("2025-01-14 05:00:00", "@", "6"),
    ];
    for tables in EVERY_SHAPE {
        let warehouse = open(tables, &rows).await;
        let mut users = warehouse.users_since(since, now).await.unwrap();
        let mut told = Vec::new();
        while let Some((email, latest)) = users.next().await.unwrap() {
            told.push((email.as_str().to_owned(), latest));
        }
        let expected = [(ADA, instant("2025-01-14T05:00:00.123Z")), (BOB, instant("2025-01-15T11:59:59.999Z"))];
        assert_eq!(told, expected.map(|(email, latest)| (email.to_owned(), latest)), "{tables:?}");
    }
}
