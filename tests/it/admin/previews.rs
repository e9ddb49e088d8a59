//! What a preview says: the truth about whether it comes, and the days that are complete.

use super::{PLATFORM, member, monday, people, shown_and_enabled, team, token, weekly};
use recap::{
    admin::{Actor, Change, Preview, Report, Scope, Subject, configure, preview, trigger},
    store::{Activity, ConsentKind, HALTED, MemberRecord, PreferencesChange, STOPPED, Subscription},
    workspace::Workspace,
};

async fn of(workspace: &Workspace, actor: &Actor, who: &str) -> Preview {
    let subject = Subject::Daily { member: Some(format!("{who}@example.com")) };
    preview(workspace, actor, &subject).await.unwrap()
}

#[tokio::test]
async fn a_preview_of_a_digest_says_why_it_would_not_come() {
    let app = monday(&[]).await;
    let (workspace, ada) = (app.workspace(), member(&app, "ada").await);
    assert_eq!(of(&workspace, &ada, "bob").await.why_not.as_deref(), Some("BOB has not opted in."));
    assert_eq!(of(&workspace, &ada, "ada").await.why_not.as_deref(), Some("You have not opted in."));
    app.opts_in("bob").await;
    let comes = of(&workspace, &ada, "bob").await;
    assert_eq!((comes.why_not, comes.notes), (None, Vec::new()));
    assert_eq!(comes.next[0].to_rfc3339(), "2026-09-14T09:00:00+00:00");

    let pause =
        PreferencesChange { pause_until: Some(Some("2026-09-16T00:00:00Z".parse().unwrap())), ..Default::default() };
    app.store.change_preferences(&super::id("bob"), &pause, app.clock.now(), ("U0BOB", "")).await.unwrap();
    let paused = of(&workspace, &ada, "bob").await;
    assert_eq!((paused.why_not, paused.notes), (None, vec!["BOB paused it until Wed, Sep 16.".to_owned()]));
    assert_eq!(paused.next[0].to_rfc3339(), "2026-09-16T09:00:00+00:00");

    app.consents("bob", ConsentKind::OptOut).await;
    assert_eq!(of(&workspace, &token(), "bob").await.why_not.as_deref(), Some("BOB has opted out."));
    let guest = of(&workspace, &ada, "gus").await.why_not.unwrap();
    assert!(guest.starts_with("GUS is no full member of this workspace"), "{guest}");
    app.opts_in("eve").await;
    let off = Change { enabled: Some(false), ..Change::of(Report::Daily, Scope::Member("eve@example.com".to_owned())) };
    configure(&workspace, &ada, &off).await.unwrap();
    let switched = of(&workspace, &ada, "eve").await.why_not.unwrap();
    assert_eq!(switched, "Digests are enabled, but an admin switched off the digest of EVE.");
}

#[tokio::test]
async fn on_monday_before_the_hour_a_preview_covers_the_days_since_friday() {
    let app = monday(&[]).await;
    app.session("ada", "2026-09-11 10:00:00").await;
    app.session("ada", "2026-09-12 10:00:00").await;
    let (workspace, ada) = (app.workspace(), member(&app, "ada").await);
    let own = preview(&workspace, &ada, &Subject::Daily { member: None }).await.unwrap();
    assert!(
        own.message.text.contains("September 11") && own.message.text.contains("2 sessions"),
        "{}",
        own.message.text
    );
    let sample = of(&workspace, &ada, "bob").await;
    assert!(sample.message.text.contains("September 11"), "{}", sample.message.text);
    let make = Change { members: Some(people(&["ada", "bob", "cid"])), ..team("data") };
    configure(&workspace, &ada, &make).await.unwrap();
    let summary = preview(&workspace, &ada, &weekly("data")).await.unwrap();
    assert!(summary.message.text.contains("6 sessions"), "the week to Sunday: {}", summary.message.text);
}

#[tokio::test]
async fn a_preview_of_a_summary_tells_of_what_is_missing() {
    let app = monday(&PLATFORM).await;
    let (workspace, ada) = (app.workspace(), member(&app, "ada").await);
    let make = Change { members: Some(people(&["ada", "zoe"])), ..team("data") };
    configure(&workspace, &ada, &make).await.unwrap();
    let seen = preview(&workspace, &ada, &weekly("data")).await.unwrap();
    assert_eq!(seen.why_not.as_deref(), Some("It is not enabled."));
    let notes = seen.notes.join(" ");
    assert!(notes.contains("The team has no channel yet. Its summary can be enabled once one is chosen."), "{notes}");
    assert!(notes.contains("1 of 2 addresses is not in Slack: zoe@example.com."), "{notes}");
    assert_eq!(preview(&workspace, &ada, &weekly("platform")).await.unwrap().notes, Vec::<String>::new());
}

#[tokio::test]
async fn an_evening_digest_is_previewed_and_sent_by_hand_up_to_its_latest_evening() {
    let mut app = monday(&[("DIGEST__DEFAULT_TIME", "18:00")]).await;
    // The evening of Friday tells of the first two; the others are still to come.
    for when in ["2026-09-10 19:00:00", "2026-09-11 10:00:00", "2026-09-11 19:00:00", "2026-09-12 10:00:00"] {
        app.session("eve", when).await;
    }
    app.session("eve", "2026-09-13 10:00:00").await;
    app.opts_in("eve").await;
    let (workspace, ada, eve) = (app.workspace(), member(&app, "ada").await, member(&app, "eve").await);
    let own = preview(&workspace, &eve, &Subject::Daily { member: None }).await.unwrap().message.text;
    assert!(own.contains("2 sessions"), "{own}");
    let sample = of(&workspace, &ada, "eve").await.message.text;
    assert!(sample.contains("September 11") && !sample.contains("September 13"), "{sample}");
    trigger(&workspace, &ada, &Subject::Daily { member: Some("eve@example.com".to_owned()) }, None).await.unwrap();
    app.deliver_until_idle().await;
    let sent = app.slack.messages()[0].text.clone();
    assert!(sent.contains("2 sessions"), "{sent}");
}

#[tokio::test]
async fn a_preview_of_an_enabled_summary_says_why_none_comes() {
    let app = monday(&PLATFORM).await;
    let (workspace, ada) = (app.workspace(), member(&app, "ada").await);
    shown_and_enabled(&app, &workspace, "platform").await;
    let seen = async || preview(&workspace, &ada, &weekly("platform")).await.unwrap();
    assert_eq!(seen().await.why_not, None);

    // Slack refused it three times.
    let standing = app.store.subscription("weekly", "platform").await.unwrap().unwrap();
    let off = Activity::Off("slack_restricted_action".to_owned());
    let refused = Subscription { activity: off, next_due: None, ..standing.clone() };
    assert_eq!(app.store.put_subscriptions(&[refused]).await.unwrap(), 1);
    let why = "None comes as long as this holds: the workspace does not let the app post there (`restricted_action`).";
    assert_eq!(seen().await.why_not.as_deref(), Some(why));

    let version = app.store.subscription("weekly", "platform").await.unwrap().unwrap().version;
    app.store.put_subscriptions(&[Subscription { version, ..standing }]).await.unwrap();
    app.store.set_value(HALTED, Some("ada")).await.unwrap();
    assert_eq!(seen().await.why_not.as_deref(), Some("Nothing is sent: sending was halted."));
    app.opts_in("bob").await;
    let digest = of(&workspace, &ada, "bob").await;
    assert_eq!(digest.why_not.as_deref(), Some("Nothing is sent: sending was halted."));
    app.store.set_value(HALTED, None).await.unwrap();
    app.store.set_value(STOPPED, Some("token_revoked")).await.unwrap();
    let why = "Nothing is sent: Slack no longer accepts Recap's token (`token_revoked`).";
    assert_eq!(seen().await.why_not.as_deref(), Some(why));
}

#[tokio::test]
async fn a_summary_that_the_file_enables_without_a_channel_says_that_none_comes() {
    let app = monday(&[PLATFORM[0], ("TEAMS__PLATFORM__ENABLED", "true")]).await;
    let (workspace, ada) = (app.workspace(), member(&app, "ada").await);
    recap::planner::refresh_teams(&app.store, &app.rules().await, app.clock.now()).await.unwrap();
    let seen = preview(&workspace, &ada, &weekly("platform")).await.unwrap();
    let why = "None comes as long as this holds: the team has no channel.";
    assert_eq!((seen.why_not.as_deref(), seen.notes), (Some(why), Vec::new()));
}

#[tokio::test]
async fn a_preview_says_why_slack_holds_a_digest_back() {
    let app = monday(&[]).await;
    let (workspace, ada) = (app.workspace(), member(&app, "ada").await);
    app.opts_in("bob").await;
    app.opts_in("ada").await;
    for who in ["U0BOB", "U0ADA"] {
        let standing = app.store.subscription("daily", who).await.unwrap().unwrap();
        let off = Activity::Off("slack_messages_tab_disabled".to_owned());
        let refused = Subscription { activity: off, since: app.clock.now(), next_due: None, ..standing };
        assert_eq!(app.store.put_subscriptions(&[refused]).await.unwrap(), 1);
    }
    let why = "none for now: the app's Messages tab is switched off (`messages_tab_disabled`).";
    assert_eq!(of(&workspace, &ada, "bob").await.why_not.unwrap(), format!("BOB gets {why}"));
    assert_eq!(of(&workspace, &ada, "ada").await.why_not.unwrap(), format!("You get {why}"));
}

#[tokio::test]
async fn at_the_very_end_of_a_pause_one_comes_as_its_preview_says() {
    let app = monday(&[("DIGEST__DEFAULT_TIME", "00:00")]).await;
    let (workspace, ada) = (app.workspace(), member(&app, "ada").await);
    app.opts_in("bob").await;
    let end: chrono::DateTime<chrono::Utc> = "2026-09-16T00:00:00Z".parse().unwrap();
    let pause = PreferencesChange { pause_until: Some(Some(end)), ..Default::default() };
    app.store.change_preferences(&super::id("bob"), &pause, app.clock.now(), ("U0BOB", "")).await.unwrap();
    app.refresh().await;
    assert_eq!(of(&workspace, &ada, "bob").await.next[0], end);
    assert_eq!(app.store.subscription("daily", "U0BOB").await.unwrap().unwrap().next_due, Some(end));
}

#[tokio::test]
async fn whose_name_nobody_knows_is_a_person_all_the_same() {
    let app = monday(&[]).await;
    let (workspace, ada) = (app.workspace(), member(&app, "ada").await);
    app.opts_in("bob").await;
    let bob = app.store.member(&super::id("bob")).await.unwrap().unwrap();
    app.store.learn_members(&[MemberRecord { name: String::new(), ..bob }], app.clock.now()).await.unwrap();
    let until = Some(Some("2026-09-16T00:00:00Z".parse().unwrap()));
    let pause = PreferencesChange { pause_until: until, ..Default::default() };
    app.store.change_preferences(&super::id("bob"), &pause, app.clock.now(), ("U0BOB", "")).await.unwrap();
    assert_eq!(of(&workspace, &ada, "bob").await.notes, ["This person paused it until Wed, Sep 16."]);
}

#[tokio::test]
async fn addresses_of_a_list_are_for_admins_and_their_count_for_owners() {
    let app = monday(&PLATFORM).await;
    let (workspace, ada) = (app.workspace(), member(&app, "ada").await);
    let list = Change { members: Some(people(&["ada", "zoe"])), ..team("platform") };
    configure(&workspace, &ada, &list).await.unwrap();
    for (actor, told) in [
        (ada, "1 of 2 addresses is not in Slack: zoe@example.com."),
        (token(), "1 of 2 addresses is not in Slack: zoe@example.com."),
        (member(&app, "bob").await, "1 of 2 addresses is not in Slack."),
    ] {
        assert_eq!(preview(&workspace, &actor, &weekly("platform")).await.unwrap().notes, [told]);
    }
}
