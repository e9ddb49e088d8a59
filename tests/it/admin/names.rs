//! What a team may be called, who is not in Slack, and who changed what.

use super::{CHANNEL, PLATFORM, done, faulty, member, monday, people, shown_and_enabled, team, token, weekly};
use recap::admin::{AdminError, Change, configure, faults, names, trigger};

#[tokio::test]
async fn no_two_teams_have_names_that_people_cannot_tell_apart() {
    let app = monday(&PLATFORM).await;
    let (workspace, ada) = (app.workspace(), member(&app, "ada").await);
    done(&workspace, &ada, &Change { members: Some(people(&["eve"])), ..team("Data Tools") }).await.unwrap();
    for (name, twin) in [
        ("Platform", "platform"),
        ("PLAT FORM", "platform"),
        ("data tools", "Data Tools"),
        ("Data  Tools", "Data Tools"),
        ("Data\u{a0}Tools", "Data Tools"),
        ("DataTools", "Data Tools"),
        ("Data\u{200d} Tools", "Data Tools"),
    ] {
        for create in [None, Some(true)] {
            let make = Change { members: Some(people(&["eve"])), create, ..team(name) };
            let Err(AdminError::Invalid(told)) = configure(&workspace, &ada, &make).await else { panic!("{name:?}") };
            assert_eq!((told.len(), told[0].field), (1, "team"), "{told:?}");
            assert!(told[0].reason.contains(&format!("`{twin}`")), "{told:?}");
        }
    }
    for name in ["", " data", "data ", "da\tta", "da\u{202e}ta", "da\u{200b}ta", "da\nta", &"x".repeat(65)] {
        let make = Change { members: Some(people(&["eve"])), create: Some(true), ..team(name) };
        assert_eq!(faulty(configure(&workspace, &ada, &make).await), ["team"], "{name:?}");
    }
    // A word too many or too few is the nearest, not the same.
    let change = Change { time: Some("10:00".to_owned()), ..team("PLATFORM") };
    let refused = configure(&workspace, &ada, &change).await;
    assert!(matches!(&refused, Err(AdminError::NoSuchTeam { nearest: Some(name), .. }) if name == "platform"));
    assert_eq!(app.rules().await.teams.len(), 2);
}

#[tokio::test]
async fn all_that_is_wrong_with_a_new_team_is_told_at_once() {
    let app = monday(&PLATFORM).await;
    let (workspace, ada) = (app.workspace(), member(&app, "ada").await);
    let change = Change {
        create: Some(true),
        members: Some(Vec::new()),
        channel: Some("C0OLD".to_owned()),
        owners: Some(vec!["nobody".to_owned()]),
        ..team("PLATFORM")
    };
    let told = faulty(configure(&workspace, &ada, &change).await);
    assert_eq!(told, ["members", "owners", "team", "channel"]);
    let looked: Vec<_> = faults(&workspace, &ada, &change).await.unwrap().iter().map(|fault| fault.field).collect();
    assert_eq!(looked, told);
    let unknown = Change { time: Some("x".to_owned()), usergroup: Some("S0NOWHERE".to_owned()), ..team("nope") };
    assert_eq!(faulty(configure(&workspace, &ada, &unknown).await), ["time", "usergroup"]);
    let unknown = Change { time: Some("x".to_owned()), channel: Some("C0OLD".to_owned()), ..team("nope") };
    assert_eq!(faulty(configure(&workspace, &ada, &unknown).await), ["time", "team", "channel"]);
    assert_eq!(
        faults(&workspace, &ada, &Change { time: Some("10:00".to_owned()), ..team("platform") }).await.unwrap(),
        []
    );
    assert_eq!(app.store.report_configs("weekly").await.unwrap(), [], "looking changes nothing");
    let refused = faults(&workspace, &member(&app, "eve").await, &change).await;
    assert!(matches!(refused, Err(AdminError::NotAllowed(_))), "{refused:?}");
}

#[tokio::test]
async fn addresses_that_nobody_in_slack_has_are_taken_and_told_of() {
    let app = monday(&PLATFORM).await;
    let (workspace, ada) = (app.workspace(), member(&app, "ada").await);
    let list = people(&["ada", "bob", "zoe", "yan"]);
    let make = Change { members: Some(list), owners: Some(people(&["ada", "xia"])), ..team("data") };
    let created = done(&workspace, &ada, &make).await.unwrap();
    assert!(created.created);
    let expected = [
        "2 of 4 addresses are not in Slack: yan@example.com, zoe@example.com.",
        "1 of 2 owners is not in Slack: xia@example.com.",
    ];
    assert_eq!(created.notes, expected);
    let strangers: Vec<_> = created.not_in_slack.iter().map(ToString::to_string).collect();
    assert_eq!(strangers, ["xia@example.com", "yan@example.com", "zoe@example.com"]);
    assert_eq!(app.rules().await.weekly("data").unwrap().owners.len(), 2, "people join later");
    let later = done(&workspace, &ada, &Change { time: Some("10:00".to_owned()), ..team("data") }).await.unwrap();
    assert_eq!((later.notes.len(), later.not_in_slack.len()), (0, 0), "of what was not touched nothing is told");
}

#[tokio::test]
async fn a_team_without_a_zone_has_that_of_the_workspace() {
    let app = monday(&[("DIGEST__DEFAULT_ZONE", "Europe/Berlin")]).await;
    let (workspace, ada) = (app.workspace(), member(&app, "ada").await);
    done(&workspace, &ada, &Change { members: Some(people(&["eve"])), ..team("data") }).await.unwrap();
    assert_eq!(app.rules().await.weekly("data").unwrap().schedule.zone, chrono_tz::Tz::Europe__Berlin);
    assert_eq!(app.store.report_configs("weekly").await.unwrap()[0].zone, Some(chrono_tz::Tz::Europe__Berlin));
}

#[tokio::test]
async fn who_was_slower_is_told_who_changed_what() {
    let app = monday(&PLATFORM).await;
    let (workspace, ada, bob) = (app.workspace(), member(&app, "ada").await, member(&app, "bob").await);
    let at = |time: &str, version| Change { time: Some(time.to_owned()), version: Some(version), ..team("platform") };
    done(&workspace, &bob, &at("10:00", 0)).await.unwrap();
    done(&workspace, &token(), &Change { days: Some("fri".to_owned()), ..team("platform") }).await.unwrap();
    let Err(refused) = configure(&workspace, &ada, &at("11:00", 0)).await else { panic!("saved") };
    assert_eq!(
        refused.words(),
        "This was changed meanwhile. BOB changed time 09:00 → 10:00. The admin token \"ci\" changed days mon → fri."
    );
    assert!(!refused.to_string().contains("BOB"), "what is logged names nobody");
    let Err(refused) = configure(&workspace, &bob, &at("11:00", 1)).await else { panic!("saved") };
    assert_eq!(refused.words(), "This was changed meanwhile. The admin token \"ci\" changed days mon → fri.");
}

#[tokio::test]
async fn the_ledger_names_people_and_channels_as_far_as_they_are_known() {
    let mut app = monday(&PLATFORM).await;
    app.opts_in("ada").await;
    app.session("ada", "2026-09-11 10:00:00").await;
    app.wind_to("2026-09-14T09:00:01Z");
    app.tick().await;
    app.deliver_until_idle().await;
    let workspace = app.workspace();
    let ledger = recap::admin::deliveries(&workspace, None, None, None, 10).await.unwrap();
    let asked = app.slack.requests().len();
    let known = names(&workspace, &ledger).await.unwrap();
    assert_eq!((known.of("U0ADA"), known.of("U0NOBODY")), (Some("ADA"), None));
    assert_eq!(app.slack.requests().len(), asked, "Slack is not asked");

    // A channel that was looked at has its name; a team is no member.
    shown_and_enabled(&app, &workspace, "platform").await;
    trigger(&workspace, &token(), &weekly("platform"), None).await.unwrap();
    app.deliver_until_idle().await;
    let ledger = recap::admin::deliveries(&workspace, None, Some("platform"), None, 10).await.unwrap();
    assert_eq!(ledger[0].channel.as_deref(), Some(CHANNEL));
    let asked = app.slack.requests().len();
    let known = names(&workspace, &ledger).await.unwrap();
    assert_eq!((known.of(CHANNEL), known.of("platform")), (Some("#platform"), None));
    assert_eq!(app.slack.requests().len(), asked, "Slack is not asked");
}
