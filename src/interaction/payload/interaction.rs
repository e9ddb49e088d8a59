//! Clicks, choices, modals sent off or closed, and options asked for.

use super::{Action, Closed, Inbound, Malformed, Place, Submission, Suggestion, View, element, reading};
use crate::{model::DeliveryId, slack::Client};
use serde_json::Value;

/// No surface of Slack's has more elements.
const MOST_ACTIONS: usize = 100;

/// Reads an interaction; of a `block_actions` each of its actions.
///
/// # Errors
/// When something is lacking, or an id is none of Slack's.
pub(super) fn read(payload: &Value, request: &str, client: &Client) -> Result<Vec<Inbound>, Malformed> {
    let kind = reading::kind(&payload["type"])?;
    let one = match kind.as_str() {
        "block_actions" => return actions(payload, request, client),
        "view_submission" => {
            Inbound::Submission(Submission { by: reading::by(payload, request)?, view: view(&payload["view"])? })
        }
        "view_closed" => Inbound::Closed(Closed { by: reading::by(payload, request)?, view: view(&payload["view"])? }),
        "block_suggestion" => Inbound::Suggestion(Suggestion {
            by: reading::by(payload, request)?,
            action_id: reading::chosen_name(&payload["action_id"], "action_id")?,
            typed: payload["value"].as_str().unwrap_or_default().to_owned(),
        }),
        _ => Inbound::Unknown(kind),
    };
    Ok(vec![one])
}

fn actions(payload: &Value, request: &str, client: &Client) -> Result<Vec<Inbound>, Malformed> {
    let actions = payload["actions"].as_array().ok_or(Malformed::Lacks("actions"))?;
    if actions.len() > MOST_ACTIONS {
        return Err(Malformed::Long("actions"));
    }
    let by = reading::by(payload, request)?;
    let Some(place) = place(payload)? else { return Ok(vec![Inbound::Unknown("block_actions".to_owned())]) };
    let respond = reading::text(&payload["response_url"]).and_then(|text| client.response_url(text));
    let read = |action: &Value| {
        Ok(Inbound::Action(Action {
            by: by.clone(),
            action_id: reading::chosen_name(&action["action_id"], "action_id")?,
            block_id: reading::chosen_name(&action["block_id"], "block_id")?,
            chosen: element::chosen(action)?,
            place: place.clone(),
            respond: respond.clone(),
        }))
    };
    actions.iter().map(read).collect()
}

/// Where it happened; none where Slack names neither a view nor a message.
fn place(payload: &Value) -> Result<Option<Place>, Malformed> {
    if payload["view"].is_object() {
        return Ok(Some(Place::View(view(&payload["view"])?)));
    }
    let (container, message) = (&payload["container"], &payload["message"]);
    let of_channel = reading::channel(&payload["channel"]["id"], "channel")?;
    let of_container = reading::channel(&container["channel_id"], "channel_id")?;
    let ts = reading::timestamp(&message["ts"])?.or(reading::timestamp(&container["message_ts"])?);
    let (Some(channel), Some(ts)) = (of_channel.or(of_container), ts) else { return Ok(None) };
    let delivery = &message["metadata"]["event_payload"]["delivery_id"];
    Ok(Some(Place::Message {
        channel,
        ts,
        ephemeral: container["is_ephemeral"].as_bool().unwrap_or(false),
        text: message["text"].as_str().unwrap_or_default().to_owned(),
        blocks: message["blocks"].as_array().cloned().unwrap_or_default(),
        delivery: reading::opaque(delivery, "delivery_id")?.map(DeliveryId),
    }))
}

fn view(view: &Value) -> Result<View, Malformed> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Ok(View {
        id: reading::opaque(&view["id"], "view.id")?.ok_or(Malformed::Lacks("view"))?,
        hash: reading::chosen_name(&view["hash"], "hash")?,
        callback_id: reading::chosen_name(&view["callback_id"], "callback_id")?,
        private_metadata: text(&view["private_metadata"]),
        state: element::state(&view["state"]["values"])?,
        kind: text(&view["type"]),
    })
}
