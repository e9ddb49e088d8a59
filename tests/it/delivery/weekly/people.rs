//! Who counts in a team's summary: user groups, leavers, and commands that look.

use super::*;

#[tokio::test]
async fn a_user_group_says_who_is_on_the_team_and_leavers_keep_their_past() {
    let group = [SETTINGS[0], ("TEAMS__PLATFORM__USERGROUP", "S0PLATFORM"), SETTINGS[2]];
    let mut app = sunday_with(&group).await;
    app.slack.leave_group("S0PLATFORM", "U0EVE");
    app.sync().await;
    app.session("eve", "2026-09-14 08:00:00").await;
    app.wind_to("2026-09-14T09:00:01Z");
    app.tick().await;
    app.deliver_until_idle().await;
    assert!(texts(&app)[0].contains("5 of 5") && texts(&app)[0].contains("7 sessions"), "{}", texts(&app)[0]);

    // The week after, Eve is somebody else's.
    for who in EVERYBODY {
        app.session(who, "2026-09-16 10:00:00").await;
    }
    app.session("bob", "2026-09-21 08:00:00").await;
    app.wind_to("2026-09-21T09:00:01Z");
    app.tick().await;
    app.deliver_until_idle().await;
    assert!(texts(&app)[1].contains("4 of 4"), "{}", texts(&app)[1]);
}

#[tokio::test]
async fn a_user_group_that_vanished_stops_the_summary_with_a_reason() {
    let group = [SETTINGS[0], ("TEAMS__PLATFORM__USERGROUP", "S0PLATFORM"), SETTINGS[2]];
    let mut app = sunday_with(&group).await;
    app.slack.delete_group("S0PLATFORM");
    app.sync().await;
    app.wind_to("2026-09-14T09:00:01Z");
    app.tick().await;
    app.deliver_until_idle().await;
    assert_eq!(app.slack.messages().len(), 0);
    assert_eq!(app.team_outcome("platform").await, Some(("failed".into(), Some("usergroup_gone".into()))));
    let known = app.store.rosters(&["platform".to_owned()].into(), app.clock.now()).await.unwrap();
    assert!(known["platform"].0.contains_key(&MemberEmail::parse("ada@example.com").unwrap()));
}

#[tokio::test]
async fn a_user_group_that_is_back_stops_nothing() {
    let group = [SETTINGS[0], ("TEAMS__PLATFORM__USERGROUP", "S0PLATFORM"), SETTINGS[2]];
    let mut app = sunday_with(&group).await;
    app.slack.delete_group("S0PLATFORM");
    app.sync().await;
    app.slack.change(|known| known.groups = workspace().groups);
    app.wind_to("2026-09-14T09:00:01Z");
    app.tick().await;
    app.deliver_until_idle().await;
    assert!(texts(&app)[0].contains("5 of 5"), "{:?}", texts(&app));
}

#[tokio::test]
async fn somebody_deactivated_last_week_counts_once_more_and_then_no_longer() {
    let mut app = sunday().await;
    app.slack.change(|workspace| workspace.people[4].deleted = true);
    app.sync().await;
    app.wind_to("2026-09-14T09:00:01Z");
    app.tick().await;
    app.deliver_until_idle().await;
    assert!(texts(&app)[0].contains("5 of 5"), "{}", texts(&app)[0]);
    app.session("bob", "2026-09-16 10:00:00").await;
    app.wind_to("2026-09-21T09:00:01Z");
    app.tick().await;
    app.deliver_until_idle().await;
    assert!(texts(&app)[1].contains("1 of 4"), "{}", texts(&app)[1]);
}

#[tokio::test]
async fn a_user_group_is_not_read_before_the_directory() {
    let group = [SETTINGS[0], ("TEAMS__PLATFORM__USERGROUP", "S0PLATFORM"), SETTINGS[2]];
    let app = sunday_with(&group).await;
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("new.sqlite").display());
    let database = Database::open(&StoreOptions { url: url.into(), schema: "recap".into() }).await.unwrap();
    let store = database.of_workspace(&WorkspaceId("T0TEST".into()), app.clock.now()).await.unwrap();
    let lists = TeamLists { store: store.clone(), ..app.lists.clone() };
    let running = tokio::spawn(async move { lists.run(&tokio::sync::Notify::new()).await });
    let roster = async || {
        let mut rosters = store.rosters(&["platform".to_owned()].into(), app.clock.now()).await.unwrap();
        rosters.remove("platform")
    };
    // It would be read at once.
    for _ in 0..200 {
        assert_eq!(roster().await, None);
    }

    slack::sync_directory(&app.client, &store, app.clock.now()).await.unwrap();
    store.set_value("directory.whole", Some("now")).await.unwrap();
    let read = async {
        while roster().await.is_none() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), read).await.unwrap();
    running.abort();
    let roster = roster().await.unwrap();
    assert_eq!(roster.0.len(), 5);
    assert!(roster.0.values().all(|stays| *stays == [Stay::ALWAYS]), "{roster:?}");
}

#[tokio::test]
async fn a_command_that_reads_one_team_leaves_all_else_as_the_daemon_has_it() {
    let second =
        [("TEAMS__WEB__ENABLED", "true"), ("TEAMS__WEB__MEMBERS", SETTINGS[1].1), ("TEAMS__WEB__CHANNEL", CHANNEL)];
    let app = sunday_with(&[&SETTINGS[..], &second].concat()).await;
    let before = app.store.subscriptions_to("weekly").await.unwrap();
    assert_eq!(before.len(), 2);

    // Without the daemon's environment, or with a file that was edited since it started.
    let mut settings = (*app.settings).clone();
    settings.teams.remove("web");
    let platform = settings.teams.get_mut("platform").unwrap();
    platform.membership = Membership::Members(vec![MemberEmail::parse("ada@example.com").unwrap()]);
    platform.time = "11:00".parse().unwrap();
    let lists = TeamLists { settings: settings.into(), ..app.lists.clone() };
    assert!(lists.read_one("platform", app.clock.now()).await.unwrap());

    assert_eq!(app.store.subscriptions_to("weekly").await.unwrap(), before);
}
