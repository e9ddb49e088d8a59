//! What is sent by hand: once for a key, never without consent, and beside what is scheduled.

use super::{CHANNEL, PLATFORM, done, id, member, monday, shown_and_enabled, team, token, weekly};
use recap::{
    admin::{AdminError, Change, Report, Scope, Subject, Triggered, invitation, invite, trigger},
    model::ChannelId,
    store::{ConsentKind, HALTED, Preferences},
    team::{Revealed, reveal},
};

fn daily(who: &str) -> Subject {
    Subject::Daily { member: Some(format!("{who}@example.com")) }
}

#[tokio::test]
async fn a_summary_is_sent_at_once_and_the_scheduled_one_comes_all_the_same() {
    let mut app = monday(&PLATFORM).await;
    let workspace = app.workspace();
    shown_and_enabled(&app, &workspace, "platform").await;
    let sent = trigger(&workspace, &member(&app, "bob").await, &weekly("platform"), None).await.unwrap();
    assert!(!sent.again);
    app.deliver_until_idle().await;
    assert_eq!(app.slack.messages_in(CHANNEL).len(), 1);
    let delivery = app.store.delivery(&sent.delivery).await.unwrap().unwrap();
    assert_eq!((delivery.report.as_str(), delivery.recipient.as_str()), ("now.weekly", "platform"));
    assert_eq!((delivery.state.as_str(), delivery.channel.as_deref()), ("sent", Some(CHANNEL)));

    // Whoever won there may be named, as in every summary.
    let now = app.clock.now();
    assert_eq!(reveal(&app.store, &sent.delivery, &id("bob"), now).await.unwrap(), Revealed::NotTheirs);
    assert_eq!(reveal(&app.store, &sent.delivery, &id("ada"), now).await.unwrap(), Revealed::Yes);
    assert_eq!(app.reporting.revise().await.unwrap(), 1);
    assert!(app.slack.messages_in(CHANNEL)[0].text.contains("ADA"));

    app.session("bob", "2026-09-14 07:00:00").await;
    app.wind_to("2026-09-14T09:00:01Z");
    app.tick().await;
    app.deliver_until_idle().await;
    assert_eq!(app.team_outcome("platform").await.unwrap().0, "sent");
    assert_eq!(app.slack.messages_in(CHANNEL).len(), 2);
}

#[tokio::test]
async fn one_key_sends_one() {
    let mut app = monday(&PLATFORM).await;
    let workspace = app.workspace();
    let (actor, ada, subject) = (token(), member(&app, "ada").await, weekly("platform"));
    let with = |key: &'static str| trigger(&workspace, &actor, &subject, Some(key));
    let (one, other) = tokio::join!(with("k"), with("k"));
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!(one.delivery, other.delivery);
    assert_ne!(one.again, other.again);
    app.deliver_until_idle().await;
    assert_eq!(with("k").await.unwrap(), Triggered { again: true, ..one.clone() });
    let other_subject = trigger(&workspace, &actor, &daily("ada"), Some("k")).await;
    assert!(matches!(other_subject, Err(AdminError::KeyReused)), "{other_subject:?}");
    for odd in ["", "a\nb", &"x".repeat(256)] {
        let refused = trigger(&workspace, &actor, &subject, Some(odd)).await;
        assert!(matches!(refused, Err(AdminError::Invalid(_))), "{refused:?}");
    }
    // Of somebody else it is another one.
    let theirs = trigger(&workspace, &ada, &subject, Some("k")).await.unwrap();
    assert_ne!(theirs.delivery, one.delivery);
    app.deliver_until_idle().await;
    assert_eq!(app.slack.messages_in(CHANNEL).len(), 2);
    assert!(with("k").await.unwrap().again);
}

#[tokio::test]
async fn a_digest_is_sent_to_who_agreed_and_to_nobody_else() {
    let mut app = monday(&[]).await;
    let (workspace, ada, bob) = (app.workspace(), member(&app, "ada").await, member(&app, "bob").await);
    app.opts_in("bob").await;
    let refused = trigger(&workspace, &ada, &daily("cid"), None).await;
    assert!(matches!(refused, Err(AdminError::NoConsent)), "{refused:?}");
    let refused = trigger(&workspace, &ada, &daily("gus"), None).await;
    assert!(matches!(refused, Err(AdminError::Invalid(_))), "{refused:?}");
    let refused = trigger(&workspace, &bob, &daily("bob"), None).await;
    assert!(matches!(refused, Err(AdminError::NotAllowed(_))), "{refused:?}");
    assert!(matches!(trigger(&workspace, &ada, &daily("nobody"), None).await, Err(AdminError::NoSuchMember(_))));

    trigger(&workspace, &token(), &daily("bob"), None).await.unwrap();
    app.deliver_until_idle().await;
    assert_eq!(app.slack.messages().len(), 1);
    let audited = app.store.audited(Some("member:U0BOB"), 9).await.unwrap();
    assert_eq!(audited[0].actor, "token:ci");

    // Who opts out before it is sent gets nothing.
    let sent = trigger(&workspace, &ada, &daily("bob"), None).await.unwrap();
    app.consents("bob", ConsentKind::OptOut).await;
    app.deliver_until_idle().await;
    let delivery = app.store.delivery(&sent.delivery).await.unwrap().unwrap();
    assert_eq!((delivery.state.as_str(), delivery.reason.as_deref()), ("skipped", Some("opted_out")));
    assert_eq!(app.slack.messages().len(), 1);
}

#[tokio::test]
async fn nothing_is_sent_by_hand_while_halted_or_to_a_channel_that_may_not_have_it() {
    let app = monday(&PLATFORM).await;
    let (workspace, ada) = (app.workspace(), member(&app, "ada").await);
    let channel = ChannelId(CHANNEL.to_owned());
    app.store.set_value(HALTED, Some("ada")).await.unwrap();
    assert!(matches!(trigger(&workspace, &ada, &weekly("platform"), None).await, Err(AdminError::Halted)));
    assert!(matches!(invite(&workspace, &ada, &channel).await, Err(AdminError::Halted)));
    app.store.set_value(HALTED, None).await.unwrap();

    app.slack.archive(CHANNEL);
    assert!(matches!(trigger(&workspace, &ada, &weekly("platform"), None).await, Err(AdminError::Invalid(_))));
    assert!(matches!(invite(&workspace, &ada, &channel).await, Err(AdminError::Invalid(_))));
    assert!(app.store.open_deliveries().await.unwrap().is_empty());
}

#[tokio::test]
async fn an_invitation_stands_once_a_day_in_a_channel() {
    let mut app = monday(&PLATFORM).await;
    let (workspace, bob) = (app.workspace(), member(&app, "bob").await);
    let channel = ChannelId("C0OTHER".to_owned());
    let refused = invite(&workspace, &member(&app, "cid").await, &channel).await;
    assert!(matches!(refused, Err(AdminError::NotAllowed(_))), "{refused:?}");
    let shown = invitation(&workspace, &bob, &channel).await.unwrap();
    assert_eq!((shown.posted, shown.channel_name.as_str()), (false, "other"));
    assert!(shown.message.text.contains("never prompts"), "{}", shown.message.text);

    let ada = member(&app, "ada").await;
    let (one, other) = tokio::join!(invite(&workspace, &bob, &channel), invite(&workspace, &ada, &channel));
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!(one.delivery, other.delivery);
    app.deliver_until_idle().await;
    let again = invite(&workspace, &bob, &channel).await.unwrap();
    assert!(again.again && again.delivery == one.delivery, "{again:?}");
    app.deliver_until_idle().await;
    let posted = app.slack.messages_in("C0OTHER");
    assert_eq!(posted.len(), 1);
    assert_eq!(posted[0].text, shown.message.text);
    let shown = invitation(&workspace, &bob, &channel).await.unwrap();
    assert!(shown.posted && shown.posted_today);

    app.wind_to("2026-09-15T09:00:00Z");
    let shown = invitation(&workspace, &bob, &channel).await.unwrap();
    assert!(shown.posted && !shown.posted_today);
    assert!(!invite(&workspace, &bob, &channel).await.unwrap().again);
    app.deliver_until_idle().await;
    assert_eq!(app.slack.messages_in("C0OTHER").len(), 2);
}

#[tokio::test]
async fn a_summary_sent_by_hand_does_not_go_to_a_channel_that_is_no_longer_the_teams() {
    for (change, reason) in [
        (Change { channel: Some("C0OTHER".to_owned()), ..team("platform") }, "channel_changed"),
        (Change { enabled: Some(false), ..team("platform") }, "not_enabled"),
    ] {
        let mut app = monday(&PLATFORM).await;
        let workspace = app.workspace();
        shown_and_enabled(&app, &workspace, "platform").await;
        let planned = trigger(&workspace, &token(), &weekly("platform"), None).await.unwrap();
        done(&workspace, &member(&app, "ada").await, &change).await.unwrap();
        app.deliver_until_idle().await;
        let delivery = app.store.delivery(&planned.delivery).await.unwrap().unwrap();
        assert_eq!((delivery.state.as_str(), delivery.reason.as_deref()), ("skipped", Some(reason)));
        assert!(app.slack.messages().is_empty());
    }
}

#[tokio::test]
async fn nothing_is_sent_by_hand_to_who_paused_not_even_after_it_was_planned() {
    let mut app = monday(&[]).await;
    let (workspace, ada) = (app.workspace(), member(&app, "ada").await);
    app.opts_in("bob").await;
    let pause = async |until: &str| {
        let paused = Preferences { pause_until: Some(until.parse().unwrap()), ..Preferences::default() };
        app.store.set_preferences(&id("bob"), &paused, app.clock.now(), "U0BOB").await.unwrap();
    };
    pause("2026-09-14T07:00:00Z").await;
    let refused = trigger(&workspace, &ada, &daily("bob"), None).await;
    assert!(matches!(refused, Err(AdminError::NotSent("they paused their digest"))), "{refused:?}");

    pause("2026-09-14T06:00:00Z").await;
    let planned = trigger(&workspace, &ada, &daily("bob"), None).await.unwrap();
    pause("2026-09-14T07:00:00Z").await;
    app.deliver_until_idle().await;
    let delivery = app.store.delivery(&planned.delivery).await.unwrap().unwrap();
    assert_eq!((delivery.state.as_str(), delivery.reason.as_deref()), ("skipped", Some("paused")));
    assert!(app.slack.messages().is_empty());
}

#[tokio::test]
async fn nothing_is_sent_by_hand_where_digests_are_off() {
    let app = monday(&[("DIGEST__ENABLED", "false")]).await;
    let (workspace, ada) = (app.workspace(), member(&app, "ada").await);
    app.opts_in("bob").await;
    let refused = trigger(&workspace, &ada, &daily("bob"), None).await;
    assert!(matches!(refused, Err(AdminError::NotSent(words)) if words.contains("not enabled")), "{refused:?}");

    let app = monday(&[]).await;
    let (workspace, ada) = (app.workspace(), member(&app, "ada").await);
    app.opts_in("bob").await;
    let scope = Scope::Member("bob@example.com".to_owned());
    let off = Change { enabled: Some(false), ..Change::of(Report::Daily, scope) };
    done(&workspace, &ada, &off).await.unwrap();
    let refused = trigger(&workspace, &ada, &daily("bob"), None).await;
    assert!(matches!(refused, Err(AdminError::NotSent(words)) if words.contains("switched")), "{refused:?}");
}

#[tokio::test]
async fn with_opt_out_only_who_has_usage_is_sent_one_and_the_first_says_how_to_stop() {
    let mut app = monday(&[("DIGEST__ENROLLMENT", "opt_out")]).await;
    let (workspace, ada) = (app.workspace(), member(&app, "ada").await);
    let refused = trigger(&workspace, &ada, &daily("bob"), None).await;
    assert!(matches!(refused, Err(AdminError::NotSent(words)) if words.contains("no usage")), "{refused:?}");
    app.learn_usage().await;
    app.refresh().await;
    for _ in 0..2 {
        trigger(&workspace, &ada, &daily("bob"), None).await.unwrap();
        app.deliver_until_idle().await;
    }
    let told: Vec<_> = app.slack.messages().iter().map(|sent| sent.text.contains("first digest")).collect();
    assert_eq!(told, [true, false]);
}
