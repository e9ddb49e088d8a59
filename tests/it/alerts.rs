//! Alerts as they are read, at their usual and at their worst.

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use recap::{
    digest::{Alert, AlertEvent, What},
    message::{Message, Templates, check, lint, text},
    report::alert,
};
use serde_json::Value;
use std::sync::LazyLock;

static TEMPLATES: LazyLock<Templates> = LazyLock::new(Templates::embedded);
const DOLLAR: i64 = 1_000_000_000;

fn event(day: &str, what: What) -> AlertEvent {
    AlertEvent { day: day.parse().unwrap(), what }
}

fn typical() -> Alert {
    let events = [
        event("2025-01-15", What::NewSkill { name: "terraform-plan".to_owned(), members: 3 }),
        event(
            "2025-01-15",
            What::CostSpike { cost_nanos: 84 * DOLLAR + DOLLAR / 5, usual: Some(31 * DOLLAR), implausible: 0 },
        ),
        event("2025-01-15", What::Budget { cost_nanos: 2_012 * DOLLAR, budget_nanos: 2_000 * DOLLAR }),
    ];
    Alert::of("Platform", Tz::Europe__Berlin, true, &events).unwrap()
}

/// Good news, told in the channel.
fn channel() -> Alert {
    let events = [
        event("2025-01-16", What::UsageRecovered { sessions: 41, usual: Some(38) }),
        event("2025-01-16", What::NewSkill { name: "fix".to_owned(), members: 2 }),
        event("2025-01-16", What::MoreSkills { count: 2 }),
    ];
    Alert::of("Platform", Tz::Europe__Berlin, false, &events).unwrap()
}

/// Seven days in one message, with names as long and hostile as they can be.
fn worst() -> Alert {
    let first: NaiveDate = "2025-09-24".parse().unwrap();
    let names = ["<!channel>&".repeat(20), "é\u{301}\u{301}\u{301}".repeat(60), "👩🏽\u{200d}🚀".repeat(60)];
    let mut events = Vec::new();
    let (cost_nanos, usual) = (i64::MAX, Some(i64::MAX));
    events.push(event("2025-09-24", What::CostSpike { cost_nanos, usual, implausible: u64::MAX }));
    events.push(event("2025-09-24", What::FewActive { active: u64::MAX, members: u64::MAX }));
    for day in (0..7).map(|day| (first + Days::new(day)).to_string()) {
        events.extend(names.iter().map(|name| event(&day, What::NewSkill { name: name.clone(), members: u64::MAX })));
    }
    Alert::of(&"&".repeat(64), Tz::America__Argentina__ComodRivadavia, true, &events).unwrap()
}

/// The blocks as drawn, then the text; nothing that Slack would refuse, rich blocks or not.
fn shown(message: &Message) -> String {
    assert_eq!(lint::faults(message), []);
    assert_eq!(lint::faults(&message.without_rich_blocks()), []);
    format!("{}\n{}", text::render(message), message.text)
}

fn told(said: &Alert) -> String {
    shown(&alert(&TEMPLATES, said).unwrap())
}

#[test]
fn an_owner_reads_what_was_unusual_and_why_they_hear_of_it() {
    insta::assert_snapshot!(told(&typical()), @"
    Claude Code alert — Platform
    - Cost spike on Wed, Jan 15: estimated $84.20, usually $31.00
    - Budget for January used up on Wed, Jan 15: estimated $2,012.00 of $2,000.00
    - New skill on Wed, Jan 15, used by 3 members: /terraform-plan
    You get this as an owner of Platform · cost estimated at API prices

    Claude Code alert for Platform. Cost spike on Wed, Jan 15: estimated $84.20, usually $31.00. Budget for January used up on Wed, Jan 15: estimated $2,012.00 of $2,000.00. New skill on Wed, Jan 15, used by 3 members: /terraform-plan. Costs are estimated at API prices. You get this as an owner of Platform.
    ");
}

#[test]
fn a_channel_reads_good_news_without_an_alarm() {
    insta::assert_snapshot!(told(&channel()), @"
    Claude Code news — Platform
    - Usage back to usual on Thu, Jan 16: 41 sessions, usually 38
    - New skill on Thu, Jan 16, used by 2 members: /fix
    - 2 more new skills on Thu, Jan 16
    Platform, Europe/Berlin

    Claude Code news for Platform. Usage back to usual on Thu, Jan 16: 41 sessions, usually 38. New skill on Thu, Jan 16, used by 2 members: /fix. 2 more new skills on Thu, Jan 16.
    ");
}

#[test]
fn the_worst_stays_within_slacks_limits() {
    let message = alert(&TEMPLATES, &worst()).unwrap();
    let drawn = shown(&message);
    assert!(!message.text.contains(['<', '>']), "{drawn}");
    assert!(message.text.contains(" And 13 more.") && drawn.contains("and 13 more"), "{drawn}");
    // Ten skills with the longest names, which no other line pushes aside.
    for name in ["&".repeat(64), "é\u{301}\u{301}\u{301}".repeat(60), "👩🏽\u{200d}🚀".repeat(60)] {
        let events: Vec<_> =
            (0..12).map(|_| event("2025-09-24", What::NewSkill { name: name.clone(), members: u64::MAX })).collect();
        told(&Alert::of(&"👩🏽\u{200d}🚀".repeat(16), Tz::UTC, true, &events).unwrap());
    }
}

#[test]
fn no_alert_shouts() {
    for said in [typical(), channel()] {
        let drawn = told(&said);
        assert!(!drawn.contains('!'), "{drawn}");
    }
}

#[test]
fn the_samples_of_the_template_are_what_is_really_said() {
    let samples = check::samples_of("alert");
    assert_eq!(samples.len(), 3);
    for (sample, context) in samples {
        let real = match sample {
            "typical" => typical(),
            "channel" => channel(),
            "worst" => worst(),
            other => panic!("{other} is not held"),
        };
        let real: Value = serde_json::to_value(real).unwrap();
        assert_eq!(context, real, "{sample}: {}", serde_json::to_string_pretty(&real).unwrap());
    }
}
