//! Totals, rankings, empty digests and absurd rows.

use super::{EVERYTHING, Request, Tz, berlin, usage};
use crate::{
    digest::{DailyDigest, DailyFacts, StreakState},
    warehouse::{ActiveDays, DayActivity, MemberActivity, MemberSkills, ModelUse, SkillUse},
};
use chrono::DateTime;
use proptest::prelude::*;

#[test]
fn no_activity_makes_an_empty_digest() {
    let window = berlin("09:00", "2025-01-16");
    let mut options = EVERYTHING;
    options.first = true;
    let nothing = DailyDigest::of(&window, DailyFacts::default(), &options);
    assert!(nothing.empty && nothing.first);
    assert_eq!((nothing.sessions.total, nothing.cost.total, nothing.input_tokens), (0, 0.0, 0));
    assert_eq!((nothing.cache_hit_percent, nothing.streak), (None, None));
    assert!(nothing.top_skills.is_empty() && nothing.models.is_empty() && nothing.chart.is_empty());

    // Used before, not in the window: nothing is held against anybody.
    let days = ["2025-01-08", "2025-01-09", "2025-01-10", "2025-01-13", "2025-01-14"];
    let before = usage(Tz::Europe__Berlin).daily(&days, 9, 1_000_000_000).digest_with(&window, &options);
    assert_eq!(before, nothing);
}

#[test]
fn tokens_in_billions_and_the_cache_are_added_up() {
    let request = |input, output, cache_read, cache_creation| Request {
        input,
        output,
        cache_read,
        cache_creation,
        ..Request::default()
    };
    let digest = usage(Tz::Europe__Berlin)
        .request("a", "2025-01-15T10:00", request(1_500_000_000, 4_000_000_000, 1, 0))
        .request("a", "2025-01-15T11:00", request(1_500_000_000, 500_000_000, 2_999_999_999, 2_000_000_000))
        .request("b", "2025-01-14T11:00", request(7, 7, 7, 7))
        .digest(&berlin("09:00", "2025-01-16"));
    assert_eq!((digest.input_tokens, digest.output_tokens), (3_000_000_000, 4_500_000_000));
    assert_eq!((digest.cache_read_tokens, digest.cache_creation_tokens), (3_000_000_000, 2_000_000_000));
    assert_eq!(digest.cache_hit_percent, Some(38), "3 of 8 billion are 37.5 %");
    let half = usage(Tz::Europe__Berlin)
        .request("a", "2025-01-15T10:00", request(199, 0, 1, 0))
        .digest(&berlin("09:00", "2025-01-16"));
    assert_eq!(half.cache_hit_percent, Some(1), "0.5 % goes away from zero");
}

#[test]
fn skills_and_models_are_those_of_the_window() {
    let model = |model| Request { model, ..Request::default() };
    let usage = usage(Tz::Europe__Berlin)
        .request("a", "2025-01-15T10:00", model("opus-4"))
        .request("a", "2025-01-15T10:01", model("haiku-4"))
        .request("a", "2025-01-15T10:02", model("opus-4"))
        .request("a", "2025-01-14T10:02", model("sonnet-4"))
        .skill("commit", &["2025-01-15T10:00", "2025-01-15T23:59", "2025-01-14T10:00"])
        .skill("review-pr", &["2025-01-15T10:00"])
        .skill("autopilot", &["2025-01-15T10:00"])
        .skill("fix", &["2025-01-15T10:00"])
        .skill("yesterday", &["2025-01-14T23:59"]);
    let digest = usage.digest(&berlin("09:00", "2025-01-16"));
    let skills: Vec<_> =
        digest.top_skills.iter().map(|skill| (skill.rank, skill.name.0.as_str(), skill.uses)).collect();
    assert_eq!(skills, [(1, "commit", 2), (2, "autopilot", 1), (3, "fix", 1)]);
    assert_eq!(digest.more_skills, 1);
    let models: Vec<_> =
        digest.models.iter().map(|model| (model.name.0.as_str(), model.requests, model.percent)).collect();
    assert_eq!(models, [("opus-4", 2, 67), ("haiku-4", 1, 33)]);
}

#[test]
fn a_section_that_is_off_lists_nothing() {
    let usage = usage(Tz::Europe__Berlin)
        .request("a", "2025-01-15T10:00", Request { model: "opus-4", ..Request::default() })
        .skill("commit", &["2025-01-15T10:00"]);
    let mut options = EVERYTHING;
    (options.sections.skills, options.sections.streak) = (false, false);
    (options.sections.chart, options.sections.models) = (false, false);
    let digest = usage.digest_with(&berlin("09:00", "2025-01-16"), &options);
    assert_eq!((digest.sessions.total, digest.streak), (1, None));
    assert!(digest.top_skills.is_empty() && digest.models.is_empty() && digest.chart.is_empty());
}

#[test]
fn the_names_that_templates_see_are_those_of_the_fields() {
    let digest = usage(Tz::Europe__Berlin)
        .request("a", "2025-01-15T10:00", Request { model: "opus-4", cost_nanos: 4_000_000, ..Request::default() })
        .skill("commit", &["2025-01-15T10:00"])
        .digest(&berlin("18:00", "2025-01-15"));
    let value = serde_json::to_value(&digest).unwrap();
    assert_eq!(value["period"]["up_to"], "18:00");
    assert_eq!(value["period"]["first"], "2025-01-15");
    assert_eq!(value["cost"]["total"], 0.004);
    assert_eq!(value["top_skills"][0]["name"], "commit");
    assert_eq!(value["streak"]["days"], 1);
    assert_eq!(value["chart"][6]["sessions"], 1);
    assert_eq!(value["next"], serde_json::Value::Null);
}

/// A day of a row that the window may or may not know.
fn any_day() -> impl Strategy<Value = i64> {
    let bounds = berlin("09:00", "2025-01-16").bounds_ms();
    prop_oneof![proptest::sample::select(bounds), any::<i64>()]
}

prop_compose! {
    fn any_row()(
        day_ms in any_day(),
        (sessions, sessions_ending) in prop_oneof![Just((1, u64::MAX)), any::<(u64, u64)>()],
        cost_nanos in prop_oneof![Just(i64::MIN), Just(i64::MAX), any::<i64>()],
        tokens in prop_oneof![Just([u64::MAX; 4]), any::<[u64; 4]>()],
        [before_midnight, after_midnight] in any::<[bool; 2]>(),
    ) -> DayActivity {
        let [input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens] = tokens;
        DayActivity {
            day_ms, sessions, sessions_ending, cost_nanos, input_tokens, output_tokens, cache_read_tokens,
            cache_creation_tokens, before_midnight, after_midnight, implausible: 0,
        }
    }
}

proptest! {
    #[test]
    fn absurd_rows_do_not_panic(
        days in prop::collection::vec(any_row(), 0..20),
        names in prop::collection::vec((any_day(), any::<String>(), any::<u64>()), 0..20),
        active in prop::collection::vec(any_day(), 0..20),
        (days_in_a_row, until) in (any::<u32>(), prop::option::of(any_day())),
    ) {
        let email = String::new();
        let models = names.iter().cloned().map(|(day_ms, model, requests)| ModelUse { day_ms, model, requests });
        let activity = MemberActivity { email: email.clone(), days, models: models.collect(), spread: Vec::new() };
        let skills = names.iter().cloned().map(|(day_ms, name, uses)| SkillUse { day_ms, name, uses });
        let skills = MemberSkills { email: email.clone(), skills: skills.collect() };
        let active_days = ActiveDays { email, days: active };
        let streak = until.and_then(DateTime::from_timestamp_millis).map(|until| StreakState {
            days: days_in_a_row, at_least: false, through: until.date_naive(), until,
        });
        let facts =
            DailyFacts { activity: Some(&activity), skills: Some(&skills), active_days: Some(&active_days), streak };
        let digest = DailyDigest::of(&berlin("09:00", "2025-01-16"), facts, &EVERYTHING);
        facts.streak_after(&berlin("18:00", "2025-01-16"));
        prop_assert!(digest.sessions.total >= 0);
        prop_assert_eq!(digest.empty, digest.sessions.total == 0);
        prop_assert!(digest.cost.total.is_finite());
        prop_assert!(digest.top_skills.len() <= 3 && digest.models.len() <= 5);
        prop_assert!(digest.models.iter().all(|model| (0..=100).contains(&model.percent)));
        prop_assert!(digest.cache_hit_percent.is_none_or(|percent| (0..=100).contains(&percent)));
    }

    #[test]
    fn sessions_are_the_distinct_ids_of_the_window(
        events in prop::collection::vec((0_u8..6, 10_u32..20, 0_u32..24), 0..60),
    ) {
        let window = berlin("09:00", "2025-01-20");
        let mut everything = usage(Tz::Europe__Berlin);
        let mut expected = std::collections::BTreeSet::new();
        for (id, day, hour) in events {
            everything = everything.session(&id.to_string(), &[&format!("2025-01-{day}T{hour:02}:00")]);
            if day >= 17 {
                expected.insert(id);
            }
        }
        prop_assert_eq!(everything.digest(&window).sessions.total, i64::try_from(expected.len()).unwrap());
    }
}
