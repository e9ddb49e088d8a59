//! A member's way: opt in, preview and enable (the admin), receive, pause, opt out.

use super::{Stage, monday};
use recap::store::ConsentKind;

/// How many deliveries Ada was sent; answers to her clicks are none.
fn digests(stage: &Stage) -> usize {
    stage.app.slack.messages_to("U0ADA").iter().filter(|message| message.metadata.is_some()).count()
}

#[tokio::test]
async fn a_member_opts_in_is_sent_a_digest_pauses_and_opts_out() {
    let mut stage = monday().await;

    stage.be("U0ADA", "").await;
    stage.types("/usage").await;
    stage.browser.wait_for_text("Only visible to you").await;
    stage.browser.wait_for_element("button[data-action-id=usage_get_digest]").await;
    stage.looks("usage").await;
    stage.browser.click("button[data-action-id=usage_get_digest]").await;
    stage.browser.wait_for_element("button[data-action-id=usage_name_me]").await;
    stage.looks("opted-in").await;

    stage.be("U0GRACE", "home").await;
    stage.browser.wait_for_element("button[data-action-id=home_daily_preview]").await;
    stage.looks("home-admin").await;
    stage.browser.click("button[data-action-id=home_daily_preview]").await;
    stage.browser.wait_for_element("dialog button[type=submit]").await;
    stage.looks("preview-daily").await;
    stage.browser.click("dialog button[type=submit]").await;
    stage.browser.wait_for_text("It is enabled. Who chose no other time gets it:").await;
    stage.browser.key("Escape").await;
    stage.browser.wait_for("!document.querySelector('#modal dialog')").await;
    stage.browser.wait_for_text("Enabled, with 1 subscribed").await;

    stage.at("2026-09-14T09:00:05Z").await;
    stage.be("U0ADA", "").await;
    stage.browser.wait_for_text("Your Claude Code Daily Digest").await;
    assert_eq!(digests(&stage), 1);
    stage.looks("digest").await;
    stage.browser.click("button[data-action-id=digest_settings]").await;
    stage.browser.wait_for_element("dialog[open] button[type=submit]").await;
    stage.looks("preferences").await;
    stage.browser.key("Escape").await;
    stage.browser.wait_for("!document.querySelector('#modal dialog')").await;
    stage.browser.click("details.menu summary").await;
    stage.browser.click("details.menu button[data-value=pause_week]").await;
    stage.browser.wait_for_element("button[data-action-id=usage_resume]").await;
    stage.looks("paused").await;

    stage.at("2026-09-15T09:00:05Z").await;
    assert_eq!(digests(&stage), 1, "nothing comes in a pause");
    stage.be("U0ADA", "home").await;
    stage.browser.wait_for_text("Paused until").await;
    stage.looks("home").await;
    stage.browser.click("button[data-action-id=home_off]").await;
    stage.browser.wait_for_element("button[data-action-id=home_on]").await;

    let ada = recap::model::MemberId("U0ADA".into());
    let consents = stage.app.store.consents_of(&ada).await.unwrap();
    assert_eq!(consents.digest.unwrap().kind, ConsentKind::OptOut);
    stage.at("2026-09-22T09:00:05Z").await;
    assert_eq!(digests(&stage), 1, "nor after an opt-out");
    assert_eq!(stage.browser.complaints(), [] as [String; 0]);
}
