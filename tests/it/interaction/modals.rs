//! Modals: preferences, "My week", deletion, and what admins and owners decide, from the first click to what holds then.

use super::{
    answered, by, people,
    surface::{Surface, can_be_sent, offers, words},
};
use recap::{
    interaction::{Inbound, ModalReply, Reply, State, Submission, View},
    model::{Covers, MemberId},
    standin::{Channel, Choice, Fault, Person, SubmitOutcome, Times, Workspace},
    store::ConsentKind,
};

/// Thursday noon.
const NOW: &str = "2025-01-16T12:00:00Z";

fn ada() -> MemberId {
    MemberId("U0ADA".to_owned())
}

pub(super) fn one(value: &str) -> Choice {
    Choice::One(value.to_owned())
}

pub(super) fn many(values: &[&str]) -> Choice {
    Choice::Many(values.iter().map(|value| (*value).to_owned()).collect())
}

async fn member() -> Surface {
    let slack = Surface::with(NOW, people(), &[]).await;
    slack.home("U0ADA").await;
    slack
}

/// Two admins, two members and a few channels.
pub(super) async fn admins(settings: &[(&str, &str)]) -> Surface {
    let workspace = Workspace::new("T0TEST", crate::support::installation::TOKEN)
        .people([
            Person::new("U0ROOT", "Root").email("root@example.com").admin(),
            Person::new("U0BOSS", "Boss").email("boss@example.com").admin(),
            Person::new("U0ADA", "Ada").email("ada@example.com"),
            Person::new("U0BOB", "Bob").email("bob@example.com"),
        ])
        .channels([
            Channel::new("C0TEAM", "platform"),
            Channel::new("C0ELSE", "elsewhere").without_recap(),
            Channel::new("C0OLD", "old").archived(),
        ]);
    let slack = Surface::of(NOW, workspace, settings).await;
    slack.home("U0ROOT").await;
    slack
}

#[tokio::test]
async fn preferences_are_saved_and_the_home_shows_them() {
    let slack = member().await;
    slack.press_home("U0ADA", "home_preferences").await;
    let found = slack.app.slack.suggest("U0ADA", &slack.modal("U0ADA").id, "preferences_zone", "kathm").await.unwrap();
    assert_eq!(found[0]["value"], "Asia/Kathmandu");

    let outcome = slack
        .submit(
            "U0ADA",
            &[
                ("preferences_digest", one("on")),
                ("preferences_time", one("18:30")),
                ("preferences_days", many(&["mon", "fri"])),
                ("preferences_covers", one("morning")),
                ("preferences_named", many(&["named"])),
            ],
        )
        .await;

    // As in App Home, a yes is answered with what follows from it.
    let SubmitOutcome::Updated(told) = outcome else { panic!("{outcome:?}") };
    assert!(
        words(&told).contains("Your daily digest is on. The next one comes Fri, Jan 17 at 18:30"),
        "{}",
        words(&told)
    );
    assert!(words(&told).contains("No usage was found under ada@example.com"), "{}", words(&told));
    let preferences = slack.app.store.preferences(&ada()).await.unwrap();
    assert_eq!(preferences.time, Some("18:30".parse().unwrap()));
    assert_eq!(preferences.weekdays, Some("mon,fri".parse().unwrap()));
    assert_eq!((preferences.covers, preferences.zone, preferences.sections), (Some(Covers::Morning), None, None));
    assert!(slack.app.store.consents_of(&ada()).await.unwrap().named);
    let home = words(&slack.home("U0ADA").await);
    assert!(home.contains("On. The next one comes Fri, Jan 17 at 18:30 (UTC)."), "{home}");
}

#[tokio::test]
async fn what_makes_no_sense_is_said_in_the_modal_and_nothing_is_changed() {
    let slack = member().await;
    slack.press_home("U0ADA", "home_preferences").await;

    let values = [("preferences_digest", one("on")), ("preferences_pause", one("2025-01-15"))];
    let SubmitOutcome::Errors(errors) = slack.submit("U0ADA", &values).await else { panic!("errors") };

    assert_eq!(errors.keys().collect::<Vec<_>>(), ["preferences_pause"]);
    assert_eq!(slack.app.store.consents_of(&ada()).await.unwrap().digest, None);
}

#[tokio::test]
async fn a_yes_and_a_pause_in_one_form_are_both_kept() {
    let slack = member().await;
    slack.press_home("U0ADA", "home_preferences").await;
    let values = [("preferences_digest", one("on")), ("preferences_pause", one("2025-02-03"))];

    let SubmitOutcome::Updated(told) = slack.submit("U0ADA", &values).await else { panic!("told") };

    assert!(words(&told).contains("The next one comes Mon, Feb 3 at 09:00"), "{}", words(&told));
    let until = slack.app.store.preferences(&ada()).await.unwrap().pause_until;
    assert_eq!(until, Some("2025-02-03T00:00:00Z".parse().unwrap()));
    // A yes elsewhere ends it.
    super::told(&slack.app, "ada", "on").await;
    assert_eq!(slack.app.store.preferences(&ada()).await.unwrap().pause_until, None);
}

#[tokio::test]
async fn what_was_saved_is_said() {
    let slack = member().await;
    slack.app.opts_in("ada").await;
    for (values, told) in [
        (
            vec![],
            vec!["Nothing was changed.", "You get a daily digest. The next one comes on Fri, Jan 17 at 09:00 (UTC)."],
        ),
        (
            vec![("preferences_time", one("10:15"))],
            vec!["Saved.", "You get a daily digest. The next one comes on Fri, Jan 17 at 10:15 (UTC)."],
        ),
        (
            vec![("preferences_pause", one("2025-01-25")), ("preferences_named", many(&["named"]))],
            vec![
                "Saved.",
                "Paused until Sat, Jan 25. The next one comes on Mon, Jan 27 at 10:15 (UTC).",
                "Team summaries name you when you are MVP of the week.",
            ],
        ),
        (vec![("preferences_digest", one("off"))], vec!["Saved.", "You get no digests."]),
    ] {
        slack.press_home("U0ADA", "home_preferences").await;
        let outcome = slack.submit("U0ADA", &values).await;
        let SubmitOutcome::Updated(view) = outcome else { panic!("{outcome:?}") };
        assert_eq!(words(&view).lines().collect::<Vec<_>>(), told);
        assert!(!can_be_sent(&view));
        slack.app.slack.close("U0ADA", &view.id).await.unwrap();
    }
}

#[tokio::test]
async fn a_form_takes_back_nothing_that_was_changed_while_it_was_open() {
    let slack = member().await;
    slack.app.opts_in("ada").await;
    slack.press_home("U0ADA", "home_preferences").await;
    super::told(&slack.app, "ada", "off").await;
    super::told(&slack.app, "ada", "time 07:00").await;

    let outcome = slack.submit("U0ADA", &[("preferences_covers", one("morning"))]).await;

    let SubmitOutcome::Updated(told) = outcome else { panic!("{outcome:?}") };
    assert_eq!(words(&told).lines().collect::<Vec<_>>(), ["Saved.", "You get no digests."]);
    assert_eq!(slack.app.store.consents_of(&ada()).await.unwrap().digest.unwrap().kind, ConsentKind::OptOut);
    let preferences = slack.app.store.preferences(&ada()).await.unwrap();
    assert_eq!((preferences.time, preferences.covers), (Some("07:00".parse().unwrap()), Some(Covers::Morning)));
}

#[tokio::test]
async fn a_form_that_cannot_be_read_changes_nothing_and_asks_for_another() {
    let slack = member().await;
    slack.press_home("U0ADA", "home_preferences").await;
    for metadata in ["", "{}", "not JSON", r#"{"digest":false}"#] {
        let view = View {
            id: "V1".into(),
            hash: "h".into(),
            callback_id: "preferences".into(),
            private_metadata: metadata.into(),
            state: State::default(),
            kind: "modal".into(),
        };
        let submission = Submission { by: by("ada", &format!("unreadable {metadata}")), view };
        let reply = answered(&slack.app, Inbound::Submission(submission)).await;
        let Reply::Modal(ModalReply::Errors(errors)) = reply else { panic!("{reply:?}") };
        assert!(errors["preferences_digest"].contains("open it again"), "{errors:?}");
    }
    assert_eq!(slack.app.store.audited(Some("U0ADA"), 10).await.unwrap(), []);
}

#[tokio::test]
async fn my_week_has_a_chart_and_a_table_or_sections_with_the_same_numbers() {
    let slack = member().await;
    slack.app.session("ada", "2025-01-14 10:00:00").await;
    slack.press_home("U0ADA", "home_week").await;
    let modal = slack.modal("U0ADA");
    let kinds: Vec<_> = modal.view["blocks"].as_array().unwrap().iter().map(|block| block["type"].clone()).collect();
    assert!(kinds.contains(&"data_visualization".into()) && kinds.contains(&"data_table".into()), "{kinds:?}");
    let drawn = words(&modal);

    slack.app.slack.fault("views.update", Fault::Error("invalid_blocks".to_owned()), Times(1));
    slack.press_home("U0ADA", "home_week").await;

    let modal = slack.modal("U0ADA");
    assert!(modal.view["blocks"].as_array().unwrap().iter().all(|block| block["type"] != "data_table"));
    assert_eq!(words(&modal), drawn);
}

#[tokio::test]
async fn deleting_ones_data_leaves_a_suppression_alone() {
    let slack = member().await;
    slack.app.opts_in("ada").await;
    slack.press_home("U0ADA", "home_delete").await;

    let SubmitOutcome::Updated(told) = slack.submit("U0ADA", &[]).await else { panic!("told") };

    assert!(words(&told).contains("are deleted"), "{}", words(&told));
    let consents = slack.app.store.consents_of(&ada()).await.unwrap();
    assert!(consents.suppressed && consents.digest.is_none());
    assert!(offers(&slack.home("U0ADA").await, "home_on"));
}

#[tokio::test]
async fn personal_digests_are_enabled_only_from_the_preview() {
    let slack = admins(&[("DIGEST__ENABLED", "false")]).await;
    assert_eq!(slack.app.rules().await.enabled_at, None);
    slack.press_home("U0ROOT", "home_daily_preview").await;
    let preview = slack.modal("U0ROOT");
    assert!(can_be_sent(&preview) && words(&preview).contains("UTC)"), "{}", words(&preview));
    for told in ["You have not opted in. By the schedule it would come:", "With Enable it comes to who agreed"] {
        assert!(words(&preview).contains(told), "{}", words(&preview));
    }

    let SubmitOutcome::Updated(told) = slack.submit("U0ROOT", &[]).await else { panic!("told") };

    assert!(words(&told).contains("It is enabled. Who chose no other time gets it:"), "{}", words(&told));
    assert!(words(&told).contains("Nobody gets a digest before they agree"), "{}", words(&told));
    assert!(slack.app.rules().await.enabled_at.is_some());
    assert!(words(&slack.home("U0ROOT").await).contains("Enabled, with 0 subscribed."));
}

#[tokio::test]
async fn a_forged_submission_enables_nothing() {
    let slack = admins(&[("DIGEST__ENABLED", "false"), ("TEAMS__CORE__MEMBERS", "ada@example.com")]).await;
    for (who, metadata) in [
        ("root", "{}"),
        ("ada", "{}"),
        ("ada", r#"{"team":"core","version":0}"#),
        ("ada", r#"{"team":"nowhere","version":-7}"#),
        ("root", "not JSON"),
    ] {
        let view = View {
            id: "V1".into(),
            hash: "h".into(),
            callback_id: "admin_preview".into(),
            private_metadata: metadata.into(),
            state: State::default(),
            kind: "modal".into(),
        };
        let submission = Submission { by: by(who, &format!("forged {who} {metadata}")), view };
        let reply = answered(&slack.app, Inbound::Submission(submission)).await;
        let Reply::Modal(ModalReply::Update(told)) = reply else { panic!("{reply:?}") };
        assert!(!told.to_string().contains("It is enabled."), "{told}");
    }
    let rules = slack.app.rules().await;
    assert!(rules.enabled_at.is_none() && rules.weekly("core").unwrap().enabled_at.is_none());
}

#[tokio::test]
async fn a_forged_submission_of_an_editor_is_on_record() {
    let slack = admins(&[("TEAMS__CORE__MEMBERS", "ada@example.com")]).await;
    for (callback, metadata, subject) in [
        ("admin_daily", "{}", "workspace"),
        ("admin_team", "{}", "teams"),
        ("admin_team", r#"{"team":"core","version":0}"#, "team:core"),
        ("admin_team", r#"{"team":"nowhere","version":0}"#, "team:nowhere"),
    ] {
        let view = View {
            id: "V1".into(),
            hash: "h".into(),
            callback_id: callback.into(),
            private_metadata: metadata.into(),
            state: State::default(),
            kind: "modal".into(),
        };
        let submission = Submission { by: by("ada", &format!("forged {callback} {metadata}")), view };
        answered(&slack.app, Inbound::Submission(submission)).await;
        let lines = slack.app.store.audited(Some(subject), 9).await.unwrap();
        let lines: Vec<_> = lines.iter().map(|line| (line.actor.as_str(), line.action.as_str())).collect();
        assert_eq!(lines, [("U0ADA", "admin.refused")], "{callback} {metadata}");
    }
}

#[tokio::test]
async fn a_team_that_is_added_takes_no_name_that_is_taken() {
    let slack = admins(&[("TEAMS__CORE__MEMBERS", "ada@example.com")]).await;
    slack.press_home("U0ROOT", "home_add_team").await;
    let values = [("admin_team_name", one("core")), ("admin_team_members", many(&["U0BOB"]))];
    let SubmitOutcome::Errors(errors) = slack.submit("U0ROOT", &values).await else { panic!("errors") };
    assert_eq!(errors["admin_team_name"], "There is a team of this name already.");
    assert!(slack.app.store.report_configs("weekly").await.unwrap().is_empty());
}

#[tokio::test]
async fn a_team_is_made_looked_at_and_enabled() {
    let slack = admins(&[]).await;
    slack.press_home("U0ROOT", "home_add_team").await;
    let note = slack.choose("U0ROOT", "admin_team_channel", "C0OLD").await;
    assert!(words(&note).contains("This channel is archived."), "{}", words(&note));
    let note = slack.choose("U0ROOT", "admin_team_channel", "C0TEAM").await;
    assert!(words(&note).contains("Recap can post in #platform."), "{}", words(&note));

    let values = [("admin_team_name", one("Core")), ("admin_team_members", many(&["U0ADA", "U0BOB"]))];
    let SubmitOutcome::Updated(told) = slack.submit("U0ROOT", &values).await else { panic!("told") };

    assert!(words(&told).contains("The team is made."), "{}", words(&told));
    let weekly = slack.app.rules().await.weekly("Core").unwrap().clone();
    assert_eq!((weekly.channel.unwrap().0.as_str(), weekly.enabled_at), ("C0TEAM", None));
    slack.app.slack.close("U0ROOT", &slack.modal("U0ROOT").id).await.unwrap();
    slack.home("U0ROOT").await;
    slack.press_home("U0ROOT", "home_preview_0").await;
    assert!(can_be_sent(&slack.modal("U0ROOT")), "{}", words(&slack.modal("U0ROOT")));
    assert!(matches!(slack.submit("U0ROOT", &[]).await, SubmitOutcome::Updated(_)));
    assert!(slack.app.rules().await.weekly("Core").unwrap().enabled_at.is_some());
}

#[tokio::test]
async fn a_trigger_that_is_too_old_opens_nothing_and_does_no_harm() {
    let slack = member().await;
    slack.app.slack.fault("views.open", Fault::Error("expired_trigger_id".to_owned()), Times(2));

    slack.press_home("U0ADA", "home_preferences").await;
    slack.press_home("U0ADA", "home_week").await;

    assert!(slack.app.slack.modal_of("U0ADA").is_none());
    slack.press_home("U0ADA", "home_preferences").await;
    assert!(offers(&slack.modal("U0ADA"), "preferences_time"));
}
