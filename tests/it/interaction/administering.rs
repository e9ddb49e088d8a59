//! What admins and owners do in modals, end to end: teams changed by two at once, invited channels, removed teams, and what an
//! owner may not.

use super::{
    modals::{admins, many, one},
    surface::{Surface, can_be_sent, is_done, offers, words},
};
use recap::standin::{Fault, SubmitOutcome, Times, View};
use std::time::Duration;

const CORE: [(&str, &str); 3] = [
    ("TEAMS__CORE__MEMBERS", "ada@example.com"),
    ("TEAMS__CORE__CHANNEL", "C0TEAM"),
    ("TEAMS__CORE__OWNERS", "bob@example.com"),
];

/// What stands in the question `action` of a form.
fn begins<'a>(view: &'a View, action: &str) -> &'a serde_json::Value {
    let blocks = view.view["blocks"].as_array().unwrap();
    let element = blocks.iter().map(|block| &block["element"]).find(|element| element["action_id"] == action);
    element.unwrap_or_else(|| panic!("{action}: {}", view.view))
}

fn updated(outcome: SubmitOutcome) -> View {
    match outcome {
        SubmitOutcome::Updated(view) => view,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn of_two_admins_at_once_the_second_hears_who_changed_what_and_keeps_the_form() {
    let slack = admins(&CORE).await;
    slack.home("U0BOSS").await;
    slack.press_home("U0ROOT", "home_team_0").await;
    slack.press_home("U0BOSS", "home_team_0").await;
    let first = [("admin_team_time", one("10:00")), ("admin_team_day", one("fri"))];
    assert!(is_done(&slack.submit("U0BOSS", &first).await));

    let mine = [("admin_team_time", one("11:00")), ("admin_team_min_active", one("5"))];
    let told = updated(slack.submit("U0ROOT", &mine).await);

    assert!(words(&told).contains("Boss changed time 09:00 → 10:00; days mon → fri."), "{}", words(&told));
    assert!(words(&told).contains("What you changed is kept below."), "{}", words(&told));
    assert_eq!(begins(&told, "admin_team_time")["initial_time"], "11:00", "what Root changed");
    assert_eq!(begins(&told, "admin_team_min_active")["initial_value"], "5");
    assert_eq!(begins(&told, "admin_team_day")["initial_option"]["value"], "fri", "what Boss changed");
    let rules = slack.app.rules().await;
    assert_eq!(rules.weekly("core").unwrap().schedule.time, "10:00".parse().unwrap(), "nothing is written over");

    // The form goes on: faults stand beside their questions, choices are told, and it can be saved.
    let SubmitOutcome::Errors(errors) = slack.submit("U0ROOT", &[("admin_team_min_active", one("few"))]).await else {
        panic!("errors")
    };
    assert_eq!(errors.values().collect::<Vec<_>>(), ["Write a whole number, such as 3."]);
    let noted = slack.choose("U0ROOT", "admin_team_channel", "C0OLD").await;
    assert!(words(&noted).contains("This channel is archived."), "{}", words(&noted));
    slack.choose("U0ROOT", "admin_team_channel", "C0TEAM").await;
    assert!(is_done(&slack.submit("U0ROOT", &[("admin_team_min_active", one("4"))]).await));
    let rules = slack.app.rules().await;
    let core = rules.weekly("core").unwrap();
    assert_eq!((core.schedule.time, core.min_active), ("11:00".parse().unwrap(), 4));
    assert_eq!(core.schedule.day, chrono::Weekday::Fri, "Boss's day stays");
}

#[tokio::test]
async fn of_two_admins_of_digests_the_second_keeps_the_form_too() {
    let slack = admins(&[]).await;
    slack.home("U0BOSS").await;
    slack.press_home("U0ROOT", "home_daily").await;
    slack.press_home("U0BOSS", "home_daily").await;
    slack.submit("U0BOSS", &[("admin_daily_time", one("10:00"))]).await;

    let told = updated(slack.submit("U0ROOT", &[("admin_daily_days", many(&["mon"]))]).await);

    assert!(words(&told).contains("Boss changed time 09:00 → 10:00."), "{}", words(&told));
    assert_eq!(begins(&told, "admin_daily_time")["initial_time"], "10:00");
    slack.submit("U0ROOT", &[]).await;
    let rules = slack.app.rules().await;
    assert_eq!((rules.time, rules.weekdays), ("10:00".parse().unwrap(), "mon".parse().unwrap()));
}

#[tokio::test]
async fn a_form_that_is_answered_late_comes_again_with_what_was_filled_in() {
    let slack = admins(&CORE).await;
    slack.press_home("U0ROOT", "home_team_0").await;
    // Slack does not answer who is an admin before the modal has to be answered.
    slack.app.slack.fault("users.info", Fault::Delay(Duration::from_hours(1)), Times(1));

    slack.submit("U0ROOT", &[("admin_team_time", one("17:45")), ("admin_team_min_active", one("7"))]).await;

    let form = slack.modal("U0ROOT");
    assert!(words(&form).contains("Nothing was changed."), "{}", words(&form));
    assert_eq!(begins(&form, "admin_team_time")["initial_time"], "17:45");
    assert_eq!(begins(&form, "admin_team_min_active")["initial_value"], "7");
    assert!(is_done(&slack.submit("U0ROOT", &[]).await));
    let rules = slack.app.rules().await;
    assert_eq!(rules.weekly("core").unwrap().schedule.time, "17:45".parse().unwrap());
    assert_eq!(rules.weekly("core").unwrap().min_active, 7);
}

#[tokio::test]
async fn a_choice_that_slack_does_not_answer_takes_nothing_out_of_the_form() {
    let slack = admins(&CORE).await;
    slack.press_home("U0ROOT", "home_team_0").await;
    slack.app.slack.fault("users.info", Fault::MissingScope("users:read".into()), Times(1));
    let form = slack.choose("U0ROOT", "admin_team_channel", "C0OLD").await;
    assert!(offers(&form, "admin_team_time") && can_be_sent(&form), "{}", words(&form));
    assert!(words(&form).contains("Something went wrong on Recap's side"), "{}", words(&form));
}

#[tokio::test]
async fn all_that_is_wrong_with_a_new_team_stands_beside_its_questions() {
    let slack = admins(&CORE).await;
    slack.press_home("U0ROOT", "home_add_team").await;
    let values =
        [("admin_team_name", one("CORE")), ("admin_team_min_active", one("few")), ("admin_team_channel", one("C0OLD"))];
    let SubmitOutcome::Errors(errors) = slack.submit("U0ROOT", &values).await else { panic!("errors") };
    let named: Vec<_> = errors.keys().map(String::as_str).collect();
    assert_eq!(named, ["admin_team_channel", "admin_team_members", "admin_team_min_active", "admin_team_name"]);
    assert!(errors["admin_team_name"].contains("There is a team \"core\" already"), "{errors:?}");
    assert_eq!(errors["admin_team_channel"], "This channel is archived. Choose another one.");
    assert!(slack.app.store.report_configs("weekly").await.unwrap().is_empty());
}

#[tokio::test]
async fn a_team_that_is_made_says_which_addresses_nobody_has() {
    let slack = admins(&[]).await;
    slack.press_home("U0ROOT", "home_add_team").await;
    let values = [
        ("admin_team_name", one("Design")),
        ("admin_team_members", many(&["U0ADA"])),
        ("admin_team_addresses", one("zoe@example.com")),
    ];
    let told = updated(slack.submit("U0ROOT", &values).await);
    assert!(words(&told).contains("1 of 2 addresses is not in Slack: zoe@example.com."), "{}", words(&told));
}

#[tokio::test]
async fn a_preview_without_a_channel_leads_to_the_choice_of_one() {
    let slack =
        admins(&[("TEAMS__CORE__MEMBERS", "ada@example.com"), ("TEAMS__CORE__OWNERS", "bob@example.com")]).await;
    slack.press_home("U0ROOT", "home_preview_0").await;
    let preview = slack.modal("U0ROOT");
    assert!(!can_be_sent(&preview), "{}", words(&preview));
    assert!(words(&preview).contains("It can be, once the team has a channel"), "{}", words(&preview));

    let editor = slack.choose("U0ROOT", "admin_preview_channel", recap::standin::Choice::Press).await;
    assert!(offers(&editor, "admin_team_channel"), "{}", words(&editor));
    assert!(is_done(&slack.submit("U0ROOT", &[("admin_team_channel", one("C0TEAM"))]).await));
    slack.home("U0ROOT").await;
    slack.press_home("U0ROOT", "home_preview_0").await;
    assert!(can_be_sent(&slack.modal("U0ROOT")), "{}", words(&slack.modal("U0ROOT")));
}

#[tokio::test]
async fn an_owner_of_a_team_without_a_channel_is_told_who_chooses_one() {
    let slack =
        admins(&[("TEAMS__CORE__MEMBERS", "ada@example.com"), ("TEAMS__CORE__OWNERS", "bob@example.com")]).await;
    slack.home("U0BOB").await;
    slack.press_home("U0BOB", "home_preview_0").await;
    let preview = slack.modal("U0BOB");
    assert!(!can_be_sent(&preview) && !offers(&preview, "admin_preview_channel"), "{}", words(&preview));
    assert!(words(&preview).contains("once an admin has chosen a channel"), "{}", words(&preview));
}

#[tokio::test]
async fn an_owner_changes_when_and_what_and_is_asked_nothing_else() {
    let slack = admins(&CORE).await;
    slack.home("U0BOB").await;
    slack.press_home("U0BOB", "home_team_0").await;
    let editor = slack.modal("U0BOB");
    for action in ["name", "kind", "members", "channel", "owners", "min_active", "remove"] {
        assert!(!offers(&editor, &format!("admin_team_{action}")), "{action}");
    }
    assert!(words(&editor).contains("are for admins to change"), "{}", words(&editor));
    let values = [("admin_team_time", one("16:00")), ("admin_team_sections", many(&["sessions", "mvp"]))];
    assert!(is_done(&slack.submit("U0BOB", &values).await));
    let rules = slack.app.rules().await;
    let core = rules.weekly("core").unwrap();
    assert_eq!((core.schedule.time, core.sections.len(), core.owners.len()), ("16:00".parse().unwrap(), 2, 1));

    // Who owns it no longer while the form is open changes nothing any more.
    slack.home("U0BOB").await;
    slack.press_home("U0BOB", "home_team_0").await;
    slack.press_home("U0ROOT", "home_team_0").await;
    assert!(is_done(&slack.submit("U0ROOT", &[("admin_team_owners", many(&["U0BOSS"]))]).await));
    let refused = slack.submit("U0BOB", &[("admin_team_time", one("06:00"))]).await;
    let SubmitOutcome::Errors(errors) = refused else { panic!("{refused:?}") };
    assert!(errors["admin_team_time"].contains("only an admin") || errors["admin_team_time"].contains("Only an admin"));
    assert_eq!(slack.app.rules().await.weekly("core").unwrap().schedule.time, "16:00".parse().unwrap());
}

#[tokio::test]
async fn a_team_that_was_made_here_is_removed_and_one_of_the_file_is_not() {
    let slack = admins(&CORE).await;
    slack.press_home("U0ROOT", "home_team_0").await;
    assert!(!offers(&slack.modal("U0ROOT"), "admin_team_remove"), "the settings file has it");
    close(&slack, "U0ROOT").await;
    slack.press_home("U0ROOT", "home_add_team").await;
    let values = [("admin_team_name", one("Design")), ("admin_team_members", many(&["U0ADA"]))];
    updated(slack.submit("U0ROOT", &values).await);
    close(&slack, "U0ROOT").await;
    slack.home("U0ROOT").await;
    // By name, Design stands before core.
    slack.press_home("U0ROOT", "home_team_0").await;
    let told = slack.choose("U0ROOT", "admin_team_remove", recap::standin::Choice::Press).await;
    assert!(words(&told).contains("The team is removed."), "{}", words(&told));
    let rules = slack.app.rules().await;
    assert_eq!(rules.teams.keys().collect::<Vec<_>>(), ["core"]);
    let lines = slack.app.store.audited(Some("team:Design"), 1).await.unwrap();
    assert_eq!((lines[0].action.as_str(), lines[0].actor.as_str()), ("team.remove", "U0ROOT"));
    assert!(!words(&slack.home("U0ROOT").await).contains("Design"));
}

#[tokio::test]
async fn an_invitation_is_chosen_looked_at_and_posted_once() {
    let slack = admins(&[]).await;
    slack.press_home("U0ROOT", "home_invite").await;
    assert!(!can_be_sent(&slack.modal("U0ROOT")), "nothing was looked at yet");
    let refused = slack.choose("U0ROOT", "admin_invite_channel", "C0OLD").await;
    assert!(words(&refused).contains("This channel is archived.") && !can_be_sent(&refused), "{}", words(&refused));
    let shown = slack.choose("U0ROOT", "admin_invite_channel", "C0TEAM").await;
    assert!(words(&shown).contains("With Post it goes to #platform."), "{}", words(&shown));
    assert!(!offers(&shown, "invite_get_digest"), "its buttons are only drawn");
    assert!(slack.app.slack.messages().is_empty());

    let told = updated(slack.submit("U0ROOT", &[]).await);
    assert!(words(&told).contains("on its way to the channel"), "{}", words(&told));
    let posted = slack.app.store.deliveries_of("notice.invitation", "C0TEAM", None, 9).await.unwrap();
    assert_eq!(posted.len(), 1);
    assert!(posted[0].message.as_ref().unwrap().contains("invite_get_digest"), "{posted:?}");

    close(&slack, "U0ROOT").await;
    slack.press_home("U0ROOT", "home_invite").await;
    slack.choose("U0ROOT", "admin_invite_channel", "C0TEAM").await;
    let again = updated(slack.submit("U0ROOT", &[]).await);
    assert!(words(&again).contains("already posted today. Nothing more is posted."), "{}", words(&again));
    assert_eq!(slack.app.store.deliveries_of("notice.invitation", "C0TEAM", None, 9).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_owner_may_invite_and_a_member_is_not_offered_it() {
    let slack = admins(&CORE).await;
    slack.home("U0ADA").await;
    assert!(!offers(&slack.app.slack.home_of("U0ADA").unwrap(), "home_invite"));
    slack.home("U0BOB").await;
    slack.press_home("U0BOB", "home_invite").await;
    let shown = slack.choose("U0BOB", "admin_invite_channel", "C0TEAM").await;
    assert!(can_be_sent(&shown), "an owner may: {}", words(&shown));
}

async fn close(slack: &Surface, who: &str) {
    slack.app.slack.close(who, &slack.modal(who).id).await.unwrap();
}
