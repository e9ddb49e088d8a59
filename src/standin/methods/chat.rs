//! Messages: posted, updated, deleted, or shown to one person alone.

use super::{conversations::open_direct, limits};
use crate::standin::{
    call::Call,
    messages::{Accepted, Unchanged},
    refusal::{Answer, Refusal},
    state::{Conversation, State},
    workspace::{APP_ID, BOT_ID, BOT_USER},
};
use serde_json::{Value, json};

/// What a call wants to say, checked.
struct Content {
    text: String,
    blocks: Vec<Value>,
    metadata: Option<Value>,
}

impl Content {
    fn read(call: &Call) -> Result<Self, Refusal> {
        let text = call.text("text").unwrap_or_default();
        let blocks = match call.json("blocks", "invalid_blocks_format")? {
            None => Vec::new(),
            Some(Value::Array(blocks)) => blocks,
            Some(_) => return Err(Refusal::new("invalid_blocks_format")),
        };
        if text.trim().is_empty() && blocks.is_empty() {
            return Err(Refusal::new("no_text"));
        }
        limits::check(&text, &blocks)?;
        let metadata = call.json("metadata", "invalid_metadata_format")?;
        limits::check_metadata(metadata.as_ref())?;
        Ok(Self { text, blocks, metadata })
    }
}

pub(super) fn post_message(state: &mut State, call: &Call) -> Answer {
    let conversation = destination(state, call)?;
    let content = Content::read(call)?;
    let message = accept(state, &conversation, content, call.text("thread_ts"), None);
    let shown = shown(&message, &state.workspace().team_id, true);
    Ok(json!({ "channel": message.channel, "ts": message.ts, "message": shown }))
}

pub(super) fn post_ephemeral(state: &mut State, call: &Call) -> Answer {
    let user = call.required("user", "user_not_found")?;
    let conversation = destination(state, call)?;
    let person = state.person(&user).ok_or_else(|| Refusal::new("user_not_found"))?;
    if person.deleted || person.is_bot {
        return Err(Refusal::new("user_not_in_channel"));
    }
    let content = Content::read(call)?;
    let message = accept(state, &conversation, content, call.text("thread_ts"), Some(user));
    Ok(json!({ "message_ts": message.ts }))
}

pub(super) fn update(state: &mut State, call: &Call) -> Answer {
    let (channel, ts) = place(state, call)?;
    let content = Content::read(call)?;
    let (at, keeps_blocks) = (state.now(), state.keeps_blocks);
    let changed = state.messages.update(&channel, &ts, at, |message| {
        message.text = content.text;
        message.blocks = if keeps_blocks { content.blocks } else { Vec::new() };
        // Metadata that is not sent again stays as it was.
        message.metadata = content.metadata.or(message.metadata.take());
    });
    let message = changed.map_err(|why| unchanged(why, "cant_update_message"))?;
    let shown = shown(&message, &state.workspace().team_id, true);
    Ok(json!({ "channel": message.channel, "ts": message.ts, "text": message.text, "message": shown }))
}

pub(super) fn delete(state: &mut State, call: &Call) -> Answer {
    let (channel, ts) = place(state, call)?;
    let deleted = state.messages.delete(&channel, &ts);
    let message = deleted.map_err(|why| unchanged(why, "cant_delete_message"))?;
    Ok(json!({ "channel": message.channel, "ts": message.ts }))
}

/// Where the message stands that is to be changed. Slack wants the id of a conversation here, and no channel that is
/// archived.
fn place(state: &State, call: &Call) -> Result<(String, String), Refusal> {
    let (channel, ts) = (call.required("channel", "channel_not_found")?, call.required("ts", "message_not_found")?);
    let conversation = state.conversation(&channel).filter(|conversation| conversation.id() == channel);
    match conversation.ok_or_else(|| Refusal::new("channel_not_found"))? {
        Conversation::Channel(channel) if channel.is_private && !channel.recap_is_member => {
            Err(Refusal::new("channel_not_found"))
        }
        Conversation::Channel(channel) if channel.is_archived => Err(Refusal::new("is_inactive")),
        conversation => Ok((conversation.id().to_owned(), ts)),
    }
}

fn unchanged(why: Unchanged, not_ours: &str) -> Refusal {
    Refusal::new(match why {
        Unchanged::NotFound => "message_not_found",
        Unchanged::NotOurs => not_ours,
    })
}

/// Where a message may go: a person's id opens the direct conversation, as Slack does it.
fn destination(state: &mut State, call: &Call) -> Result<Conversation, Refusal> {
    let name = call.required("channel", "channel_not_found")?;
    let name = if state.person(&name).is_some() { open_direct(state, &name)?.0 } else { name };
    let conversation = state.conversation(&name).ok_or_else(|| Refusal::new("channel_not_found"))?;
    match &conversation {
        // Slack has been seen to accept these (python-slack-sdk issue 1156); refused here, because Recap must never
        // send one.
        Conversation::Direct { person, .. } if person.deleted => return Err(Refusal::new("user_disabled")),
        Conversation::Channel(channel) if channel.is_archived => return Err(Refusal::new("is_archived")),
        Conversation::Channel(channel) if !channel.recap_is_member && channel.is_private => {
            return Err(Refusal::new("channel_not_found"));
        }
        Conversation::Channel(channel) if !channel.recap_is_member && state.need("chat:write.public").is_err() => {
            return Err(Refusal::new("not_in_channel"));
        }
        _ => {}
    }
    Ok(conversation)
}

fn accept(
    state: &mut State,
    conversation: &Conversation,
    content: Content,
    thread_ts: Option<String>,
    only_for: Option<String>,
) -> Accepted {
    let at = state.now();
    let message = Accepted {
        text: content.text,
        blocks: if state.keeps_blocks { content.blocks } else { Vec::new() },
        metadata: content.metadata,
        thread_ts,
        only_for,
        ..Accepted::new(conversation.id().to_owned(), state.messages.next_ts(at), at)
    };
    state.messages.push(message.clone());
    message
}

/// A message as Slack returns it.
pub(in crate::standin) fn shown(message: &Accepted, team_id: &str, with_metadata: bool) -> Value {
    if let Some(person) = &message.by {
        return json!({ "type": "message", "user": person, "team": team_id, "text": message.text, "ts": message.ts });
    }
    let mut shown = json!({
        "type": "message",
        "user": BOT_USER,
        "bot_id": BOT_ID,
        "app_id": APP_ID,
        "team": team_id,
        "text": message.text,
        "ts": message.ts,
        "bot_profile": {
            "id": BOT_ID,
            "app_id": APP_ID,
            "user_id": BOT_USER,
            "name": "Recap",
            "deleted": false,
            "updated": 1_700_000_000,
            "team_id": team_id,
        },
    });
    if !message.blocks.is_empty() {
        shown["blocks"] = json!(message.blocks);
    }
    if let Some(thread) = &message.thread_ts {
        shown["thread_ts"] = json!(thread);
    }
    if message.edited {
        shown["edited"] = json!({ "user": BOT_USER, "ts": message.ts });
    }
    if let Some(metadata) = message.metadata.as_ref().filter(|_| with_metadata) {
        shown["metadata"] = metadata.clone();
    }
    shown
}
