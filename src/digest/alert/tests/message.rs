use super::{Alert, AlertEvent, What, date};
use chrono_tz::Tz;

fn event(day: &str, what: What) -> AlertEvent {
    AlertEvent { day: date(day), what }
}

fn skill(day: &str, name: &str) -> AlertEvent {
    event(day, What::NewSkill { name: name.to_owned(), members: 2 })
}

#[test]
fn what_needs_a_look_comes_first() {
    let events = [
        skill("2025-03-03", "fix"),
        event("2025-03-04", What::UsageDrop { sessions: 4, usual: None }),
        event("2025-03-05", What::CostSpike { cost_nanos: 1, usual: None, implausible: 0 }),
        event("2025-03-05", What::UsageRecovered { sessions: 20, usual: Some(20) }),
        event("2025-03-06", What::FewActive { active: 0, members: 14 }),
    ];
    let alert = Alert::of("Platform", Tz::Europe__Berlin, true, &events).unwrap();
    assert_eq!(
        alert.lines,
        [
            "Cost spike on Wed, Mar 5: estimated <$0.01",
            "Usage drop on Tue, Mar 4: 4 sessions",
            "Usage drop on Thu, Mar 6: 0 of 14 members were active",
            "Usage back to usual on Wed, Mar 5: 20 sessions, usually 20",
            "New skill on Mon, Mar 3, used by 2 members: /fix",
        ]
    );
    assert!(alert.unusual && alert.cost && alert.more == 0);
    assert_eq!(Alert::of("Platform", Tz::UTC, true, &[]), None);
}

#[test]
fn good_news_are_not_called_unusual_and_long_ones_are_cut() {
    let events: Vec<_> = (0..14).map(|number| skill("2025-03-03", &format!("skill-{number}"))).collect();
    let alert = Alert::of("\u{202e}<!channel>", Tz::UTC, false, &events).unwrap();
    assert!(!alert.unusual && !alert.cost);
    assert_eq!((alert.lines.len(), alert.more, alert.team.0.as_str()), (10, 4, "<!channel>"));
}

#[test]
fn each_is_kept_under_a_kind_and_a_subject_of_its_own() {
    let events = [
        (event("2025-03-05", What::CostSpike { cost_nanos: 1, usual: Some(2), implausible: 0 }), "cost_spike", ""),
        (event("2025-03-05", What::CostRecovered { cost_nanos: 1, usual: None }), "cost_recovered", ""),
        (event("2025-03-05", What::UsageDrop { sessions: 1, usual: None }), "usage_drop", ""),
        (event("2025-03-05", What::FewActive { active: 1, members: 2 }), "usage_drop", ""),
        (event("2025-03-05", What::UsageRecovered { sessions: 1, usual: None }), "usage_recovered", ""),
        (event("2025-03-05", What::Budget { cost_nanos: 1, budget_nanos: 1 }), "budget", ""),
        (skill("2025-03-05", "fix"), "new_skill", "fix"),
        (event("2025-03-05", What::MoreSkills { count: 1 }), "new_skill", ""),
    ];
    for (event, kind, subject) in events {
        assert_eq!((event.kind(), event.subject()), (kind, subject));
        let kept: AlertEvent = serde_json::from_str(&serde_json::to_string(&event).unwrap()).unwrap();
        assert_eq!(kept, event);
        assert!(!event.line().words.ends_with('.') && event.line().day == event.day);
    }
}
