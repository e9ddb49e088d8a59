//! Teams that are made in Slack, on the page or through the API alone.

use super::{CHANNEL, PLATFORM, done, enabled, faulty, member, monday, people, shown_and_enabled, team, token, weekly};
use recap::{
    admin::{AdminError, Change, configure, editable_teams, preview, remove_team, team_overview},
    config::Membership,
    store::Activity,
};

fn made() -> Change {
    Change {
        members: Some(people(&["ada", "bob", "cid", "dan", "eve"])),
        owners: Some(people(&["bob"])),
        channel: Some(CHANNEL.to_owned()),
        ..team("design")
    }
}

#[tokio::test]
async fn a_team_made_in_the_store_gets_its_summary() {
    let mut app = monday(&[]).await;
    let (workspace, ada) = (app.workspace(), member(&app, "ada").await);
    done(&workspace, &ada, &made()).await.unwrap();
    let configured = shown_and_enabled(&app, &workspace, "design").await;
    assert_eq!((configured.enabled, configured.version), (true, 2));
    // The daemon reads lists again, and keeps everything as it is.
    app.sync().await;
    app.session("bob", "2026-09-14 07:00:00").await;
    app.wind_to("2026-09-14T09:00:01Z");
    assert_eq!(app.tick().await.written, 1);
    app.deliver_until_idle().await;

    let posted = app.slack.messages_in(CHANNEL);
    assert_eq!(posted.len(), 1);
    let text = &posted[0].text;
    assert!(text.contains("design") && text.contains("6 sessions") && text.contains("5 of 5"), "{text}");

    // What comes late changes the message, as of every team.
    app.session("dan", "2026-09-12 22:00:00").await;
    app.wind_to("2026-09-14T10:00:02Z");
    assert_eq!(app.reporting.revise().await.unwrap(), 1);
    assert!(app.slack.messages_in(CHANNEL)[0].text.contains("7 sessions"));
}

#[tokio::test]
async fn who_made_a_mistake_starts_anew_with_the_people_that_were_meant() {
    let app = monday(&[]).await;
    let (workspace, ada) = (app.workspace(), member(&app, "ada").await);
    done(&workspace, &ada, &Change { members: Some(people(&["bob"])), ..made() }).await.unwrap();
    let group = Change { usergroup: Some("S0PLATFORM".to_owned()), ..team("design") };
    done(&workspace, &ada, &group).await.unwrap();
    let seen = preview(&workspace, &ada, &weekly("design")).await.unwrap();
    assert!(seen.message.text.contains("5 of 5") && seen.notes.is_empty(), "{}", seen.message.text);
    let excluded = Change { exclude: Some(people(&["eve"])), ..team("design") };
    done(&workspace, &ada, &excluded).await.unwrap();
    let seen = preview(&workspace, &ada, &weekly("design")).await.unwrap();
    assert!(seen.message.text.contains("4 of 4"), "{}", seen.message.text);
}

#[tokio::test]
async fn a_team_is_removed_with_all_that_was_known_of_it() {
    let app = monday(&PLATFORM).await;
    let (workspace, ada, bob) = (app.workspace(), member(&app, "ada").await, member(&app, "bob").await);
    done(&workspace, &ada, &made()).await.unwrap();
    shown_and_enabled(&app, &workspace, "design").await;
    for (actor, name, refusal) in
        [(&bob, "design", "NotAllowed"), (&ada, "platform", "Invalid"), (&token(), "platfrom", "NoSuchTeam")]
    {
        let refused = remove_team(&workspace, actor, name).await.unwrap_err();
        assert!(format!("{refused:?}").starts_with(refusal), "{name}: {refused:?}");
    }
    remove_team(&workspace, &ada, "design").await.unwrap();
    let subscription = app.store.subscription("weekly", "design").await.unwrap().unwrap();
    assert_eq!(subscription.activity, Activity::Off("team_removed".to_owned()));
    assert!(app.rules().await.weekly("design").is_none());

    // A new one of this name was seen by nobody.
    done(&workspace, &ada, &made()).await.unwrap();
    let refused = configure(&workspace, &ada, &enabled(team("design"))).await;
    assert!(matches!(refused, Err(AdminError::NotPreviewed)), "{refused:?}");
}

#[tokio::test]
async fn everybody_sees_the_teams_that_they_may_edit() {
    let app = monday(&PLATFORM).await;
    let (workspace, ada, bob) = (app.workspace(), member(&app, "ada").await, member(&app, "bob").await);
    done(&workspace, &ada, &Change { owners: Some(people(&["eve"])), ..made() }).await.unwrap();
    preview(&workspace, &bob, &weekly("platform")).await.unwrap();
    let names = async |actor| {
        let teams = team_overview(&workspace, actor).await.unwrap();
        teams.into_iter().map(|team| (team.name, team.in_file, team.previewed, team.version)).collect::<Vec<_>>()
    };
    let platform = |previewed| ("platform".to_owned(), true, previewed, 0);
    assert_eq!(names(&bob).await, [platform(true)]);
    assert_eq!(names(&ada).await, [("design".to_owned(), false, false, 1), platform(false)]);
    assert_eq!(names(&member(&app, "cid").await).await, []);
    let teams = team_overview(&workspace, &ada).await.unwrap();
    assert_eq!((teams[0].members, teams[0].next.len()), (Some(5), 5));
    assert_eq!(teams[0].channel_name.as_deref(), Some("platform"));
}

#[tokio::test]
async fn a_name_that_is_taken_is_not_made_again_and_one_of_no_team_is_not_changed() {
    let app = monday(&PLATFORM).await;
    let (workspace, ada) = (app.workspace(), member(&app, "ada").await);
    let make = |name: &str| Change { create: Some(true), ..Change { scope: team(name).scope, ..made() } };
    let configured = done(&workspace, &ada, &make("design")).await.unwrap();
    assert!(configured.created && configured.version == 1);
    for name in ["design", "platform"] {
        let taken = Change { members: Some(people(&["eve"])), ..make(name) };
        assert_eq!(faulty(configure(&workspace, &token(), &taken).await), ["team"], "{name}");
    }
    let design = app.rules().await.weekly("design").unwrap().clone();
    assert!(matches!(design.membership, Membership::Members(members) if members.len() == 5));

    let change = Change { create: Some(false), ..make("data") };
    let refused = configure(&workspace, &ada, &change).await;
    assert!(matches!(refused, Err(AdminError::NoSuchTeam { .. })), "{refused:?}");
    let nobody = Change { create: Some(true), ..team("data") };
    assert_eq!(faulty(configure(&workspace, &ada, &nobody).await), ["members"]);
    // Who does not say which is told what came of it.
    assert!(done(&workspace, &ada, &Change { create: None, ..make("data") }).await.unwrap().created);
    assert!(!done(&workspace, &ada, &Change { create: None, ..make("data") }).await.unwrap().created);
}

#[tokio::test]
async fn of_two_who_make_a_team_at_once_the_second_hears_that_it_is_there() {
    let app = monday(&[]).await;
    let (workspace, ada, other) = (app.workspace(), member(&app, "ada").await, token());
    let make = Change { create: Some(true), ..made() };
    let (one, other) = tokio::join!(configure(&workspace, &ada, &make), configure(&workspace, &other, &make));
    let (first, refused) = if one.is_ok() { (one, other) } else { (other, one) };
    assert!(first.unwrap().created);
    assert_eq!(faulty(refused), ["team"]);
}

#[tokio::test]
async fn a_summary_that_waits_goes_to_the_channel_that_its_team_has_by_then() {
    let mut app = monday(&[]).await;
    let (workspace, ada) = (app.workspace(), member(&app, "ada").await);
    done(&workspace, &ada, &made()).await.unwrap();
    shown_and_enabled(&app, &workspace, "design").await;
    app.wind_to("2026-09-14T09:00:01Z");
    app.tick().await;
    assert_eq!(app.store.open_deliveries().await.unwrap().len(), 1);
    done(&workspace, &ada, &Change { channel: Some("C0OTHER".to_owned()), ..team("design") }).await.unwrap();
    app.tick().await;
    app.deliver_until_idle().await;
    assert_eq!((app.slack.messages_in(CHANNEL).len(), app.slack.messages_in("C0OTHER").len()), (0, 1));
}

#[tokio::test]
async fn who_may_edit_no_team_finds_none_and_it_is_on_record() {
    let app = monday(&PLATFORM).await;
    let (workspace, ada, bob) = (app.workspace(), member(&app, "ada").await, member(&app, "bob").await);
    done(&workspace, &ada, &made()).await.unwrap();
    assert_eq!(editable_teams(&workspace, &ada).await.unwrap(), ["design", "platform"]);
    assert_eq!(editable_teams(&workspace, &bob).await.unwrap(), ["design", "platform"]);
    let calls = app.slack.calls("users.info");
    let refused = editable_teams(&workspace, &member(&app, "cid").await).await;
    assert!(matches!(refused, Err(AdminError::NotAllowed(_))), "{refused:?}");
    assert_eq!(app.slack.calls("users.info") - calls, 1);
    let line = app.store.audited(Some("teams"), 9).await.unwrap().remove(0);
    assert_eq!((line.actor.as_str(), line.action.as_str()), ("U0CID", "admin.refused"));
}
