use super::{administered::Administered, figures::Figures, mine::Mine, view::Shown, welcome};
use crate::{
    admin::{TeamOverview, Unmatched, WorkspaceOverview},
    config::{Membership, TeamSection},
    digest::Sections,
    message::{Message, lint, text},
    model::{ChannelId, Covers, MemberEmail},
    personal::{Found, Numbers, OptedIn, Standing, Week, WeekDay},
    planner::TeamWeekly,
    schedule::{DailySchedule, WeeklySchedule},
    store::{Consents, Preferences},
};
use chrono::{DateTime, Utc, Weekday};
use chrono_tz::Tz;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn standing() -> Standing {
    let schedule = DailySchedule {
        zone: Tz::Europe__Berlin,
        time: "09:00".parse().unwrap(),
        weekdays: "mon-fri".parse().unwrap(),
        days_off: BTreeSet::new(),
        covers: Covers::Morning,
    };
    Standing {
        consents: Consents::default(),
        preferences: Preferences::default(),
        schedule,
        subscribed: true,
        held_by: None,
        next: Some(instant("2026-01-16T08:00:00Z")),
        paused_until: None,
    }
}

fn mine(standing: Standing) -> Box<Mine> {
    Box::new(Mine { standing, now: instant("2026-01-15T12:00:00Z") })
}

fn figures() -> Figures {
    let blocks = vec![
        json!({"type": "header", "text": {"type": "plain_text", "text": "Your Claude Code usage today so far"}}),
        json!({"type": "section", "text": {"type": "plain_text", "text": "Sessions: 3   Tokens: 37K in / 4K out"}}),
        json!({"type": "actions", "elements": [{"type": "button", "action_id": "digest_my_week",
            "text": {"type": "plain_text", "text": "My week"}}]}),
        json!({"type": "context", "elements": [{"type": "plain_text", "text": "Data to 12:40 · only you see this"}]}),
    ];
    let message = Message { text: "Today so far.".to_owned(), blocks };
    let today = Numbers { message, empty: false, data_to: Some(instant("2026-01-15T11:40:00Z")), unknown: None };
    let day = |date: &str, sessions| WeekDay {
        date: date.parse().unwrap(),
        sessions,
        cost: 1.25,
        tokens_in: 500_000,
        tokens_out: 40_000,
    };
    let days = vec![day("2026-01-12", 4), day("2026-01-13", 0), day("2026-01-14", 7), day("2026-01-15", 3)];
    let models = vec![("opus".to_owned(), 9), ("<!here>".to_owned(), 1)];
    let week = Week { numbers: today.clone(), days, models, cache_hit_rate: Some(0.914), streak: 12 };
    let sections = Sections { cache: false, models: false, ..Sections::ALL };
    Figures::Known { today: Box::new(today), week: Some(Box::new(week)), sections }
}

fn team(name: &str) -> TeamOverview {
    let schedule = WeeklySchedule {
        zone: Tz::Europe__Berlin,
        time: "09:00".parse().unwrap(),
        day: Weekday::Mon,
        days_off: BTreeSet::new(),
    };
    TeamOverview {
        name: name.to_owned(),
        weekly: TeamWeekly {
            enabled_at: Some(instant("2026-01-01T00:00:00Z")),
            schedule,
            channel: Some(ChannelId("C1".into())),
            sections: vec![TeamSection::Sessions],
            membership: Membership::Members(Vec::new()),
            exclude: BTreeSet::new(),
            owners: Vec::new(),
            min_active: 3,
        },
        channel_name: Some("platform".into()),
        members: Some(14),
        next: vec![instant("2026-01-19T08:00:00Z")],
        last: None,
        in_file: true,
        previewed: true,
        version: 1,
    }
}

fn daily() -> WorkspaceOverview {
    WorkspaceOverview {
        enabled: false,
        time: "09:00".into(),
        days: "mon-fri".into(),
        zone: "UTC".into(),
        sections: Vec::new(),
        subscribed: 0,
        next: None,
        halted: false,
        stopped: None,
        version: 1,
    }
}

fn drawn(view: &Value) -> String {
    text::render(&Message { text: String::new(), blocks: view["blocks"].as_array().unwrap().clone() })
}

fn home(standing: Standing, figures: Figures, administered: Administered) -> Value {
    let view = Shown::Member { mine: mine(standing), figures, administered: Box::new(administered) }.view();
    assert_eq!(lint::view_faults(&view), []);
    view
}

#[test]
fn a_member_sees_numbers_the_next_digest_and_what_can_be_changed() {
    insta::assert_snapshot!(drawn(&home(standing(), figures(), Administered::default())), @r#"
    Your Claude Code usage
    Today so far:
    Sessions: 3   Tokens: 37K in / 4K out
    [My week]
    This week, sessions by day: Mon 4 · Tue 0 · Wed 7 · Thu 3. Estimated cost: $5.00. Tokens: 2M in / 160K out. 12-day streak.
    Data up to Thu, Jan 15, 12:40 (Europe/Berlin) · cost estimated at API prices · only you see this
    ---
    Daily digest
    On. The next one comes Fri, Jan 16 at 09:00 (Europe/Berlin).
    Team summaries do not name you.
    [Turn off]  [Pause until Monday]  [Pause a week]  [Name me]
    [Preferences]  [My week]
    ---
    Your privacy
    Recap reads what Claude Code sends to your company's telemetry: when sessions were, tokens, estimated costs, and the names of skills and models. It never reads prompts, answers or code. Your numbers are shown to you alone; a team's summary has the team's.
    [Delete my data]
    "#);
}

#[test]
fn both_halves_show_what_the_member_chose_and_nothing_else() {
    let none = Sections {
        sessions: false,
        cost: false,
        tokens: false,
        skills: false,
        streak: false,
        comparison: false,
        cache: false,
        chart: false,
        models: false,
    };
    let week = |sections| {
        let Figures::Known { today, week, .. } = figures() else { panic!("figures") };
        let figures = Figures::Known { today, week, sections };
        let drawn = drawn(&home(standing(), figures, Administered::default()));
        assert_eq!(drawn.matches("Your Claude Code usage").count(), 1, "{drawn}");
        assert_eq!(drawn.matches("only you see this").count(), 1, "{drawn}");
        drawn.lines().find(|line| line.starts_with("This week")).map(str::to_owned)
    };
    assert_eq!(week(none), None);
    for (sections, told) in [
        (Sections { cost: true, ..none }, "This week: Estimated cost: $5.00."),
        (Sections { sessions: true, ..none }, "This week, sessions by day: Mon 4 · Tue 0 · Wed 7 · Thu 3."),
        (Sections { tokens: true, streak: true, ..none }, "This week: Tokens: 2M in / 160K out. 12-day streak."),
        (
            Sections { cache: true, models: true, ..none },
            "This week: Cache hit rate: 91%. Models by requests: opus (9), <!here> (1).",
        ),
    ] {
        assert_eq!(week(sections).as_deref(), Some(told));
    }
}

#[test]
fn an_admin_sees_teams_digests_and_whom_nobody_matched() {
    let unmatched = Unmatched { who: "<!channel>@example.com".to_owned(), sessions: 1_204 };
    let administered = Administered {
        admin: true,
        daily: Some(daily()),
        teams: vec![team("Platform"), TeamOverview { channel_name: None, members: None, ..team("<!here> & co") }],
        unmatched: Some((vec![unmatched], 3)),
    };
    let view = home(standing(), Figures::Unknown("The usage data does not answer.".to_owned()), administered);
    let drawn = drawn(&view);
    let (_, of_admins) = drawn.split_once("[Delete my data]\n").unwrap();
    insta::assert_snapshot!(of_admins, @r#"
    ---
    Personal digests, for everybody
    Not enabled: nobody gets one. They can be enabled after a look at the preview.
    [Edit]  [Preview]
    Teams
    Platform
    #platform · Mon 09:00 (Europe/Berlin) · 14 people · enabled, next Mon, Jan 19 at 09:00 (Europe/Berlin)
    [Edit]  [Preview]
    <!here> & co
    C1 · Mon 09:00 (Europe/Berlin) · enabled, next Mon, Jan 19 at 09:00 (Europe/Berlin)
    [Edit]  [Preview]
    [Add a team]  [Invite a channel]
    Usage that matched nobody in Slack
    <!channel>@example.com (1,204)
    and 2 more
    Sessions of the last 30 days. An alias in the settings joins another address to a person.
    "#);
    assert!(drawn.contains("The usage data does not answer."), "the rest is shown all the same");
}

#[test]
fn the_toggles_follow_from_how_things_stand() {
    let paused = Some(instant("2026-01-19T23:00:00Z"));
    let over = Some(instant("2026-01-14T23:00:00Z"));
    let named = Consents { named: true, ..Consents::default() };
    for (standing, says, there, not_there) in [
        (Standing { subscribed: false, ..standing() }, "Off.", "home_on", "home_pause"),
        (standing(), "The next one comes Fri, Jan 16 at 09:00 (Europe/Berlin).", "home_off", "home_on"),
        (
            Standing { paused_until: paused, next: Some(instant("2026-01-20T08:00:00Z")), ..standing() },
            "Paused until Tue, Jan 20. The next one comes Tue, Jan 20 at 09:00 (Europe/Berlin).",
            "home_resume",
            "home_pause",
        ),
        (Standing { paused_until: over, ..standing() }, "On. The next one", "home_pause_week", "home_resume"),
        (
            Standing { held_by: Some("no_identity".into()), next: None, ..standing() },
            "none comes for now: no usage under the address",
            "home_off",
            "home_on",
        ),
        (Standing { next: None, ..standing() }, "not known yet", "home_off", "home_on"),
        (Standing { consents: named, ..standing() }, "name you when", "home_unname", "home_name"),
    ] {
        let view = home(standing, Figures::Counting, Administered::default());
        let all = view.to_string();
        let has = |id: &str| all.contains(&format!("\"action_id\":\"{id}\""));
        assert!(drawn(&view).contains(says), "{says}: {}", drawn(&view));
        assert!(has(there) && !has(not_there), "{says}");
    }
}

#[test]
fn who_is_no_full_member_gets_a_line_and_no_button() {
    let view = Shown::Line("Recap answers full members of this workspace only.".to_owned()).view();
    assert_eq!((lint::view_faults(&view), view["blocks"].as_array().unwrap().len()), (Vec::new(), 1));
}

#[test]
fn five_hundred_teams_and_the_longest_of_everything_fit() {
    let long = "é<&>".repeat(2_000);
    let teams = (0..500)
        .map(|index| TeamOverview { channel_name: Some(long.clone()), ..team(&format!("{index}{}", "T".repeat(60))) });
    let unmatched = vec![Unmatched { who: long.clone(), sessions: u64::MAX }; 20];
    let administered = Administered {
        admin: true,
        daily: Some(WorkspaceOverview { enabled: true, halted: true, stopped: Some(long.clone()), ..daily() }),
        teams: teams.collect(),
        unmatched: Some((unmatched, u64::MAX)),
    };
    let block = json!({"type": "section", "text": {"type": "plain_text", "text": "x".repeat(3_000)}});
    let today = Numbers {
        message: Message { text: String::new(), blocks: vec![block; 50] },
        empty: false,
        data_to: None,
        unknown: None,
    };
    let figures = Figures::Known { today: Box::new(today), week: None, sections: Sections::ALL };
    let view = home(standing(), figures, administered);
    let drawn = drawn(&view);
    assert!(drawn.contains("and 480 more") && drawn.contains("[Find a team]"));
    assert!(view["blocks"].as_array().unwrap().len() <= 100);
}

#[test]
fn a_yes_is_answered_with_the_latest_digest_or_with_whom_to_ask() {
    let email = |text: &str| MemberEmail::parse(text).unwrap();
    let Figures::Known { today, .. } = figures() else { panic!("figures") };
    let next = Some((instant("2026-01-16T08:00:00Z"), Tz::Europe__Berlin));
    let nothing = Found::Nothing { looked_for: email("ada@example.com"), ask: vec![email("root@example.com")] };
    for (found, next, held_by, says) in [
        (Found::Usage(today), next, None, "The next one comes Fri, Jan 16 at 09:00 (Europe/Berlin)."),
        (nothing.clone(), next, None, "No usage was found under ada@example.com"),
        (nothing, next, None, "please ask root@example.com."),
        (Found::Unknown, None, Some("no_email"), "None comes yet: no e-mail address in Slack."),
        (Found::Unknown, None, None, "as soon as an admin enables digests here"),
    ] {
        let held_by = held_by.map(str::to_owned);
        let view = welcome(&OptedIn { already: false, next, held_by, pause_ended: false, named: false }, &found);
        assert_eq!(lint::view_faults(&view), []);
        assert!(drawn(&view).contains(says), "{says}: {}", drawn(&view));
    }
}
