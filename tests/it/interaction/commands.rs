//! The command: every word of it, for who may say it.

use super::{answered, buttons, people, told, told_for, typed};
use crate::support::{
    app::App,
    events::{Tables, insert, request},
    store::configure,
};
use recap::{interaction::Reply, model::MemberId, standin::Person, store::ReportConfig};

/// Wednesday afternoon; Ada worked yesterday and today.
async fn wednesday() -> App {
    let app = App::with("2025-01-15T14:32:30Z", people(), &[]).await;
    app.session("ada", "2025-01-14 10:00:00").await;
    app.session("ada", "2025-01-15 09:00:00").await;
    insert(Tables::Map, &app.database, &[request("2025-01-15 14:30:00", "ada@example.com", "s2", "r1", "1.50")]).await;
    app
}

fn ada() -> MemberId {
    MemberId("U0ADA".into())
}

async fn paused_until(app: &App) -> Option<String> {
    let until = app.store.preferences(&ada()).await.unwrap().pause_until;
    until.map(|until| until.format("%Y-%m-%dT%H:%M").to_string())
}

#[tokio::test]
async fn today_is_told_to_anybody_with_its_freshness_and_offers_the_digest() {
    let app = wednesday().await;
    let today = told(&app, "ada", "").await;
    assert_eq!(
        today.text,
        "Your Claude Code usage today so far, Wednesday, January 15: 2 sessions; estimated cost $1.50; 100 tokens in and \
         10 out. Data to 14:30."
    );
    assert_eq!(buttons(&today), ["usage_get_digest", "digest_my_week"]);

    told(&app, "ada", "on").await;
    assert_eq!(buttons(&told(&app, "ada", "today").await), ["digest_my_week", "usage_settings"]);
    // Berlin is an hour ahead.
    assert!(told(&app, "bob", "").await.text.contains("no sessions yet. Data to 15:30."));
}

#[tokio::test]
async fn the_week_is_told_by_day_with_its_streak() {
    let app = wednesday().await;
    let week = told(&app, "ada", "/usage WEEK").await;
    assert!(
        week.text.starts_with("Your Claude Code usage this week so far, Monday, January 13 to Wednesday, January 15")
    );
    assert!(week.text.contains("Sessions by day: Mon 0, Tue 1, Wed 2."), "{}", week.text);
    assert!(week.text.contains("2-day streak"), "{}", week.text);

    // Before today's first session the streak is not broken yet.
    app.session("bob", "2025-01-13 10:00:00").await;
    app.session("bob", "2025-01-14 10:00:00").await;
    let bob = told(&app, "bob", "my week").await;
    assert!(bob.text.contains("2-day streak"), "{}", bob.text);
}

#[tokio::test]
async fn hostile_lengths_and_dates_are_answered_in_words() {
    let app = wednesday().await;
    told(&app, "ada", "on").await;
    for text in ["pause 95026236d", "pause 4294967295d", "pause 13575176w", "pause until 9999-12-31"] {
        assert!(told(&app, "ada", text).await.text.contains("a year at most"), "{text}");
    }
    for text in ["why 9999-12-31", "why 1900-01-01"] {
        told(&app, "ada", text).await;
    }
    let member = app.store.member(&ada()).await.unwrap().unwrap();
    for date in [chrono::NaiveDate::MIN, chrono::NaiveDate::MAX] {
        let why = recap::personal::why(&app.workspace(), &member, Some(date)).await.unwrap_err();
        assert!(why.words().contains("that far away"), "{date}");
    }
    assert_eq!(paused_until(&app).await, None);
}

#[tokio::test]
async fn what_is_configured_for_the_workspace_is_shown_everywhere() {
    let app = wednesday().await;
    let config =
        ReportConfig { sections: Some(vec!["sessions".to_owned()]), ..ReportConfig::new("daily", "workspace") };
    configure(&app.store, &config, app.clock.now()).await;
    for text in ["", "week", "preview", "on"] {
        let shown = told(&app, "ada", text).await;
        assert!(shown.text.contains("session") && !shown.text.contains("tokens in"), "{text}: {}", shown.text);
    }
}

#[tokio::test]
async fn numbers_of_the_week_are_there_for_a_chart() {
    let app = wednesday().await;
    let member = app.store.member(&ada()).await.unwrap().unwrap();
    let week = recap::personal::week(&app.workspace(), &member).await.unwrap();
    let days: Vec<_> =
        week.days.iter().map(|day| (day.date.to_string(), day.sessions, day.cost, day.tokens_in)).collect();
    let day = |date: &str, sessions, cost, tokens| (date.to_owned(), sessions, cost, tokens);
    assert_eq!(days, [day("2025-01-13", 0, 0.0, 0), day("2025-01-14", 1, 0.0, 0), day("2025-01-15", 2, 1.5, 100)]);
    assert_eq!((week.streak, week.models), (2, vec![("claude-sonnet-4-5".to_owned(), 1)]));
    assert!((week.cache_hit_rate.unwrap() - 1000.0 / 1150.0).abs() < 1e-9);
}

#[tokio::test]
async fn a_pause_until_monday_skips_the_days_between_and_then_goes_on() {
    let mut app = wednesday().await;
    told(&app, "ada", "on").await;
    let paused = told(&app, "ada", "pause until monday").await;
    assert_eq!(paused.text, "Paused until Mon, Jan 20. The next one comes on Mon, Jan 20 at 09:00 (UTC).");
    assert_eq!(buttons(&paused), ["usage_resume"]);
    for (instant, messages) in [("2025-01-16T09:00:01Z", 0), ("2025-01-17T09:00:01Z", 0), ("2025-01-20T09:00:01Z", 1)] {
        app.session("ada", "2025-01-17 10:00:00").await;
        app.wind_to(instant);
        app.tick().await;
        app.deliver_until_idle().await;
        assert_eq!(app.slack.messages_to("ada@example.com").len(), messages, "{instant}");
    }
}

#[tokio::test]
async fn pauses_end_where_somebody_lives_and_can_be_ended() {
    let app = wednesday().await;
    told(&app, "bob", "on").await;
    told(&app, "bob", "pause till Mon").await;
    let until = app.store.preferences(&MemberId("U0BOB".into())).await.unwrap().pause_until.unwrap();
    assert_eq!(until.to_rfc3339(), "2025-01-19T23:00:00+00:00");

    told(&app, "ada", "on").await;
    let week = told_for(&app, "ada", "pause 1w", "v0=pause").await;
    assert_eq!(week.text, "Paused until Thu, Jan 23. The next one comes on Thu, Jan 23 at 09:00 (UTC).");
    assert_eq!(paused_until(&app).await.unwrap(), "2025-01-23T00:00");
    assert!(
        told(&app, "ada", "resume").await.text.starts_with("Your digests go on. The next one comes on Thu, Jan 16")
    );
    assert_eq!(paused_until(&app).await, None);
    // The same request again pauses nothing.
    let replayed = told_for(&app, "ada", "pause 1w", "v0=pause").await;
    assert!(replayed.text.starts_with("You get a daily digest."), "{}", replayed.text);
    assert_eq!(paused_until(&app).await, None);
    assert!(told(&app, "ada", "resume").await.text.starts_with("You get a daily digest."));

    // Today's has come: it is tomorrow's that does not.
    let day = told(&app, "ada", "pause 1d").await;
    assert_eq!(day.text, "Paused until Fri, Jan 17. The next one comes on Fri, Jan 17 at 09:00 (UTC).");
    told(&app, "ada", "pause 2 weeks").await;
    let yes = told(&app, "ada", "on").await;
    let words = "You get a daily digest already. Your pause is over. The next one comes on Thu, Jan 16";
    assert!(yes.text.starts_with(words), "{}", yes.text);
    assert_eq!(paused_until(&app).await, None, "a yes ends a pause");
    for (text, words) in
        [("pause 99w", "a year at most"), ("pause until 2025-01-10", "in the future"), ("pause soonish", "How long?")]
    {
        assert!(told(&app, "ada", text).await.text.contains(words), "{text}");
        assert_eq!(paused_until(&app).await, None);
    }
    let nothing = told(&app, "guest", "pause").await;
    assert!(nothing.text.contains("full members"), "{}", nothing.text);
}

#[tokio::test]
async fn who_gets_no_digest_has_nothing_to_pause_and_no_time_yet() {
    let app = wednesday().await;
    let paused = told(&app, "ada", "pause").await;
    assert_eq!(
        (paused.text.contains("nothing to pause"), buttons(&paused)),
        (true, vec!["usage_get_digest".to_owned()])
    );
    assert_eq!(paused_until(&app).await, None);
    let time = told(&app, "ada", "time 8am").await;
    assert!(time.text.contains("comes at 08:00 from now on (UTC). You do not get one so far."), "{}", time.text);
}

#[tokio::test]
async fn a_changed_time_holds_for_the_next_digest() {
    let mut app = wednesday().await;
    told(&app, "ada", "on").await;
    assert!(told(&app, "ada", "time").await.text.contains("comes at 09:00 (UTC)"));
    let changed = told(&app, "ada", "Time 9.30").await;
    assert!(changed.text.contains("The next one comes on Thu, Jan 16 at 09:30 (UTC)"), "{}", changed.text);
    for (instant, messages) in [("2025-01-16T09:29:50Z", 0), ("2025-01-16T09:30:01Z", 1)] {
        app.wind_to(instant);
        app.tick().await;
        app.deliver_until_idle().await;
        assert_eq!(app.slack.messages_to("ada@example.com").len(), messages, "{instant}");
    }
}

#[tokio::test]
async fn why_is_read_from_the_ledger() {
    let mut app = wednesday().await;
    let nothing = told(&app, "ada", "why").await;
    assert!(
        nothing.text.contains("No digest was due for you so far. None comes for now: you have not opted in. To get them, write \"/usage on\"."),
        "{}",
        nothing.text
    );
    told(&app, "ada", "on").await;
    app.wind_to("2025-01-16T09:00:01Z");
    app.tick().await;
    app.deliver_until_idle().await;
    for (text, words) in [
        ("why", "Your digest of Thu, Jan 16 was sent at "),
        ("why today?", "Your digest of Thu, Jan 16 was sent at "),
        ("why yesterday", "No digest on Wed, Jan 15: you had not opted in yet, which you did on Wed, Jan 15 at 1"),
        ("why sunday", "No digest on Sun, Jan 12: you had not opted in yet, which you did on Wed, Jan 15"),
        ("why 2025-01-18", "No digest on Sat, Jan 18: not among the days of your schedule (mon-fri)."),
        ("why 2025-01-17", "is still to come, on Fri, Jan 17 at 09:00 (UTC)"),
    ] {
        let told = told(&app, "ada", text).await;
        assert!(told.text.contains(words), "{text}: {}", told.text);
        assert!(told.text.contains("The next one comes on Fri, Jan 17 at 09:00 (UTC)."), "{}", told.text);
    }
}

#[tokio::test]
async fn a_past_day_is_explained_by_what_held_then_and_not_by_what_holds_today() {
    let mut app = wednesday().await;
    told(&app, "ada", "on").await;
    app.wind_to("2025-01-16T09:00:01Z");
    app.tick().await;
    app.deliver_until_idle().await;
    app.wind_to("2025-01-16T15:00:00Z");
    told(&app, "ada", "pause until 2025-01-22").await;
    app.wind_to("2025-01-24T10:00:00Z");
    told(&app, "ada", "off").await;
    app.wind_to("2025-01-27T10:00:00Z");
    told(&app, "ada", "on").await;
    app.wind_to("2025-01-28T01:00:00Z");
    told(&app, "ada", "pause 1w").await;
    app.wind_to("2025-01-28T12:00:00Z");
    let days = [
        ("2025-01-15", "No digest on Wed, Jan 15: you had not opted in yet, which you did on Wed, Jan 15 at 1"),
        ("2025-01-16", "Your digest of Thu, Jan 16 was sent at "),
        ("2025-01-17", "No digest on Fri, Jan 17: paused until Wed, Jan 22."),
        ("2025-01-18", "No digest on Sat, Jan 18: paused until Wed, Jan 22."),
        ("2025-01-25", "No digest on Sat, Jan 25: you had opted out on Fri, Jan 24 at 1"),
        ("2025-01-27", "No digest on Mon, Jan 27: you had opted out on Fri, Jan 24 at 1"),
        ("2025-01-28", "No digest on Tue, Jan 28: paused until Tue, Feb 4."),
        ("2025-01-29", "No digest on Wed, Jan 29: paused until Tue, Feb 4."),
        ("2025-02-01", "No digest on Sat, Feb 1: not among the days of your schedule (mon-fri)."),
        ("2025-02-04", "Your digest of Tue, Feb 4 is still to come, on Tue, Feb 4 at 09:00 (UTC)."),
    ];
    for (date, words) in days {
        let told = told(&app, "ada", &format!("why {date}")).await;
        assert!(told.text.starts_with(words), "{date}: {}", told.text);
    }
    // Whatever comes after, what was stays so.
    told(&app, "ada", "resume").await;
    told(&app, "ada", "off").await;
    for (date, words) in &days[..6] {
        let told = told(&app, "ada", &format!("why {date}")).await;
        assert!(told.text.starts_with(words), "{date}: {}", told.text);
        assert!(
            told.text.ends_with("None comes for now: you have opted out. To get them, write \"/usage on\"."),
            "{}",
            told.text
        );
    }
}

#[tokio::test]
async fn who_never_opted_in_and_who_deleted_their_data_hear_no_guess() {
    let app = wednesday().await;
    let why = || told(&app, "ada", "why monday");
    assert!(why().await.text.starts_with("No digest on Mon, Jan 13: you have not opted in."), "{}", why().await.text);
    told(&app, "ada", "on").await;
    let member = app.store.member(&ada()).await.unwrap().unwrap();
    recap::personal::delete_data(&app.workspace(), &member).await.unwrap();
    assert!(why().await.text.starts_with("No digest on Mon, Jan 13: nothing is on record"), "{}", why().await.text);
}

#[tokio::test]
async fn where_digests_come_unasked_nobody_hears_that_they_had_not_asked() {
    let app = App::with("2025-01-15T14:32:30Z", people(), &[("DIGEST__ENROLLMENT", "opt_out")]).await;
    app.session("ada", "2025-01-14 10:00:00").await;
    app.learn_usage().await;
    app.refresh().await;
    app.wind_to("2025-01-20T12:00:00Z");
    told(&app, "ada", "on").await;
    for (date, words) in [
        ("2025-01-18", "No digest on Sat, Jan 18: not among the days of your schedule (mon-fri)."),
        ("2025-01-14", "No digest on Tue, Jan 14: nothing was due from before "),
    ] {
        let told = told(&app, "ada", &format!("why {date}")).await;
        assert!(told.text.starts_with(words), "{date}: {}", told.text);
    }
}

#[tokio::test]
async fn of_a_guest_it_is_told_that_they_are_one_whatever_the_day() {
    let app = wednesday().await;
    let guest = app.store.member(&MemberId("U0GUEST".into())).await.unwrap().unwrap();
    for date in ["2025-01-14", "2025-01-16"] {
        let why = recap::personal::why(&app.workspace(), &guest, Some(date.parse().unwrap())).await.unwrap();
        assert!(why.text.contains(": a guest in Slack."), "{date}: {}", why.text);
        assert!(!why.text.contains("opted in"), "{}", why.text);
    }
}

#[tokio::test]
async fn ones_own_next_digest_can_be_looked_at_before_any_yes() {
    let app = wednesday().await;
    let preview = told(&app, "ada", "preview daily").await;
    assert!(preview.text.contains("The next one would come on Thu, Jan 16 at 09:00 (UTC)."), "{}", preview.text);
    assert!(preview.text.contains("Daily Digest for Tuesday, January 14: 1 session"), "{}", preview.text);
    assert_eq!(buttons(&preview), [""; 0]);
}

#[tokio::test]
async fn guests_bots_and_strangers_get_a_polite_no_and_newcomers_are_looked_up() {
    let app = wednesday().await;
    for who in ["guest", "robot", "nobody"] {
        for text in ["", "on", "off", "why", "team"] {
            let no = told(&app, who, text).await;
            assert_eq!(no.text, "Recap answers full members of this workspace only.", "{who} {text}");
        }
    }
    app.slack.change(|known| known.people.push(Person::new("U0NEW", "New").email("new@example.com")));
    assert!(told(&app, "new", "").await.text.contains("no sessions yet"));
    assert!(app.store.member(&MemberId("U0NEW".into())).await.unwrap().is_some());
    app.slack.change(|known| known.people.push(Person::new("U0MUTE", "Mute")));
    assert!(told(&app, "mute", "on").await.text.contains("no e-mail address of yours"));
}

#[tokio::test]
async fn the_commands_own_name_stands_in_what_it_says() {
    let app = App::with("2025-01-15T14:32:30Z", people(), &[("SLACK__COMMAND", "/stats")]).await;
    let help = told(&app, "ada", "stats help").await;
    assert!(help.text.contains("/stats pause 1w") && !help.text.contains("/usage"), "{}", help.text);
    let unknown = told(&app, "ada", "wekk").await;
    assert!(
        unknown.text.starts_with("Recap does not know \"wekk\". Did you mean \"/stats week\"?"),
        "{}",
        unknown.text
    );
}

#[tokio::test]
async fn hostile_text_comes_out_as_letters_and_changes_nothing() {
    let app = wednesday().await;
    let long = "on".repeat(20_000);
    for text in [
        "<!channel> <@U1> &amp;",
        "\u{0}\u{1b}[31m\u{202e}",
        "'; DROP TABLE members; --",
        "{{ 7 * 7 }} ${jndi:ldap://x}",
        "pause <!here>",
        "time <!here>",
        "why <!here>",
        &long,
    ] {
        let reply = answered(&app, typed("ada", text, text)).await;
        let Reply::Say(message) = reply else { panic!("{text}") };
        assert!(!message.text.contains("<!") && !message.text.contains("<@"), "{}", message.text);
        assert!(message.text.len() < 4_000);
    }
    assert_eq!(app.store.audited(Some("U0ADA"), 10).await.unwrap(), []);
}

#[tokio::test]
async fn slacks_people_of_another_workspace_get_a_polite_no() {
    let app = wednesday().await;
    let recap::interaction::Inbound::Command(mut command) = typed("ada", "on", "v0=1") else { unreachable!() };
    command.by.member_of = Some(recap::model::WorkspaceId("T0OTHER".into()));
    let Reply::Say(no) = answered(&app, recap::interaction::Inbound::Command(command)).await else { panic!() };
    assert!(no.text.contains("you are in another one"), "{}", no.text);
    assert_eq!(app.store.audited(Some("U0ADA"), 10).await.unwrap(), []);
}
