//! Personal digests: enabled for everybody after a preview, and switched off for one.

use super::{done, enabled, faulty, id, member, monday, token};
use recap::{
    admin::{AdminError, Change, Report, Scope, Subject, configure, overview, preview},
    planner,
    store::{Activity, ConsentKind},
};

const DISABLED: [(&str, &str); 1] = [("DIGEST__ENABLED", "false")];

fn daily(scope: Scope) -> Change {
    Change::of(Report::Daily, scope)
}

fn of(who: &str) -> Scope {
    Scope::Member(format!("{who}@example.com"))
}

#[tokio::test]
async fn digests_are_enabled_after_ones_own_preview_and_sent() {
    let mut app = monday(&DISABLED).await;
    let (workspace, ada) = (app.workspace(), member(&app, "ada").await);
    app.opts_in("bob").await;
    let enable = enabled(daily(Scope::Workspace));
    assert!(matches!(configure(&workspace, &ada, &enable).await, Err(AdminError::NotPreviewed)));
    let seen = preview(&workspace, &ada, &Subject::Daily { member: None }).await.unwrap();
    assert!(!seen.sample && seen.message.text.contains("Your Claude Code Daily Digest"), "{}", seen.message.text);
    assert_eq!(seen.next.len(), 5);

    let sections = Change { sections: Some(vec!["sessions".to_owned()]), ..daily(Scope::Workspace) };
    done(&workspace, &ada, &sections).await.unwrap();
    assert!(matches!(configure(&workspace, &ada, &enable).await, Err(AdminError::NotPreviewed)), "it shows another");
    preview(&workspace, &ada, &Subject::Daily { member: None }).await.unwrap();
    let change = Change { time: Some("08:30".to_owned()), ..enable };
    let configured = done(&workspace, &ada, &change).await.unwrap();
    assert!(configured.enabled);
    assert_eq!(configured.next[0].to_rfc3339(), "2026-09-14T08:30:00+00:00");
    let seen = overview(&workspace).await.unwrap();
    assert_eq!((seen.enabled, seen.time.as_str(), seen.subscribed, seen.version), (true, "08:30", 1, 2));
    assert_eq!((seen.next, seen.sections), (Some(configured.next[0]), vec!["sessions".to_owned()]));

    app.session("bob", "2026-09-11 10:00:00").await;
    app.wind_to("2026-09-14T08:30:01Z");
    app.tick().await;
    app.deliver_until_idle().await;
    assert_eq!(app.outcome("bob").await.0, "sent");
    // The sections that were configured are those of who chose none.
    let text = &app.slack.messages()[0].text;
    assert!(text.contains("1 session") && !text.contains("cost"), "{text}");

    let off = Change { enabled: Some(false), ..daily(Scope::Workspace) };
    assert!(!done(&workspace, &token(), &off).await.unwrap().enabled);
    let bob = app.store.subscription("daily", "U0BOB").await.unwrap().unwrap();
    assert_eq!(bob.activity, Activity::Off("not_enabled".to_owned()));
}

#[tokio::test]
async fn a_token_and_somebody_elses_digest_show_sample_numbers() {
    let app = monday(&[]).await;
    let (workspace, ada, bob) = (app.workspace(), member(&app, "ada").await, member(&app, "bob").await);
    let of_eve = Subject::Daily { member: Some("eve@example.com".to_owned()) };
    for (actor, subject) in [(&ada, &of_eve), (&token(), &Subject::Daily { member: None }), (&token(), &of_eve)] {
        let seen = preview(&workspace, actor, subject).await.unwrap();
        assert!(seen.sample && seen.message.text.starts_with("Sample numbers. "), "{}", seen.message.text);
        assert_eq!(seen.next.len(), 5);
    }
    assert!(matches!(preview(&workspace, &bob, &of_eve).await, Err(AdminError::NotAllowed(_))));
    let own = Subject::Daily { member: Some("U0BOB".to_owned()) };
    assert!(!preview(&workspace, &bob, &own).await.unwrap().sample);
    let nobody = Subject::Daily { member: Some("nobody@example.com".to_owned()) };
    assert!(matches!(preview(&workspace, &ada, &nobody).await, Err(AdminError::NoSuchMember(_))));
}

#[tokio::test]
async fn who_an_admin_switched_off_gets_nothing_until_they_are_on_again() {
    let mut app = monday(&[]).await;
    let (workspace, ada) = (app.workspace(), member(&app, "ada").await);
    app.opts_in("bob").await;
    app.session("bob", "2026-09-11 10:00:00").await;
    let off = Change { enabled: Some(false), ..daily(of("bob")) };
    assert!(!done(&workspace, &ada, &off).await.unwrap().enabled);
    let switched_off = Activity::Off("switched_off_by_admin".to_owned());
    let standing = async || app.store.subscription("daily", "U0BOB").await.unwrap().unwrap().activity;
    assert_eq!(standing().await, switched_off);
    app.refresh().await;
    assert_eq!(standing().await, switched_off);

    assert!(done(&workspace, &ada, &enabled(daily(of("bob")))).await.unwrap().enabled);
    app.wind_to("2026-09-14T09:00:01Z");
    app.tick().await;
    // Between planning and sending it counts too.
    let config = app.store.report_config("daily", "member:U0BOB").await.unwrap().unwrap();
    assert_eq!(config.version, 2);
    done(&workspace, &ada, &off).await.unwrap();
    app.deliver_until_idle().await;
    assert_eq!(app.outcome("bob").await, ("skipped".to_owned(), Some("switched_off_by_admin".to_owned())));
    assert_eq!(app.slack.messages().len(), 0);
}

#[tokio::test]
async fn nobody_is_switched_on_without_their_own_consent() {
    let app = monday(&[]).await;
    let (workspace, ada) = (app.workspace(), member(&app, "ada").await);
    for who in ["cid", "gus"] {
        let refused = configure(&workspace, &ada, &enabled(daily(of(who)))).await;
        assert!(matches!(refused, Err(AdminError::NoConsent)), "{who}: {refused:?}");
    }
    app.opts_in("cid").await;
    assert!(done(&workspace, &ada, &enabled(daily(of("cid")))).await.unwrap().enabled);
    app.consents("cid", ConsentKind::OptOut).await;
    assert!(matches!(configure(&workspace, &ada, &enabled(daily(of("cid")))).await, Err(AdminError::NoConsent)));
    let nobody = configure(&workspace, &ada, &daily(of("nobody"))).await;
    assert!(matches!(nobody, Err(AdminError::NoSuchMember(_))), "{nobody:?}");
}

#[tokio::test]
async fn a_members_time_is_set_where_they_see_it() {
    let app = monday(&[]).await;
    let (workspace, ada) = (app.workspace(), member(&app, "ada").await);
    app.opts_in("bob").await;
    let change = Change {
        time: Some("17:00".to_owned()),
        days: Some("mon,wed".to_owned()),
        zone: Some("Asia/Tokyo".to_owned()),
        sections: Some(vec!["cost".to_owned(), "models".to_owned()]),
        ..daily(Scope::Member("U0BOB".to_owned()))
    };
    let configured = done(&workspace, &ada, &change).await.unwrap();
    assert_eq!(configured.next[0].to_rfc3339(), "2026-09-14T08:00:00+00:00");
    let chosen = app.store.preferences(&id("bob")).await.unwrap();
    assert_eq!((chosen.time, chosen.zone), (Some("17:00".parse().unwrap()), Some(chrono_tz::Tz::Asia__Tokyo)));
    assert_eq!(chosen.sections, Some(vec!["cost".to_owned(), "models".to_owned()]));
    assert_eq!(app.store.audited(Some("U0BOB"), 1).await.unwrap()[0].actor, "U0ADA");
    let odd = Change { channel: Some("C1".to_owned()), time: Some("25".to_owned()), ..change };
    assert_eq!(faulty(configure(&workspace, &ada, &odd).await), ["time", "channel"]);
    planner::refresh(&app.store, &app.rules().await, app.clock.now()).await.unwrap();
}
