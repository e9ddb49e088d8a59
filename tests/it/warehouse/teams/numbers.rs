//! What people did in the pieces of a span, and which of their requests cannot be.

use super::{ADA, BOB, all, date, instant, open, week};
use crate::{
    support::events::{EVERY_SHAPE, Event, Tables, prompt, request},
    warehouse::{
        asking::{activity, wednesday},
        questions,
    },
};
use recap::{
    model::Weekdays,
    schedule::{Covers, DailySchedule, DailyWindow},
    warehouse::{Implausible, People},
};

#[tokio::test]
async fn two_weeks_are_told_by_day_and_a_session_ends_once() {
    let rows = [
        request("2025-01-05 23:59:59.999", ADA, "early", "r0", "1"),
        request("2025-01-06 00:00:00", ADA, "a", "r1", "0.25"),
        prompt("2025-01-13 10:00:00", ADA, "a"),
        prompt("2025-01-13 10:00:00", ADA, "b"),
        request("2025-01-19 23:59:59.999", ADA, "b", "r2", "0.5").set("cost_usd", "-1"),
        request("2025-01-20 00:00:00", ADA, "b", "r3", "1"),
        prompt("2025-01-13 10:00:00", BOB, "c"),
    ];
    let ada = People::of([&ADA.parse().unwrap()]);
    for tables in EVERY_SHAPE {
        let warehouse = open(tables, &rows).await;
        for with_models in [false, true] {
            let found = all(warehouse.activity_in(&week().activity(), &ada, with_models).await.unwrap()).await;
            assert_eq!(found.len(), 1, "{tables:?}");
            let days: Vec<_> = found[0].days.iter().collect();
            let days: Vec<_> = days
                .iter()
                .map(|day| (date(day.day_ms), day.sessions, day.sessions_ending, day.cost_nanos, day.implausible))
                .collect();
            let expected = [("01-06", 1, 0, 250_000_000, 0), ("01-13", 2, 1, 0, 0), ("01-19", 1, 1, 0, 1)];
            let expected = expected.map(|(day, all, ending, cost, bad)| (day.to_owned(), all, ending, cost, bad));
            assert_eq!(days, expected, "{tables:?}");
            let models: Vec<_> = found[0].models.iter().map(|model| (date(model.day_ms), model.requests)).collect();
            let requests = [("01-06".to_owned(), 1), ("01-19".to_owned(), 1)];
            assert_eq!(models, if with_models { requests.to_vec() } else { vec![] }, "{tables:?}");
        }
    }
}

/// Requests of Wednesday, of which seven cannot be: three negative, two absurd, two with no number.
fn doubtful() -> Vec<Event> {
    let at = "2025-01-15 12:00:00";
    let asked = |id: &str, dollars: &str| request(at, ADA, "s", id, dollars);
    let micros = |id: &str, micros: &str| asked(id, "").set("cost_usd_micros", micros);
    vec![
        asked("fine", "0.5"),
        asked("free", "0").set("input_tokens", "0").set("output_tokens", "12.0"),
        asked("nothing", "").set("input_tokens", ""),
        micros("micros", "500000"),
        // The one that is not used does not matter.
        asked("unused", "0.5").set("cost_usd_micros", "-1"),
        asked("negative", "-0.01"),
        asked("negative", "-0.01"),
        micros("negative micros", "-5"),
        // The worst of two counts.
        asked("worst", "many").set("cache_read_tokens", "-1"),
        asked("absurd", "10000"),
        asked("infinite", "0.5").set("cache_creation_tokens", "inf"),
        asked("no number", "nan"),
        asked("words", "0.5").set("input_tokens", "1 000"),
        // A copy that is right makes it right.
        asked("mended", "-1"),
        asked("mended", "0.5"),
        // No request.
        prompt(at, ADA, "s").set("cost_usd", "-1").set("input_tokens", "-1"),
    ]
}

#[tokio::test]
async fn requests_that_cannot_be_are_counted_once_and_as_nothing() {
    for tables in EVERY_SHAPE {
        let warehouse = open(tables, &doubtful()).await;
        let found = activity(&warehouse, &wednesday()).await;
        let day = found[0].days[0];
        assert_eq!((day.implausible, day.cost_nanos), (7, 6 * 500_000_000), "{tables:?}");
        let (from, to) = (instant("2025-01-15T00:00:00Z"), instant("2025-01-16T00:00:00Z"));
        let told = warehouse.facts().implausible(from, to).await.unwrap();
        assert_eq!(told, Implausible { requests: 13, negative: 3, absurd: 2, no_number: 2 }, "{tables:?}");
        assert_eq!(told.all(), day.implausible);
        let nothing = warehouse.facts().implausible(to, to).await.unwrap();
        assert_eq!(nothing, Implausible::default(), "{tables:?}");
    }
}

#[tokio::test]
async fn they_are_told_beside_the_halves_of_an_evening_s_day_too() {
    let schedule = DailySchedule {
        zone: chrono_tz::UTC,
        time: "18:00".parse().unwrap(),
        weekdays: Weekdays::MON_FRI,
        days_off: [].into(),
        covers: Covers::Evening,
    };
    let window: DailyWindow = schedule.window_at("2025-01-16".parse().unwrap());
    let rows = [
        prompt("2025-01-15 20:00:00", ADA, "1"),
        request("2025-01-16 10:00:00", ADA, "2", "r1", "-1"),
        request("2025-01-16 11:00:00", ADA, "2", "r2", "1"),
        prompt("2025-01-15 20:00:00", BOB, "3"),
    ];
    for tables in [Tables::Map, Tables::Json] {
        let warehouse = open(tables, &rows).await;
        for with_models in [false, true] {
            let found = all(warehouse.activity(&window, &People::everyone(), with_models).await.unwrap()).await;
            let told: Vec<_> = found
                .iter()
                .map(|row| (row.days[0].implausible, row.days[0].before_midnight, row.days[0].after_midnight))
                .collect();
            assert_eq!(told, [(1, true, true), (0, true, false)], "{tables:?}");
            assert_eq!(found[0].models.iter().map(|model| model.requests).sum::<u64>(), 2 * u64::from(with_models));
        }
    }
}

#[tokio::test]
async fn everything_has_an_answer_where_there_is_no_event() {
    for tables in EVERY_SHAPE {
        let warehouse = open(tables, &[]).await;
        let answers = questions::ask_everything(&warehouse, &questions::wednesday(chrono_tz::UTC)).await.unwrap();
        assert_eq!(answers.iter().filter(|answer| !answer.is_empty()).count(), 4, "{tables:?}: {answers:?}");
    }
}
