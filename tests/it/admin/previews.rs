//! What a preview says: the truth about whether it comes, and the days that are complete.

use super::{PLATFORM, member, monday, people, team, token, weekly};
use recap::{
    admin::{Actor, Change, Preview, Report, Scope, Subject, configure, preview},
    store::{ConsentKind, PreferencesChange},
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
    assert_eq!(switched, "Digests are enabled, but an admin switched off the one of EVE.");
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
