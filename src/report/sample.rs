//! Sample numbers: what somebody's digest looks like, without saying anything of anybody.

use super::error::{MessageError, linted};
use crate::{
    digest::{DailyDigest, DailyFacts, DailyOptions},
    message::{Message, Templates},
    schedule::{DailyWindow, Day},
    warehouse::{ActiveDays, DayActivity, MemberActivity, MemberSkills, ModelUse, SkillUse},
};
use serde_json::json;

/// How the text of a sample begins.
const SAMPLE: &str = "Sample numbers. ";
/// Working days in a row on which the made-up member had a session.
const STREAK: usize = 5;

/// A digest of made-up numbers about `window`, which says so in text and blocks.
///
/// # Errors
/// When its template fails or a limit of Slack is broken.
pub fn sample_daily(
    templates: &Templates,
    window: &DailyWindow,
    options: &DailyOptions,
) -> Result<Message, MessageError> {
    let (activity, skills, active_days) = (activity(window), skills(window), active_days(window));
    let facts =
        DailyFacts { activity: Some(&activity), skills: Some(&skills), active_days: Some(&active_days), streak: None };
    let mut message = templates.render("daily", &DailyDigest::of(window, facts, options))?;
    message.text.insert_str(0, SAMPLE);
    let line = json!({"type": "context", "elements": [
        {"type": "plain_text", "text": "Sample numbers, nobody's own", "emoji": false},
    ]});
    message.blocks.insert(message.blocks.len().min(1), line);
    linted(message)
}

/// Nine sessions on each working day before, twelve on the last one of the window.
fn activity(window: &DailyWindow) -> MemberActivity {
    let last = last_of(window).map(Day::start_ms);
    let days = window.all_days().filter(|day| day.working || Some(day.start_ms()) == last).map(|day| {
        let is_last = Some(day.start_ms()) == last;
        let (sessions, cost_nanos) = if is_last { (12, 4_820_000_000) } else { (9, 4_080_000_000) };
        DayActivity {
            day_ms: day.start_ms(),
            sessions,
            sessions_ending: sessions,
            cost_nanos,
            input_tokens: 142_000,
            output_tokens: 38_000,
            cache_read_tokens: 1_240_000,
            cache_creation_tokens: 86_000,
            before_midnight: true,
            after_midnight: true,
            implausible: 0,
        }
    });
    let model =
        |model: &str, requests| ModelUse { day_ms: last.unwrap_or_default(), model: model.to_owned(), requests };
    MemberActivity {
        email: String::new(),
        days: days.collect(),
        models: vec![model("claude-haiku-4-5", 31), model("claude-sonnet-4-5", 94)],
        spanning: Vec::new(),
    }
}

fn skills(window: &DailyWindow) -> MemberSkills {
    let day_ms = last_of(window).map(Day::start_ms).unwrap_or_default();
    let skill = |(name, uses): (&str, u64)| SkillUse { day_ms, name: name.to_owned(), uses };
    MemberSkills {
        email: String::new(),
        first_ms: 0,
        skills: [("autopilot", 1), ("commit", 8), ("review-pr", 3)].map(skill).into(),
    }
}

fn active_days(window: &DailyWindow) -> ActiveDays {
    let working = window.history.iter().rev().filter(|day| day.working).take(STREAK);
    let mut days: Vec<_> = working.map(Day::start_ms).collect();
    days.reverse();
    ActiveDays { email: String::new(), days }
}

fn last_of(window: &DailyWindow) -> Option<&Day> {
    window.days.iter().rev().find(|day| day.working).or(window.days.last())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        digest::Sections,
        model::{Covers, Weekdays},
        schedule::DailySchedule,
    };
    use std::collections::BTreeSet;

    #[test]
    fn a_sample_says_that_it_is_one_and_looks_like_a_digest() {
        for (now, covers, time) in [
            ("2025-01-16T10:00:00Z", Covers::Morning, "09:00"),
            ("2025-01-20T10:00:00Z", Covers::Morning, "09:00"),
            ("2025-01-15T19:00:00Z", Covers::Evening, "18:00"),
        ] {
            let schedule = DailySchedule {
                zone: chrono_tz::Tz::UTC,
                time: time.parse().unwrap(),
                weekdays: Weekdays::MON_FRI,
                days_off: BTreeSet::new(),
                covers,
            };
            let window = schedule.latest_window(now.parse().unwrap());
            let options = DailyOptions { sections: Sections::ALL, first: false, next: None, opt_out: false };
            let message = sample_daily(&Templates::embedded(), &window, &options).unwrap();
            let text = &message.text;
            assert!(text.starts_with("Sample numbers. Your Claude Code Daily Digest"), "{text}");
            assert!(text.contains("12 sessions, 3 more than your average"), "{text}");
            assert!(text.contains("commit (8), review-pr (3), autopilot (1)"), "{text}");
            assert!(text.contains("5-day streak"), "{text}");
            assert_eq!(message.blocks[1]["elements"][0]["text"], "Sample numbers, nobody's own");
        }
    }
}
