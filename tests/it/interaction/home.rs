//! App Home: what it shows to whom, and what its buttons do.

use super::{
    people,
    surface::{Surface, offers, words},
};
use crate::support::{app::App, relay::deserted};
use recap::{
    model::MemberId,
    standin::{Channel, Fault, Person, Times, Workspace},
    store::{ConsentKind, Preferences},
    warehouse::Source,
};

/// Thursday noon; the digest comes at nine.
const NOW: &str = "2025-01-16T12:00:00Z";

fn id(who: &str) -> MemberId {
    MemberId(format!("U0{}", who.to_uppercase()))
}

#[tokio::test]
async fn a_member_sees_todays_numbers_and_when_the_next_digest_comes() {
    let slack = Surface::with(NOW, people(), &[]).await;
    slack.app.session("ada", "2025-01-16 10:00:00").await;
    slack.app.session("ada", "2025-01-14 10:00:00").await;
    slack.app.opts_in("ada").await;

    let home = slack.home("U0ADA").await;

    let words = words(&home);
    assert!(words.contains("This week, sessions by day: Mon 0 · Tue 1 · Wed 0 · Thu 1."), "{words}");
    assert!(words.contains("On. The next one comes Fri, Jan 17 at 09:00 (UTC)."), "{words}");
    assert!(offers(&home, "home_off") && !offers(&home, "home_add_team"));
}

#[tokio::test]
async fn the_toggles_do_what_they_say_and_the_home_shows_it() {
    let slack = Surface::with(NOW, people(), &[]).await;
    slack.app.session("ada", "2025-01-15 10:00:00").await;
    assert!(offers(&slack.home("U0ADA").await, "home_on"));

    let home = slack.press_home("U0ADA", "home_on").await;
    assert!(offers(&home, "home_off"), "{}", words(&home));
    let consents = slack.app.store.consents_of(&id("ada")).await.unwrap();
    let consent = consents.digest.unwrap();
    assert!(consent.kind == ConsentKind::OptIn && consent.is_own());
    let told = slack.modal("U0ADA");
    assert!(words(&told).contains("The next one comes Fri, Jan 17 at 09:00 (UTC)."), "{}", words(&told));
    assert!(words(&told).contains("Sessions"), "yesterday's digest: {}", words(&told));

    let home = slack.press_home("U0ADA", "home_name").await;
    assert!(offers(&home, "home_unname") && slack.app.store.consents_of(&id("ada")).await.unwrap().named);

    let home = slack.press_home("U0ADA", "home_pause").await;
    assert!(
        words(&home).contains("Paused until Mon, Jan 20. The next one comes Mon, Jan 20 at 09:00 (UTC)."),
        "{}",
        words(&home)
    );
    let home = slack.press_home("U0ADA", "home_resume").await;
    assert!(words(&home).contains("On. The next one comes Fri, Jan 17"), "{}", words(&home));

    let home = slack.press_home("U0ADA", "home_off").await;
    let consents = slack.app.store.consents_of(&id("ada")).await.unwrap();
    assert_eq!(consents.digest.unwrap().kind, ConsentKind::OptOut);
    assert!(offers(&home, "home_on") && !offers(&home, "home_pause"));
}

#[tokio::test]
async fn an_old_home_pauses_nothing_of_who_stopped_elsewhere() {
    let slack = Surface::with(NOW, people(), &[]).await;
    slack.app.opts_in("ada").await;
    slack.home("U0ADA").await;
    slack.app.consents("ada", ConsentKind::OptOut).await;

    let home = slack.press_home("U0ADA", "home_pause_week").await;

    assert!(words(&home).contains("Off. A daily digest comes only if you want it"), "{}", words(&home));
    assert_eq!(slack.app.store.preferences(&id("ada")).await.unwrap().pause_until, None);
}

#[tokio::test]
async fn the_home_shows_what_a_member_chose_in_both_halves() {
    let slack = Surface::with(NOW, people(), &[]).await;
    slack.app.session("ada", "2025-01-16 10:00:00").await;
    let chosen =
        Preferences { sections: Some(vec!["tokens".to_owned(), "streak".to_owned()]), ..Preferences::default() };
    slack.app.store.set_preferences(&id("ada"), &chosen, slack.app.clock.now(), "U0ADA").await.unwrap();

    let words = words(&slack.home("U0ADA").await);

    assert!(words.contains("Today so far:") && words.contains("This week: Tokens: 0 in / 0 out."), "{words}");
    for not_chosen in ["Sessions:", "essions by day", "Cost", "cost:", "$", "at API prices"] {
        assert!(!words.contains(not_chosen), "{not_chosen}: {words}");
    }
    assert_eq!(words.matches("Your Claude Code usage").count(), 1, "{words}");
}

#[tokio::test]
async fn a_guest_gets_a_polite_line_and_nothing_to_press() {
    let slack = Surface::with(NOW, people(), &[]).await;

    let home = slack.home("U0GUEST").await;

    assert_eq!(words(&home).trim(), "Recap answers full members of this workspace only.");
    assert!(!home.view.to_string().contains("action_id"));
}

#[tokio::test]
async fn without_the_warehouse_the_rest_is_shown_all_the_same() {
    let app = App::with(NOW, people(), &[]).await;
    app.opts_in("ada").await;
    let (address, _nobody) = deserted();
    let nowhere = Source::new(address, app.settings.clickhouse.clone());
    let workspace = recap::workspace::Workspace { source: nowhere, ..app.workspace() };
    let slack = Surface::over(NOW, app, workspace).await;

    let words = words(&slack.home("U0ADA").await);

    assert!(words.contains("The usage data does not answer right now."), "{words}");
    assert!(words.contains("On. The next one comes") && words.contains("[Preferences]"), "{words}");
}

#[tokio::test]
async fn what_somebody_else_published_meanwhile_is_not_overwritten_with_what_was() {
    let slack = Surface::with(NOW, people(), &[]).await;
    slack.home("U0ADA").await;
    // The first answer to the click is that its home is an old one.
    slack.app.slack.fault("views.publish", Fault::Error("hash_conflict".to_owned()), Times(1));

    let home = slack.press_home("U0ADA", "home_name").await;

    assert!(offers(&home, "home_unname"), "what holds now was read again: {}", words(&home));
}

#[tokio::test]
async fn admins_see_all_teams_owners_theirs_and_members_none() {
    let workspace = Workspace::new("T0TEST", crate::support::installation::TOKEN)
        .people([
            Person::new("U0ROOT", "Root").email("root@example.com").admin(),
            Person::new("U0OWN", "Owner").email("own@example.com"),
            Person::new("U0ADA", "Ada").email("ada@example.com"),
        ])
        .channels([Channel::new("C0TEAM", "platform")]);
    let settings = [
        ("TEAMS__PLATFORM__MEMBERS", "ada@example.com"),
        ("TEAMS__PLATFORM__OWNERS", "own@example.com"),
        ("TEAMS__PLATFORM__CHANNEL", "C0TEAM"),
        ("TEAMS__DESIGN__MEMBERS", "ada@example.com"),
    ];
    let slack = Surface::of(NOW, workspace, &settings).await;

    let (root, own, ada) = (slack.home("U0ROOT").await, slack.home("U0OWN").await, slack.home("U0ADA").await);

    let team = |view, name: &str| words(view).to_lowercase().contains(&format!("\n{name}\n"));
    assert!(team(&root, "platform") && team(&root, "design") && offers(&root, "home_add_team"), "{}", words(&root));
    assert!(team(&own, "platform") && !team(&own, "design") && !offers(&own, "home_add_team"), "{}", words(&own));
    assert!(!team(&ada, "platform") && !offers(&ada, "home_team_0"), "{}", words(&ada));
}
