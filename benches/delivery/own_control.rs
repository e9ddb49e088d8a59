//! Recap's limiter against slack-morphism's own rate control, message by message on the same stand-in. Theirs knows
//! only the machine's clock, so both run by it, for as many messages as are bearable.

use super::{
    figures::Report,
    office::{self, Office, POST, TOKEN},
    pace::per_minute_of,
    people,
};
use futures::{StreamExt, stream};
use hyper_util::client::legacy::connect::HttpConnector;
use recap::{message::Message, standin::RateLimits};
use slack_morphism::{
    SlackApiToken, SlackApiTokenValue, SlackChannelId, SlackClient, SlackMessageContent,
    api::SlackApiChatPostMessageRequest, blocks::SlackBlock, hyper_tokio::SlackClientHyperConnector,
    prelude::SlackApiRateControlConfig,
};

const MESSAGES: u32 = 90;

/// Sends the same messages both ways.
pub async fn compare(report: &mut Report) {
    let office = Office::new(MESSAGES, true, 1.0).await;
    office.send(MESSAGES, RateLimits::SLACK).await;
    let (ours, ours_refused) = (per_minute_of(&office.slack.messages()), office.slack.limited(POST));
    office.slack.stop().await;
    let (theirs, theirs_refused) = with_own_control().await;
    report.tell(format!(
        "{MESSAGES} messages to as many people by the machine's clock: Recap {ours:.0} a minute ({ours_refused} answers \
         429), slack-morphism's own rate control {theirs:.0} ({theirs_refused})"
    ));
    report.at_least("messages a minute / with slack-morphism's own rate control", ours / theirs, 4.0);
}

async fn with_own_control() -> (f64, usize) {
    let slack = office::standin(MESSAGES).await;
    office::open_all(&slack, MESSAGES).await;
    slack.limit_rates(RateLimits::SLACK);
    let connector = SlackClientHyperConnector::with_connector(HttpConnector::new())
        .with_slack_api_url(&slack.api_url())
        .with_rate_control(SlackApiRateControlConfig::new().with_max_retries(3));
    let client = SlackClient::new(connector);
    let token = SlackApiToken::new(SlackApiTokenValue(TOKEN.to_owned())).with_team_id(people::WORKSPACE.into());
    let session = &client.open_session(&token);
    let message = &Message::from_json(&people::snapshot()).expect("a message");
    stream::iter(0..MESSAGES)
        .for_each_concurrent(None, async |number| {
            let blocks = message.blocks.iter().cloned().map(SlackBlock::Unknown).collect();
            let content = SlackMessageContent::new().with_text(message.text.clone()).with_blocks(blocks);
            let channel = SlackChannelId(format!("D{}", people::id(number)));
            session.chat_post_message(&SlackApiChatPostMessageRequest::new(channel, content)).await.expect("posted");
        })
        .await;
    let figures = (per_minute_of(&slack.messages()), slack.limited(POST));
    slack.stop().await;
    figures
}
