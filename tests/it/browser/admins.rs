//! An admin's way on Recap's own page: sign in, choose a channel, preview a team's summary, enable it, look at the ledger.

use super::{ADMIN_TOKEN, monday};

#[tokio::test]
async fn an_admin_previews_and_enables_a_team_on_the_page_and_sees_what_was_sent() {
    let mut stage = monday().await;
    let admin = stage.admin.clone();
    stage.browser.open(&format!("{admin}/admin/sign-in")).await;
    stage.looks("sign-in").await;
    stage.browser.fill("#token", ADMIN_TOKEN).await;
    stage.browser.key("Enter").await;
    stage.browser.wait_for_text("Signed in as grace").await;
    stage.looks("admin").await;

    stage.browser.open(&format!("{admin}/admin/team?name=platform")).await;
    stage.browser.wait_for_text("platform").await;
    stage.looks("team").await;
    stage.browser.fill("#channel", "C0OLD").await;
    stage.browser.key("Enter").await;
    stage.browser.wait_for_text("archived").await;
    stage.browser.fill("#channel", "C0PLAT").await;
    stage.browser.key("Enter").await;
    stage.browser.wait_for("document.querySelector('[role=status]')").await;

    stage.browser.open(&format!("{admin}/admin/team/preview?name=platform")).await;
    stage.browser.wait_for_text("Claude Code weekly").await;
    stage.looks("team-preview").await;
    stage.browser.click("button[name=do][value=enable], button[name=do][value=on]").await;
    stage.browser.wait_for("document.querySelector('[role=status]')").await;

    stage.app.lists.step(stage.app.clock.now()).await.unwrap();
    stage.at("2026-09-14T09:00:05Z").await;
    assert_eq!(stage.app.slack.messages_in("C0PLAT").len(), 1, "{:?}", stage.app.team_outcome("platform").await);
    stage.browser.open(&format!("{admin}/admin/deliveries")).await;
    stage.browser.wait_for_text("platform").await;
    stage.looks("deliveries").await;
    // The form with the archived channel came back as 422, of which a browser tells too.
    let complaints: Vec<_> = stage.browser.complaints().iter().filter(|line| !line.contains("422")).collect();
    assert!(complaints.is_empty(), "the policy forbids nothing that the page needs: {complaints:?}");
}
