//! `preview daily` and `send daily`: what the member chose holds, and what they, an admin or a halt forbid.

use crate::support::{
    app::App,
    binary::{Ran, recap},
    installation::TOKEN,
};
use chrono::{TimeDelta, Utc};
use recap::{
    admin::{Actor, Change, Report, Scope, configure},
    clock::Clock,
    message::text,
    model::{Covers, MemberId, Weekdays},
    personal::latest_digest,
    standin::{Person, Workspace},
    store::{ConsentKind, HALTED, Preferences},
};
use serde_json::Value;

const PREVIEW: [&str; 4] = ["preview", "daily", "--member", "ada@example.com"];
const SEND: [&str; 4] = ["send", "daily", "--member", "ada@example.com"];
const DRY_RUN: [&str; 5] = ["send", "daily", "--member", "ada@example.com", "--dry-run"];

fn ada() -> MemberId {
    MemberId("U0ADA".to_owned())
}

/// Ada agreed, and had sessions at all hours of the days before the machine's own today, by which the binary goes.
async fn used() -> App {
    let now = Clock::system().now();
    let ada = Person::new("U0ADA", "Ada").email("ada@example.com").tz("UTC");
    let app = App::live(&now.to_rfc3339(), Workspace::new("T0TEST", TOKEN).person(ada), &[]).await;
    app.opts_in("ada").await;
    for hours in (1..=6 * 24).step_by(5) {
        let at = now - TimeDelta::hours(hours);
        app.session("ada", &at.format("%Y-%m-%d %H:%M:%S").to_string()).await;
    }
    app
}

async fn run(app: &App, arguments: &[&str]) -> Ran {
    recap(arguments, &app.environment().await).await
}

async fn chooses(app: &App, preferences: &Preferences) {
    app.store.set_preferences(&ada(), preferences, app.clock.now(), "U0ADA").await.unwrap();
}

/// What the member themselves is shown in Slack.
async fn own(app: &App) -> String {
    let member = app.store.member(&ada()).await.unwrap().unwrap();
    let message = latest_digest(&app.workspace(), &member).await.unwrap().message;
    format!("{}\n", text::render(&message).trim_end())
}

#[tokio::test]
async fn what_a_member_chose_holds_for_what_is_previewed_and_sent_by_hand() {
    let app = used().await;
    let by_default = own(&app).await;
    assert_eq!(run(&app, &PREVIEW).await.stdout, by_default);

    let chosen = Preferences {
        zone: Some("Pacific/Kiritimati".parse().unwrap()),
        weekdays: Some(Weekdays::EVERY_DAY),
        sections: Some(vec!["sessions".to_owned()]),
        ..Preferences::default()
    };
    for covers in [Covers::Morning, Covers::Evening] {
        chooses(&app, &Preferences { covers: Some(covers), ..chosen.clone() }).await;
        let own = own(&app).await;
        assert_ne!(own, by_default);
        for arguments in [&PREVIEW[..], &DRY_RUN[..]] {
            let ran = run(&app, arguments).await;
            assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), own.as_str()), "{covers:?} {arguments:?}: {ran:?}");
        }
        let elsewhere = run(&app, &[&PREVIEW[..], &["--zone", "Pacific/Pago_Pago"]].concat()).await;
        assert_eq!(elsewhere.code, Some(0), "{elsewhere:?}");
        assert_ne!(elsewhere.stdout, own, "a zone that is given wins");
    }

    assert!(app.slack.messages().is_empty());
    let posted = run(&app, &[&PREVIEW[..], &["--format", "json"]].concat()).await;
    let posted: Value = serde_json::from_str(&posted.stdout).unwrap();
    let sent = run(&app, &SEND).await;
    assert_eq!(sent.code, Some(0), "{sent:?}");
    let messages = app.slack.messages_to("ada@example.com");
    assert_eq!((messages.len(), &posted["text"]), (1, &Value::from(messages[0].text.as_str())));
    assert_eq!(posted["blocks"], Value::from(messages[0].blocks.clone()));
}

#[tokio::test]
async fn what_is_refused_is_refused_a_dry_run_too_in_the_same_words() {
    let app = used().await;
    let refused = async |sentence: &str| {
        let (dry, real) = (run(&app, &DRY_RUN).await, run(&app, &SEND).await);
        assert_eq!((dry.code, dry.stdout.as_str()), (Some(1), ""), "{sentence}: {dry:?}");
        assert_eq!((real.code, &real.stderr), (Some(1), &dry.stderr), "{sentence}: {real:?}");
        assert!(dry.stderr.contains(sentence) && dry.stderr.contains("\nhint: "), "{sentence}: {dry:?}");
        assert_eq!(run(&app, &PREVIEW).await.code, Some(0), "{sentence}");
    };
    let until = app.clock.now() + TimeDelta::days(3);
    chooses(&app, &Preferences { pause_until: Some(until), ..Preferences::default() }).await;
    let shown = until.with_timezone(&Utc).format("%a %Y-%m-%d %H:%M");
    refused(&format!("`ada@example.com` paused their digest until {shown} (UTC), so nothing was sent")).await;
    chooses(&app, &Preferences::default()).await;

    let switch = |on| Change { enabled: Some(on), ..Change::of(Report::Daily, Scope::Member("U0ADA".to_owned())) };
    let admin = Actor::Token("ci".to_owned());
    configure(&app.workspace(), &admin, &switch(false)).await.unwrap();
    refused("an admin switched the digest of `ada@example.com` off, so nothing was sent").await;
    configure(&app.workspace(), &admin, &switch(true)).await.unwrap();

    app.store.set_value(HALTED, Some("now")).await.unwrap();
    refused("sending is halted, so nothing was sent").await;
    app.store.set_value(HALTED, None).await.unwrap();
    assert_eq!(run(&app, &DRY_RUN).await.code, Some(0));

    app.consents("ada", ConsentKind::OptOut).await;
    refused("`ada@example.com` opted out of personal digests, so nothing was sent").await;
    assert!(app.slack.messages().is_empty());
}

#[tokio::test]
async fn a_team_is_meant_whatever_the_capitals() {
    let now = Clock::system().now().to_rfc3339();
    let settings = [("TEAMS__PLATFORM__MEMBERS", "ada@example.com"), ("TEAMS__PLATFORM__ENABLED", "true")];
    let ada = Person::new("U0ADA", "Ada").email("ada@example.com");
    let app = App::live(&now, Workspace::new("T0TEST", TOKEN).person(ada), &settings).await;
    let mut environment = app.environment().await;
    environment.extend(settings.map(|(key, value)| (format!("RECAP__{key}"), value.to_owned())));
    for command in [&["explain"][..], &["preview", "weekly"]] {
        let usual = recap(&[command, &["--team", "platform"]].concat(), &environment).await;
        let loud = recap(&[command, &["--team", "PLATFORM"]].concat(), &environment).await;
        assert_eq!((loud.code, &loud.stdout), (Some(0), &usual.stdout), "{loud:?}");
        assert!(loud.stdout.to_lowercase().contains("platform") && !loud.stdout.contains("PLATFORM"), "{loud:?}");
    }
}
