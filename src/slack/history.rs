//! Looking for a message again: whether a delivery of unknown outcome stands in its conversation.

use super::{Client, DELIVERY_EVENT, Posted, SlackError, error::CallError};
use crate::model::ChannelId;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashSet;

/// Messages asked for at once: an app that is distributed outside of Slack's Marketplace gets no more.
const PAGE_SIZE: &str = "15";

/// The longest name of a next page that is believed; Slack's are some dozen letters.
const LONGEST_CURSOR: usize = 1_000;

const HISTORY: &str = "conversations.history";

/// Messages stay raw: one odd message, or a number in the metadata of another app, must not hide the others.
#[derive(Deserialize)]
struct History {
    messages: Vec<Value>,
    #[serde(default)]
    has_more: Value,
    #[serde(default)]
    response_metadata: Value,
}

impl Client {
    /// The message in `channel` that carries `delivery_id`, not older than `oldest`; `None` where the history was read
    /// to its end and holds none.
    ///
    /// The id alone decides, whichever app's the message seems to be: nobody can know it before Slack has shown the
    /// message that it was made for, so even a copy of it proves that this one arrived.
    ///
    /// # Errors
    /// When the history cannot be read: see [`SlackError::is_for_good`] for whether trying again can help. More than
    /// `most_pages` pages, and pages that do not lead to an end, are [`SlackError::Unreadable`].
    pub async fn find_delivery(
        &self,
        channel: &ChannelId,
        delivery_id: &str,
        oldest: DateTime<Utc>,
        most_pages: u32,
    ) -> Result<Option<Posted>, SlackError> {
        let oldest = format!("{}.{:06}", oldest.timestamp(), oldest.timestamp_subsec_micros());
        let mut seen = HashSet::new();
        let mut cursor: Option<String> = None;
        for _ in 0..most_pages {
            let history = self.history(channel, &oldest, cursor.as_deref()).await?;
            if let Some(ts) = history.messages.iter().find_map(|message| ts_of_delivery(message, delivery_id)) {
                return Ok(Some(Posted { channel: channel.clone(), ts: ts.to_owned() }));
            }
            match history.next()? {
                None => return Ok(None),
                Some(next) if seen.insert(next.clone()) => cursor = Some(next),
                Some(_) => return Err(unreadable("its pages go round in a circle")),
            }
        }
        Err(unreadable("it has too many pages"))
    }

    async fn history(&self, channel: &ChannelId, oldest: &str, cursor: Option<&str>) -> Result<History, SlackError> {
        let mut parameters = vec![
            ("channel", channel.0.as_str()),
            ("oldest", oldest),
            ("inclusive", "true"),
            ("include_all_metadata", "true"),
            ("limit", PAGE_SIZE),
        ];
        parameters.extend(cursor.map(|cursor| ("cursor", cursor)));
        self.get(HISTORY, &parameters).await.map_err(|error| match error {
            // A proxy's page in place of Slack's answer comes and goes.
            CallError::Status(_) | CallError::Unreadable { .. } => {
                SlackError::Later { method: HISTORY, what: error.to_string(), retry_after: None, limited: false }
            }
            error => SlackError::of(HISTORY, error),
        })
    }
}

impl History {
    /// The name of the page of older messages, where there is one.
    fn next(&self) -> Result<Option<String>, SlackError> {
        let cursor = self.response_metadata["next_cursor"].as_str().filter(|cursor| !cursor.is_empty());
        match cursor {
            Some(cursor) if cursor.len() > LONGEST_CURSOR => Err(unreadable("the name of its next page is too long")),
            Some(cursor) => Ok(Some(cursor.to_owned())),
            None if self.has_more == Value::Bool(true) => Err(unreadable("it does not name its next page")),
            None => Ok(None),
        }
    }
}

fn ts_of_delivery<'a>(message: &'a Value, delivery_id: &str) -> Option<&'a str> {
    let metadata = &message["metadata"];
    let fits = metadata["event_type"] == DELIVERY_EVENT && metadata["event_payload"]["delivery_id"] == delivery_id;
    message["ts"].as_str().filter(|ts| fits && !ts.is_empty())
}

fn unreadable(what: &str) -> SlackError {
    SlackError::Unreadable { method: HISTORY, what: what.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_the_deliverys_own_id_in_a_delivery_event_counts() {
        let message = |event: &str, id: Value| json!({ "ts": "1.2", "metadata": { "event_type": event, "event_payload": { "delivery_id": id } } });
        assert_eq!(ts_of_delivery(&message("recap_delivery", json!("a")), "a"), Some("1.2"));
        for other in [
            message("recap_delivery", json!("b")),
            message("recap_delivery", json!(7)),
            message("another_event", json!("a")),
            json!({ "ts": "1.2", "text": "a" }),
            json!({ "ts": 7, "metadata": "a" }),
            json!(null),
        ] {
            assert_eq!(ts_of_delivery(&other, "a"), None, "{other}");
        }
    }

    #[test]
    fn a_page_that_promises_more_names_it() {
        let page = |page: Value| serde_json::from_value::<History>(page).unwrap().next();
        assert_eq!(page(json!({ "messages": [] })), Ok(None));
        assert_eq!(page(json!({ "messages": [], "response_metadata": { "next_cursor": "" } })), Ok(None));
        let more = json!({ "messages": [], "has_more": true, "response_metadata": { "next_cursor": "n" } });
        assert_eq!(page(more), Ok(Some("n".to_owned())));
        let nameless = page(json!({ "messages": [], "has_more": true, "response_metadata": null }));
        assert!(matches!(nameless, Err(SlackError::Unreadable { .. })));
    }
}
