//! Summaries of teams and previews: told to who may see them, and to nobody else.

use super::{buttons, clicked, place, told};
use crate::support::{
    app::App,
    events::{Tables, insert, prompt},
    installation::TOKEN,
};
use recap::{
    interaction::{Place, Reply},
    standin::{Channel, Person, Workspace},
};

const SETTINGS: [(&str, &str); 6] = [
    ("TEAMS__PLATFORM__MEMBERS", "ada@example.com,bob@example.com,cid@example.com"),
    ("TEAMS__PLATFORM__OWNERS", "dan@example.com"),
    ("TEAMS__PLATFORM__CHANNEL", "C0PLATFORM"),
    ("TEAMS__PLATFORM__ENABLED", "true"),
    ("TEAMS__DATA__ATTRIBUTE", "data"),
    ("TEAMS__DATA__CHANNEL", "C0PLATFORM"),
];

/// Sunday evening; Ada, Bob and Cid are on the team, Dan owns it, Eve is on none, Fay is an admin. Ada did most.
async fn sunday() -> App {
    let person = |name: &str| Person {
        is_admin: name == "fay",
        ..Person::new(format!("U0{}", name.to_uppercase()), format!("{} Surname", name.to_uppercase()))
            .email(format!("{name}@example.com"))
            .tz("UTC")
    };
    let people = ["ada", "bob", "cid", "dan", "eve", "fay"].map(person);
    let workspace = Workspace::new("T0TEST", TOKEN).people(people).channel(Channel::new("C0PLATFORM", "platform"));
    let app = App::of("2026-09-13T20:00:00Z", workspace, &SETTINGS).await;
    for (who, days) in [("ada", 9..=11), ("bob", 9..=9), ("cid", 9..=9)] {
        for day in days {
            app.session(who, &format!("2026-09-{day:02} 10:00:00")).await;
        }
    }
    let claims = prompt("2026-09-09 10:00:00", "eve@example.com", "s-eve").resource("team.id", "data");
    insert(Tables::Map, &app.database, &[claims]).await;
    app.wind_to("2026-09-14T08:00:00Z");
    app
}

#[tokio::test]
async fn a_summary_is_told_to_members_owners_and_admins_alone() {
    let app = sunday().await;
    for who in ["ada", "dan"] {
        let summary = told(&app, who, "team").await;
        assert!(summary.text.contains("Claude Code weekly for platform"), "{who}: {}", summary.text);
        assert!(summary.text.contains("3 of 3"), "{}", summary.text);
        assert_eq!(buttons(&summary), [""; 0]);
        assert!(summary.blocks.iter().all(|block| block.get("accessory").is_none()));
    }
    let admin = told(&app, "fay", "team \u{201c}PLATFORM\u{201d}").await;
    assert!(admin.text.contains("Claude Code weekly for platform"), "{}", admin.text);
    assert!(told(&app, "fay", "team").await.text.contains("/usage team data"));
    for text in ["team platform", "team data", "team nope"] {
        let no = told(&app, "eve", text).await;
        assert!(no.text.contains("whose summary you can see"), "{text}: {}", no.text);
        assert!(!no.text.contains("session"), "{}", no.text);
    }
    assert!(told(&app, "eve", "team").await.text.starts_with("You are on no team"));
}

#[tokio::test]
async fn a_summary_names_those_alone_who_agreed() {
    let app = sunday().await;
    assert!(!told(&app, "bob", "team").await.text.contains("ADA Surname"));
    told(&app, "ada", "name me").await;
    assert!(told(&app, "bob", "team").await.text.contains("ADA Surname"));
}

#[tokio::test]
async fn somebody_elses_digest_is_shown_to_admins_with_sample_numbers() {
    let app = sunday().await;
    for text in ["preview <@U0ADA|ada>", "preview daily ada@example.com", "preview @ada surname"] {
        let no = told(&app, "bob", text).await;
        assert!(no.text.contains("theirs alone"), "{text}: {}", no.text);
        let sample = told(&app, "fay", text).await;
        assert!(sample.text.contains("sample numbers"), "{text}: {}", sample.text);
        assert_eq!(buttons(&sample), [""; 0]);
    }
    assert!(told(&app, "fay", "preview @nobody").await.text.contains("Nobody here is called"));
    assert!(told(&app, "bob", "preview").await.text.contains("This is how your digest looks"));
}

#[tokio::test]
async fn a_teams_next_summary_is_previewed_by_owners_and_admins() {
    let app = sunday().await;
    let owner = told(&app, "dan", "preview weekly").await;
    assert!(owner.text.contains("Claude Code weekly for platform"), "{}", owner.text);
    assert!(owner.text.contains("By its schedule it comes on Mon, Sep 14 at 09:00"), "{}", owner.text);
    assert!(told(&app, "fay", "preview weekly").await.text.contains("Of which team?"));
    for (who, text) in [("ada", "preview weekly platform"), ("eve", "preview platform"), ("eve", "preview weekly")] {
        let no = told(&app, who, text).await;
        assert!(!no.text.contains("session"), "{who} {text}: {}", no.text);
    }
    assert!(told(&app, "dan", "preview weekly nope").await.text.to_lowercase().contains("team"));
}

#[tokio::test]
async fn the_winner_alone_can_show_their_name() {
    let mut app = sunday().await;
    app.session("bob", "2026-09-14 07:00:00").await;
    app.wind_to("2026-09-14T09:00:01Z");
    app.tick().await;
    app.deliver_until_idle().await;
    let posted = app.slack.messages().into_iter().find(|message| message.channel == "C0PLATFORM").unwrap();
    let click = |who| clicked(&app, who, place(&posted), ("b", "weekly_show_name_sessions"), None);
    for (who, words) in [
        ("bob", "Only who won can show their name here"),
        ("eve", "Only who won can show their name here"),
        ("ada", "Thank you."),
        ("ada", "stands in this summary already"),
    ] {
        let Reply::Say(answer) = click(who).await else { panic!("{who}") };
        assert!(answer.text.contains(words), "{who}: {}", answer.text);
    }
    // Slack may not say which message it is: where it stands does.
    let elsewhere = match place(&posted) {
        Place::Message { channel, ts, ephemeral, text, blocks, .. } => {
            Place::Message { channel, ts, ephemeral, text, blocks, delivery: None }
        }
        view @ Place::View(_) => view,
    };
    let Reply::Say(answer) = clicked(&app, "ada", elsewhere, ("b", "weekly_show_name_sessions"), None).await else {
        panic!("an answer")
    };
    assert!(answer.text.contains("stands in this summary already"), "{}", answer.text);
    assert_eq!(app.slack.calls("chat.update"), 0);
    let told = app.slack.messages_in("C0PLATFORM").into_iter().filter(|message| message.only_for.is_some());
    assert_eq!(
        told.map(|message| message.only_for.unwrap()).collect::<Vec<_>>(),
        ["U0BOB", "U0EVE", "U0ADA", "U0ADA", "U0ADA"]
    );
}
