//! Planning of teams: their rules, their subscriptions, and one delivery for each week.

use super::opening::{beside, run};
use crate::support::{
    log::Log,
    store::{Place, at, configure, delivery, minutes, monday, put, subscription},
};
use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;
use recap::{
    config::Settings,
    model::{ChannelId, MemberEmail, Weekdays},
    planner::{self, Counts, Rules},
    store::{Activity, DeliveryRecord, NewDelivery, ReportConfig, Store, Subscription},
};
use std::collections::{BTreeMap, BTreeSet};

/// Teams with a channel each, enabled by the file, on Mondays at 09:00 in Berlin.
fn settings(teams: &[&str], more: &[(&str, &str)]) -> Settings {
    let own = teams.iter().flat_map(|team| {
        [("ENABLED", "true"), ("CHANNEL", "C1"), ("ZONE", "Europe/Berlin")]
            .map(|(key, value)| (format!("RECAP__TEAMS__{}__{key}", team.to_uppercase()), value.to_owned()))
    });
    let more = more.iter().map(|(key, value)| (format!("RECAP__{key}"), (*value).to_owned()));
    // What is given last stands.
    Settings::load(None, own.chain(more).collect::<BTreeMap<_, _>>()).unwrap()
}

fn config(team: &str) -> ReportConfig {
    ReportConfig::new("weekly", format!("team:{team}"))
}

/// A week before [`monday`].
fn before() -> DateTime<Utc> {
    monday() - minutes(6 * 24 * 60)
}

/// The rules at `now`, after subscriptions were brought in step with them.
async fn in_step(settings: &Settings, store: &Store, now: DateTime<Utc>) -> Rules {
    let rules = Rules::of(settings, store, now).await.unwrap();
    planner::refresh_teams(store, &rules, now).await.unwrap();
    rules
}

async fn standing(store: &Store, team: &str) -> (Activity, Option<DateTime<Utc>>) {
    let subscription = store.subscription("weekly", team).await.unwrap().unwrap();
    (subscription.activity, subscription.next_due)
}

/// The deliveries of a team, oldest first.
async fn ledger(store: &Store, team: &str) -> Vec<DeliveryRecord> {
    let mut all = store.deliveries_of("weekly", team, None, 1_000).await.unwrap();
    all.reverse();
    all
}

async fn weeks(store: &Store, team: &str) -> Vec<(String, String, Option<String>)> {
    let all = ledger(store, team).await.into_iter();
    all.map(|one| (one.period, one.state, one.reason)).collect()
}

fn off(reason: &str) -> (Activity, Option<DateTime<Utc>>) {
    (Activity::Off(reason.to_owned()), None)
}

fn on(next_due: DateTime<Utc>) -> (Activity, Option<DateTime<Utc>>) {
    (Activity::On, Some(next_due))
}

async fn the_switch_in_the_file_counts_from_when_it_was_first_seen(place: Place) {
    let store = place.store().await;
    let both = settings(&["core", "web"], &[("TEAMS__WEB__ENABLED", "false")]);
    let enabled_at = async |settings: &Settings, team: &str, now| {
        Rules::of(settings, &store, now).await.unwrap().weekly(team).unwrap().enabled_at
    };
    assert_eq!(enabled_at(&both, "core", before()).await, Some(before()));
    assert_eq!(enabled_at(&both, "core", monday()).await, Some(before()));
    assert_eq!(enabled_at(&both, "web", monday()).await, None);
    // A command that is not told so takes nothing back, the daemon does.
    let neither = settings(&["core", "web"], &[("TEAMS__WEB__ENABLED", "false"), ("TEAMS__CORE__ENABLED", "false")]);
    assert_eq!(enabled_at(&neither, "core", monday()).await, Some(before()));
    Rules::begin(&both, &store, monday()).await.unwrap();
    assert_eq!(enabled_at(&both, "core", monday()).await, Some(before()));
    Rules::begin(&neither, &store, monday()).await.unwrap();
    assert_eq!(enabled_at(&neither, "core", monday()).await, None);
    assert_eq!(enabled_at(&both, "core", monday()).await, Some(monday()));
    Rules::begin(&settings(&["web"], &[]), &store, monday()).await.unwrap();
    assert_eq!(store.values_under("weekly.enabled_at.").await.unwrap().len(), 0);
}

async fn a_team_of_the_file_whose_name_looks_like_that_of_another_is_warned_of(place: Place) {
    let store = place.store().await;
    let log = Log::listen();
    Rules::begin(&settings(&["core", "web"], &[]), &store, monday()).await.unwrap();
    assert_eq!(log.lines(), Vec::<String>::new());
    let members = Some(vec![MemberEmail::parse("ada@example.com").unwrap()]);
    configure(&store, &ReportConfig { members, ..config("Core") }, monday()).await;
    Rules::begin(&settings(&["core", "web"], &[]), &store, monday()).await.unwrap();
    let told: Vec<_> = log.lines().into_iter().filter(|line| line.contains("WARN")).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("cannot be told apart") && told[0].contains("\"Core\" twin=\"core\""), "{told:?}");
}

async fn what_was_configured_beats_the_file(place: Place) {
    let store = place.store().await;
    let settings = settings(&["core", "web"], &[("TEAMS__CORE__ENABLED", "false")]);
    let core = ReportConfig {
        enabled: Some(true),
        enabled_at: Some(before()),
        time: Some("16:30".parse().unwrap()),
        weekdays: Some("fri".parse().unwrap()),
        zone: Some(Tz::Asia__Tokyo),
        channel: Some("C7".to_owned()),
        ..config("core")
    };
    let web = ReportConfig { enabled: Some(false), weekdays: Some(Weekdays::MON_FRI), ..config("web") };
    let daily = ReportConfig { report: "daily".to_owned(), ..config("web") };
    for config in [&core, &web, &daily, &config("gone")] {
        configure(&store, config, before()).await;
    }
    let rules = Rules::of(&settings, &store, monday()).await.unwrap();
    let core = rules.weekly("core").unwrap();
    assert_eq!((core.enabled_at, core.channel.clone()), (Some(before()), Some(ChannelId("C7".into()))));
    assert_eq!((core.schedule.zone, core.schedule.day), (Tz::Asia__Tokyo, Weekday::Fri));
    let web = rules.weekly("web").unwrap();
    assert_eq!((web.enabled_at, web.schedule.day), (None, Weekday::Mon));
    assert!(rules.weekly("gone").is_none());
}

async fn subscriptions_of_teams_follow_from_the_rules(place: Place) {
    let store = place.store().await;
    let all = settings(&["core", "web"], &[]);
    in_step(&all, &store, before()).await;
    assert_eq!(standing(&store, "core").await, on(monday()));
    assert_eq!(standing(&store, "web").await, on(monday()));

    let now = before() + minutes(60);
    let channelless = [("TEAMS__WEB__ENABLED", "true"), ("TEAMS__WEB__ZONE", "UTC")];
    in_step(&settings(&["core"], &channelless), &store, now).await;
    assert_eq!(standing(&store, "web").await, off("no_channel"));
    in_step(&settings(&["core"], &[]), &store, now).await;
    assert_eq!(standing(&store, "web").await, off("team_removed"));
    in_step(&all, &store, now).await;
    assert_eq!(standing(&store, "web").await, on(monday()));

    let disabled = ReportConfig { enabled: Some(false), ..config("core") };
    configure(&store, &disabled, now).await;
    in_step(&all, &store, now).await;
    assert_eq!(standing(&store, "core").await, off("not_enabled"));
    // And all is in step: nothing more is written.
    let rules = Rules::of(&all, &store, now).await.unwrap();
    assert_eq!(planner::refresh(&store, &rules, now + minutes(1)).await.unwrap(), 0);
}

async fn many_teams_are_brought_in_step_with_few_statements(place: Place) {
    let store = place.store().await;
    let names: Vec<_> = (0..60).map(|number| format!("t{number:02}")).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let settings = settings(&names, &[]);
    let asked = async |now| {
        let before = store.database().statements();
        in_step(&settings, &store, now).await;
        store.database().statements() - before
    };
    // Configurations and switches of digests, then of teams; the switches written and seen again; the subscriptions read and
    // written.
    assert_eq!(asked(before()).await, 8);
    assert_eq!(asked(before() + minutes(60)).await, 5);
    assert_eq!(standing(&store, "t59").await, on(monday()));
}

async fn what_slack_refused_stays_off_until_the_channel_is_another(place: Place) {
    let store = place.store().await;
    let of_channel = |channel| settings(&["core", "web"], &[("TEAMS__CORE__CHANNEL", channel)]);
    in_step(&of_channel("C1"), &store, before()).await;
    for (period, channel) in [("2026-W10", "C2"), ("2026-W11", "C1")] {
        let failed = NewDelivery {
            report: "weekly".to_owned(),
            recipient: "core".to_owned(),
            period: period.to_owned(),
            ..delivery("core")
        };
        store.plan(std::slice::from_ref(&failed), &[], monday()).await.unwrap();
        let failed = format!(
            "UPDATE deliveries SET state = 'failed', channel = '{channel}' WHERE delivery_id = '{}'",
            failed.id.0
        );
        run(&mut beside(&place).await, &failed).await;
    }
    store.switch_off("weekly", "core", "slack_is_archived", monday()).await.unwrap();

    let tuesday = monday() + minutes(24 * 60);
    in_step(&of_channel("C1"), &store, tuesday).await;
    assert_eq!(standing(&store, "core").await, off("slack_is_archived"));
    in_step(&of_channel("C2"), &store, tuesday).await;
    assert_eq!(standing(&store, "core").await, on(monday() + minutes(7 * 24 * 60)));
}

async fn a_week_is_planned_once_however_often(place: Place) {
    let store = place.store().await;
    let settings = settings(&["core", "web"], &[("TEAMS__WEB__ZONE", "UTC")]);
    let rules = in_step(&settings, &store, before()).await;
    let now = monday() + minutes(70);
    let (one, other) = tokio::join!(planner::plan(&store, &rules, now), planner::plan(&store, &rules, now));
    assert_eq!(one.unwrap().written + other.unwrap().written, 2);
    assert_eq!(planner::plan(&store, &rules, now).await.unwrap().due, 0);

    // Cut off between the deliveries and the subscription, as it was before the commit: all of it is done again.
    let stale = store.subscription("weekly", "core").await.unwrap().unwrap();
    store.put_subscriptions(&[Subscription { next_due: Some(monday()), ..stale }]).await.unwrap();
    let again = planner::plan(&store, &rules, now).await.unwrap();
    assert_eq!((again.due, again.written), (1, 0));

    let core = ledger(&store, "core").await;
    assert_eq!((core.len(), core[0].period.as_str(), core[0].state.as_str()), (1, "2026-W11", "planned"));
    assert_eq!((core[0].due, core[0].expires), (monday(), monday() + TimeDelta::hours(4)));
    assert_eq!(ledger(&store, "web").await[0].due, monday() + minutes(60));
    let subscription = store.subscription("weekly", "core").await.unwrap().unwrap();
    assert_eq!(subscription.next_due, Some(monday() + minutes(7 * 24 * 60)));
    assert_eq!(subscription.last_period, Some("2026-03-09".parse().unwrap()));
    // The week before ended with Sunday.
    assert_eq!(subscription.last_window_end, Some(at("2026-03-08T23:00:00Z")));
}

async fn teams_and_members_who_are_due_together_are_counted_apart(place: Place) {
    let store = place.store().await;
    // By instant, daily and weekly ones alternate on the page.
    put(&store, &["U1", "U2"].map(subscription)).await;
    let mut later = subscription("U3");
    later.next_due = Some(monday() + minutes(30));
    later.time = "09:30".parse().unwrap();
    put(&store, &[later]).await;
    let settings = settings(&["core", "web", "off"], &[("TEAMS__WEB__TIME", "09:15")]);
    let mut rules = in_step(&settings, &store, before()).await;
    let own = &mut rules.teams.get_mut("off").unwrap().weekly.schedule.days_off;
    own.extend((9..14).map(|day| NaiveDate::from_ymd_opt(2026, 3, day).unwrap()));

    let asked = store.database().statements();
    assert_eq!(planner::plan(&store, &rules, monday() - minutes(1)).await.unwrap().due, 0);
    assert_eq!(store.database().statements() - asked, 1);

    let planned = planner::plan(&store, &rules, monday() + minutes(30)).await.unwrap();
    assert_eq!((planned.due, planned.written, planned.missed), (6, 6, 0));
    assert_eq!(planned.by_report["daily"], Counts { due: 3, written: 3, missed: 0, skipped: 0 });
    assert_eq!(planned.by_report["weekly"], Counts { due: 3, written: 3, missed: 0, skipped: 1 });
    let row = |state: &str, reason: Option<&str>| ("2026-W11".to_owned(), state.to_owned(), reason.map(str::to_owned));
    assert_eq!(weeks(&store, "core").await, [row("planned", None)]);
    assert_eq!(weeks(&store, "web").await, [row("planned", None)]);
    assert_eq!(weeks(&store, "off").await, [row("skipped", Some("holiday"))]);
    assert_eq!(planner::plan(&store, &rules, monday() + minutes(31)).await.unwrap().due, 0);
    // What is due together is computed together: the members, then the team at the same instant.
    let first = store.claim_cohort("one", monday() + minutes(30)).await.unwrap().unwrap();
    let second = store.claim_cohort("one", monday() + minutes(30)).await.unwrap().unwrap();
    let mut sizes = [(first.key.report, first.deliveries.len()), (second.key.report, second.deliveries.len())];
    sizes.sort();
    assert_eq!(sizes, [("daily".to_owned(), 2), ("weekly".to_owned(), 1)]);
}

async fn missed_weeks_are_written_down_and_the_latest_is_caught_up(place: Place) {
    let store = place.store().await;
    let settings = settings(&["core"], &[]);
    let rules = in_step(&settings, &store, before()).await;
    let planned = planner::plan(&store, &rules, at("2026-03-30T10:59:00Z")).await.unwrap();
    assert_eq!((planned.due, planned.written, planned.missed), (1, 4, 3));
    let not_running = |week: &str| (week.to_owned(), "missed".to_owned(), Some("not_running".to_owned()));
    let caught_up = ("2026-W14".to_owned(), "planned".to_owned(), None);
    let expected = [not_running("2026-W11"), not_running("2026-W12"), not_running("2026-W13"), caught_up];
    assert_eq!(weeks(&store, "core").await, expected);

    // Moved away before anybody ran again.
    let moved = ReportConfig { zone: Some(Tz::Asia__Tokyo), ..config("core") };
    configure(&store, &moved, monday()).await;
    in_step(&settings, &store, at("2026-04-15T00:00:00Z")).await;
    let zone_moved = |week: &str| (week.to_owned(), "skipped".to_owned(), Some("zone_moved".to_owned()));
    assert_eq!(weeks(&store, "core").await[4..], [zone_moved("2026-W15"), zone_moved("2026-W16")]);
    assert_eq!(standing(&store, "core").await, on(at("2026-04-20T00:00:00Z")));
}

/// Days off: Easter with its Tuesday, a whole week in August, and every Monday of November.
fn calendar() -> BTreeSet<NaiveDate> {
    let span = |from: &str, days: u64| {
        let from: NaiveDate = from.parse().unwrap();
        (0..days).map(move |day| from + Days::new(day))
    };
    let november = span("2026-11-01", 30).filter(|date| date.weekday() == Weekday::Mon);
    span("2026-04-03", 5).chain(span("2026-08-10", 7)).chain(november).collect()
}

/// The date on which the week of `monday` has its summary, found by looking at its days one by one.
fn expected_date(monday: NaiveDate, day: Weekday, days_off: &BTreeSet<NaiveDate>) -> Option<NaiveDate> {
    (0..7).map(|later| monday + Days::new(later)).find(|date| {
        let number = date.weekday().num_days_from_monday();
        let moved_on = number > day.num_days_from_monday() && number < 5;
        (date.weekday() == day || moved_on) && !days_off.contains(date)
    })
}

async fn a_year_has_one_delivery_for_each_week_in_every_zone(place: Place) {
    let store = place.store().await;
    let zones = [
        ("ny", "America/New_York", "mon", "09:00"),
        ("berlin", "Europe/Berlin", "mon", "02:30"),
        ("kathmandu", "Asia/Kathmandu", "fri", "23:30"),
        ("howe", "Australia/Lord_Howe", "sun", "02:15"),
        ("santiago", "America/Santiago", "sun", "00:15"),
        ("cairo", "Africa/Cairo", "fri", "00:15"),
        ("apia", "Pacific/Apia", "wed", "18:00"),
    ];
    let names = zones.map(|(name, ..)| name);
    let more: Vec<_> = zones
        .iter()
        .flat_map(|(name, zone, day, time)| {
            let key = |key: &str| format!("TEAMS__{}__{key}", name.to_uppercase());
            [(key("ZONE"), *zone), (key("DAY"), *day), (key("TIME"), *time)]
        })
        .collect();
    let more: Vec<_> = more.iter().map(|(key, value)| (key.as_str(), *value)).collect();
    let settings = settings(&names, &more);
    let (start, end) = (at("2025-12-28T12:00:00Z"), at("2027-01-06T12:00:00Z"));
    let mut rules = Rules::of(&settings, &store, start).await.unwrap();
    for team in rules.teams.values_mut() {
        team.weekly.schedule.days_off = calendar();
    }
    planner::refresh_teams(&store, &rules, start).await.unwrap();
    // Each tick finds what has come due, some seconds late.
    while let Some(next) = store.next_due().await.unwrap().filter(|next| *next < end) {
        let now = next + TimeDelta::seconds(41);
        assert!(planner::plan(&store, &rules, now).await.unwrap().due > 0);
        assert_eq!(planner::refresh_teams(&store, &rules, now).await.unwrap(), 0);
    }
    let first: NaiveDate = "2025-12-29".parse().unwrap();
    for (name, zone, day, time) in zones {
        let (zone, day): (Tz, Weekday) = (zone.parse().unwrap(), day.parse().unwrap());
        let rows: Vec<_> = ledger(&store, name).await.into_iter().take(53).collect();
        assert_eq!(rows.len(), 53, "{name}");
        for (week, row) in rows.iter().enumerate() {
            let monday = first + Days::new(7 * week as u64);
            assert_eq!(row.period, monday.format("%G-W%V").to_string(), "{name}");
            let Some(date) = expected_date(monday, day, &calendar()) else {
                assert_eq!((row.state.as_str(), row.reason.as_deref()), ("skipped", Some("holiday")), "{name}");
                continue;
            };
            assert_eq!(row.state, "planned", "{name} {}", row.period);
            let local = row.due.with_timezone(&zone).naive_local();
            let shown = format!("{} {}", local.date(), local.format("%H:%M"));
            // Clocks leap over these times on these dates: the first valid instant after them it is.
            let expected = match (name, row.period.as_str()) {
                ("howe", "2026-W40") => "2026-10-04 02:30".to_owned(),
                ("santiago", "2026-W36") => "2026-09-06 01:00".to_owned(),
                ("cairo", "2026-W17") => "2026-04-24 01:00".to_owned(),
                _ => format!("{date} {time}"),
            };
            assert_eq!(shown, expected, "{name} {}", row.period);
        }
        let skipped = rows.iter().filter(|row| row.state == "skipped").count();
        // A Monday can be made up for at Easter and in November, a Friday or Sunday never.
        let expected = if matches!(day, Weekday::Fri | Weekday::Sun) { 2 } else { 1 };
        assert_eq!(skipped, expected, "{name}");
    }
}

on_both!(
    the_switch_in_the_file_counts_from_when_it_was_first_seen,
    a_team_of_the_file_whose_name_looks_like_that_of_another_is_warned_of,
    what_was_configured_beats_the_file,
    subscriptions_of_teams_follow_from_the_rules,
    many_teams_are_brought_in_step_with_few_statements,
    what_slack_refused_stays_off_until_the_channel_is_another,
    a_week_is_planned_once_however_often,
    teams_and_members_who_are_due_together_are_counted_apart,
    missed_weeks_are_written_down_and_the_latest_is_caught_up,
    a_year_has_one_delivery_for_each_week_in_every_zone,
);
