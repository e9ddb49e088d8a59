//! What the page's forms say, keep and refuse.

use super::{Door, signed_in::Browser};

#[tokio::test]
async fn a_summary_without_a_channel_leads_to_the_choice_of_one_and_not_to_a_switch() {
    let door = Door::open().await;
    let browser = Browser::signed_in(&door).await;
    let preview = browser.page("/admin/team/preview?name=sales").await;
    assert!(preview.contains("It can be enabled once the team has a channel."), "{preview}");
    assert!(preview.contains("href=\"/admin/team?name=sales#channel\">Choose a channel</a>"), "{preview}");
    assert!(!preview.contains("value=\"on\""), "{preview}");
    let team = browser.page("/admin/team?name=sales").await;
    assert!(team.contains("It can be enabled once it has a channel") && !team.contains("value=\"on\""), "{team}");
}

#[tokio::test]
async fn a_preview_of_somebody_who_gets_none_does_not_say_that_it_comes() {
    let door = Door::open().await;
    let browser = Browser::signed_in(&door).await;
    let preview = browser.page("/admin/personal/preview?member=ada%40example.com").await;
    assert!(preview.contains("Ada has not opted in. By its schedule it would be sent:"), "{preview}");
    assert!(preview.contains("When it would be sent") && !preview.contains("The next times"), "{preview}");
}

#[tokio::test]
async fn a_form_says_the_zone_and_an_emptied_one_is_no_choice() {
    let door = Door::open().await;
    let browser = Browser::signed_in(&door).await;
    let page = browser.page("/admin/team/new").await;
    assert!(page.contains("The workspace&#x27;s default is Europe/Berlin."), "{page}");
    assert!(page.contains("name=\"zone\" type=\"text\" value=\"Europe/Berlin\""), "{page}");
    let sent = [("team", "data"), ("zone", ""), ("kind", "members"), ("members", "ada@example.com")];
    let refused = browser.send("/admin/team/new", &sent).await;
    assert_eq!(refused.status(), 422);
    assert!(refused.text().await.unwrap().contains("id=\"zone-fault\""));
    assert!(door.office.state().changes.is_empty());
}

#[tokio::test]
async fn after_somebody_elses_change_the_form_keeps_what_was_typed_and_can_be_saved() {
    let door = Door::open().await;
    let browser = Browser::signed_in(&door).await;
    let page = browser.page("/admin/team?name=platform").await;
    let seen = page.split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let sections = ["sessions", "cost", "active", "tokens", "mvp", "skills", "new_skills", "chart"];
    let mut form = vec![
        ("team", "platform"),
        ("do", "save"),
        ("version", "2"),
        ("seen", &seen),
        ("time", "11:30"),
        ("days", "mon"),
        ("zone", "Europe/Berlin"),
        ("channel", "C0TEAM"),
        ("kind", "members"),
        ("members", "ada@example.com\r\ngrace@example.com"),
        ("owners", "ada@example.com"),
        ("min_active", "3"),
    ];
    form.extend(sections.map(|name| ("sections", name)));
    let answer = browser.send("/admin/team", &form).await;
    assert_eq!(answer.status(), 409);
    let page = answer.text().await.unwrap();
    assert!(page.contains("Boss changed time 09:00 → 10:00. What you changed is still here"), "{page}");
    assert!(page.contains("value=\"11:30\"") && page.contains("name=\"version\" value=\"3\""), "{page}");
    form[2] = ("version", "3");
    assert!(browser.send_and_follow("/admin/team", &form).await.contains("Saved."));
    let change = door.office.state().changes[0].1.clone();
    assert_eq!((change.time.as_deref(), change.channel, change.members), (Some("11:30"), None, None));
}
