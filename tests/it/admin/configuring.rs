//! Who may change what of a team, and what is refused.

use super::{CHANNEL, PLATFORM, done, enabled, faulty, member, monday, people, shown_and_enabled, team, token, weekly};
use recap::{
    admin::{AdminError, Change, Report, Scope, configure, preview, rights, was_previewed},
    standin::{Fault, Times},
};

#[tokio::test]
async fn an_owner_changes_the_schedule_and_an_admin_alone_the_rest() {
    let app = monday(&PLATFORM).await;
    let (workspace, bob) = (app.workspace(), member(&app, "bob").await);
    let schedule = Change { time: Some("16:30".to_owned()), days: Some("fri".to_owned()), ..team("platform") };
    let configured = done(&workspace, &bob, &schedule).await.unwrap();
    assert_eq!((configured.enabled, configured.version), (false, 1));
    assert_eq!(configured.next.len(), 5);
    assert_eq!(configured.next[0].to_rfc3339(), "2026-09-18T16:30:00+00:00");
    for change in [
        Change { members: Some(people(&["eve"])), ..team("platform") },
        Change { usergroup: Some("S0PLATFORM".to_owned()), ..team("platform") },
        Change { attribute: Some("x".to_owned()), ..team("platform") },
        Change { channel: Some("C0OTHER".to_owned()), ..team("platform") },
        Change { exclude: Some(people(&["eve"])), ..team("platform") },
        Change { owners: Some(people(&["eve"])), ..team("platform") },
        Change { min_active: Some(1), ..team("platform") },
        Change { time: Some("10:00".to_owned()), ..team("other") },
        Change { members: Some(people(&["bob"])), ..team("new") },
        Change::of(Report::Daily, Scope::Workspace),
        Change { enabled: Some(false), ..Change::of(Report::Daily, Scope::Member("ada@example.com".to_owned())) },
    ] {
        let refused = configure(&workspace, &bob, &change).await;
        assert!(matches!(refused, Err(AdminError::NotAllowed(_))), "{change:?}: {refused:?}");
    }
    let rules = app.rules().await;
    let platform = rules.weekly("platform").unwrap();
    assert_eq!((platform.owners.len(), platform.min_active, rules.teams.len()), (1, 3, 1));
    let refused = app.store.audited(None, 50).await.unwrap();
    assert_eq!(refused.iter().filter(|entry| entry.action == "admin.refused").count(), 11);
    let change = refused.iter().find(|entry| entry.action == "report.configure").unwrap();
    assert_eq!((change.actor.as_str(), change.subject.as_str()), ("U0BOB", "team:platform"));
    assert_eq!(change.detail, "weekly: time 09:00 → 16:30; days mon → fri");
}

#[tokio::test]
async fn who_is_neither_admin_nor_owner_decides_nothing() {
    let app = monday(&PLATFORM).await;
    let workspace = app.workspace();
    for who in ["cid", "eve", "gus"] {
        let actor = member(&app, who).await;
        let change = enabled(Change { channel: Some("C0OTHER".to_owned()), ..team("platform") });
        let refused = configure(&workspace, &actor, &change).await;
        assert!(matches!(refused, Err(AdminError::NotAllowed(_))), "{who}: {refused:?}");
        let refused = preview(&workspace, &actor, &weekly("platform")).await;
        assert!(matches!(refused, Err(AdminError::NotAllowed(_))), "{who}: {refused:?}");
    }
    let rights_of = async |who: &str| rights(&workspace, &member(&app, who).await).await.unwrap();
    let (ada, bob, cid, gus) =
        (rights_of("ada").await, rights_of("bob").await, rights_of("cid").await, rights_of("gus").await);
    assert!(ada.admin && !bob.admin && !cid.admin && !gus.admin);
    assert!(bob.may_edit("platform") && !cid.may_edit("platform") && cid.may_see("platform"));
    assert!(!rights_of("eve").await.may_see("platform") && rights(&workspace, &token()).await.unwrap().admin);
}

#[tokio::test]
async fn a_list_of_admins_replaces_slacks_and_silence_of_slack_makes_nobody_one() {
    let app = monday(&[&PLATFORM[..], &[("OPS__ADMINS", "eve@example.com")]].concat()).await;
    let workspace = app.workspace();
    assert!(rights(&workspace, &member(&app, "eve").await).await.unwrap().admin);
    assert!(!rights(&workspace, &member(&app, "ada").await).await.unwrap().admin);

    let app = monday(&PLATFORM).await;
    let ada = member(&app, "ada").await;
    app.slack.fault("users.info", Fault::MissingScope("users:read".into()), Times::UNTIL_CLEARED);
    let refused = configure(&app.workspace(), &ada, &team("platform")).await;
    assert!(matches!(refused, Err(AdminError::Slack(_))), "{refused:?}");
}

#[tokio::test]
async fn of_two_admins_at_once_the_second_is_refused() {
    let app = monday(&PLATFORM).await;
    let (workspace, ada) = (app.workspace(), member(&app, "ada").await);
    let seen = |time: &str, version| Change { time: Some(time.to_owned()), version: Some(version), ..team("platform") };
    assert_eq!(done(&workspace, &ada, &seen("10:00", 0)).await.unwrap().version, 1);
    let refused = done(&workspace, &token(), &seen("11:00", 0)).await;
    assert!(matches!(refused, Err(AdminError::Changed(_))), "{refused:?}");
    // The same again changes nothing.
    assert_eq!(done(&workspace, &ada, &seen("10:00", 1)).await.unwrap().version, 1);
    assert_eq!(done(&workspace, &token(), &seen("11:00", 1)).await.unwrap().version, 2);
    assert_eq!(app.rules().await.weekly("platform").unwrap().schedule.time.to_string(), "11:00");
}

#[tokio::test]
async fn five_faults_are_told_at_once_and_nothing_is_changed() {
    let app = monday(&PLATFORM).await;
    let (workspace, ada) = (app.workspace(), member(&app, "ada").await);
    let change = Change {
        time: Some("9 o'clock".to_owned()),
        days: Some("mon-fri".to_owned()),
        zone: Some("Mars/Olympus".to_owned()),
        channel: Some("#platform".to_owned()),
        sections: Some(vec!["weather".to_owned()]),
        ..team("platform")
    };
    let refused = faulty(configure(&workspace, &ada, &change).await);
    assert_eq!(refused, ["time", "days", "zone", "sections", "channel"]);
    assert_eq!(app.store.report_configs("weekly").await.unwrap(), []);
}

#[tokio::test]
async fn a_channel_is_looked_at_when_it_is_chosen() {
    let app = monday(&PLATFORM).await;
    let (workspace, ada) = (app.workspace(), member(&app, "ada").await);
    let to = |channel: &str| Change { channel: Some(channel.to_owned()), ..team("platform") };
    for (channel, words) in [
        ("C0NOWHERE", "cannot see"),
        ("C0OLD", "archived"),
        ("C0SHARED", "another workspace"),
        ("C0ALONE", "not in this channel"),
    ] {
        let Err(AdminError::Invalid(faults)) = configure(&workspace, &ada, &to(channel)).await else {
            panic!("{channel} was chosen")
        };
        assert!(faults[0].field == "channel" && faults[0].reason.contains(words), "{faults:?}");
    }
    done(&workspace, &ada, &to("C0OTHER")).await.unwrap();
    assert_eq!(app.rules().await.weekly("platform").unwrap().channel.as_ref().unwrap().0, "C0OTHER");
    let kept = app.store.channel(&recap::model::ChannelId("C0OTHER".into())).await.unwrap().unwrap();
    assert_eq!(kept.name, "other");
    let unknown = Change { usergroup: Some("S0NOWHERE".to_owned()), ..team("platform") };
    assert_eq!(faulty(configure(&workspace, &ada, &unknown).await), ["usergroup"]);
}

#[tokio::test]
async fn nothing_is_enabled_unseen_nor_by_another_ones_preview() {
    let app = monday(&PLATFORM).await;
    let (workspace, ada, bob) = (app.workspace(), member(&app, "ada").await, member(&app, "bob").await);
    let enable = enabled(team("platform"));
    let refused = configure(&workspace, &ada, &enable).await;
    assert!(matches!(refused, Err(AdminError::NotPreviewed)), "{refused:?}");

    let seen = preview(&workspace, &bob, &weekly("platform")).await.unwrap();
    assert!(seen.message.text.contains("4 sessions") && !seen.sample, "{}", seen.message.text);
    assert_eq!((seen.next.len(), seen.next[0].to_rfc3339().as_str()), (5, "2026-09-14T09:00:00+00:00"));
    assert!(!was_previewed(&workspace, &ada, Report::Weekly, &enable.scope).await.unwrap());
    assert!(matches!(configure(&workspace, &ada, &enable).await, Err(AdminError::NotPreviewed)));
    assert!(matches!(configure(&workspace, &token(), &enable).await, Err(AdminError::NotPreviewed)));

    // What Bob owns he may enable himself, and pause again.
    let configured = done(&workspace, &bob, &enable).await.unwrap();
    assert!(configured.enabled);
    assert_eq!(configured.next, seen.next);
    let paused = done(&workspace, &bob, &Change { enabled: Some(false), ..team("platform") }).await.unwrap();
    assert!(!paused.enabled);
    assert_eq!(app.store.subscription("weekly", "platform").await.unwrap().unwrap().next_due, None);
}

#[tokio::test]
async fn what_is_enabled_has_a_channel_and_people() {
    let app = monday(&[]).await;
    let (workspace, ada) = (app.workspace(), member(&app, "ada").await);
    let refused = configure(&workspace, &ada, &Change { time: Some("10:00".to_owned()), ..team("platfrm") }).await;
    assert!(matches!(refused, Err(AdminError::NoSuchTeam { nearest: None, .. })), "{refused:?}");
    let new = Change { usergroup: Some("S0NOBODY".to_owned()), ..team("platform") };
    done(&workspace, &ada, &new).await.unwrap();
    let refused = configure(&workspace, &ada, &Change { time: Some("10:00".to_owned()), ..team("platfrm") }).await;
    assert!(matches!(&refused, Err(AdminError::NoSuchTeam { nearest: Some(name), .. }) if name == "platform"));
    let seen = preview(&workspace, &ada, &weekly("platform")).await.unwrap();
    assert_eq!(seen.notes.len(), 2, "{:?}", seen.notes);
    assert_eq!(faulty(configure(&workspace, &ada, &enabled(team("platform"))).await), ["channel", "usergroup"]);
    let mended =
        Change { usergroup: Some("S0PLATFORM".to_owned()), channel: Some(CHANNEL.to_owned()), ..team("platform") };
    // What was previewed was another team.
    assert!(matches!(configure(&workspace, &ada, &enabled(mended.clone())).await, Err(AdminError::NotPreviewed)));
    done(&workspace, &ada, &mended).await.unwrap();
    assert!(shown_and_enabled(&app, &workspace, "platform").await.enabled);
}

#[tokio::test]
async fn a_channel_that_was_shared_since_is_not_enabled() {
    let app = monday(&PLATFORM).await;
    let (workspace, ada) = (app.workspace(), member(&app, "ada").await);
    app.slack.share(CHANNEL);
    let seen = preview(&workspace, &ada, &weekly("platform")).await.unwrap();
    assert!(seen.notes[0].contains("another workspace"), "{:?}", seen.notes);
    assert_eq!(faulty(configure(&workspace, &ada, &enabled(team("platform"))).await), ["channel"]);
}

#[tokio::test]
async fn the_files_word_stands_where_nothing_else_was_said() {
    let app = monday(&[&PLATFORM[..], &[("TEAMS__PLATFORM__ENABLED", "true")]].concat()).await;
    let workspace = app.workspace();
    let again = shown_and_enabled(&app, &workspace, "platform").await;
    assert_eq!((again.enabled, again.version), (true, 0));
    assert_eq!(app.store.report_configs("weekly").await.unwrap(), []);
}

#[tokio::test]
async fn what_was_changed_since_its_preview_is_previewed_again() {
    let app = monday(&PLATFORM).await;
    let (workspace, ada) = (app.workspace(), member(&app, "ada").await);
    let enable = enabled(team("platform"));
    for change in [
        Change { channel: Some("C0OTHER".to_owned()), ..team("platform") },
        Change { members: Some(people(&["ada", "eve"])), ..team("platform") },
        Change { sections: Some(vec!["sessions".to_owned()]), ..team("platform") },
    ] {
        preview(&workspace, &ada, &weekly("platform")).await.unwrap();
        assert!(was_previewed(&workspace, &ada, Report::Weekly, &enable.scope).await.unwrap());
        // Somebody else changes it, and whoever enables it names no version.
        done(&workspace, &token(), &change).await.unwrap();
        assert!(!was_previewed(&workspace, &ada, Report::Weekly, &enable.scope).await.unwrap());
        let refused = configure(&workspace, &ada, &enable).await;
        assert!(matches!(refused, Err(AdminError::NotPreviewed)), "{change:?}: {refused:?}");
    }
    // When it comes is not in the preview's message.
    preview(&workspace, &ada, &weekly("platform")).await.unwrap();
    let later = Change { time: Some("16:00".to_owned()), ..enable };
    assert!(done(&workspace, &ada, &later).await.unwrap().enabled);
}
