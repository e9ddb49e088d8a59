//! Conversations: opening direct ones, what a channel is, and its history.

use super::{chat::shown, cursor};
use crate::standin::{
    call::Call,
    messages::{Accepted, microseconds},
    refusal::{Answer, Refusal},
    state::{Conversation, State},
    workspace::BOT_USER,
};
use serde_json::json;

/// Slack's default and largest page of history.
const PAGE: usize = 100;
const LARGEST_PAGE: usize = 999;

pub(super) fn open(state: &mut State, call: &Call) -> Answer {
    let person = match (call.text("users"), call.text("channel")) {
        (Some(users), None) if users.contains(',') => {
            return Err(Refusal::new("method_not_supported_for_channel_type"));
        }
        (Some(user), None) => user,
        (None, Some(channel)) => match state.messages.person_of(&channel) {
            Some(person) => person.to_owned(),
            None => return Err(Refusal::new("channel_not_found")),
        },
        (None, None) => return Err(Refusal::new("users_list_not_supplied")),
        (Some(_), Some(_)) => return Err(Refusal::new("invalid_arguments")),
    };
    let (id, known) = open_direct(state, &person)?;
    let mut channel = json!({ "id": id });
    if call.flag("return_im") {
        channel = json!({ "id": id, "created": 1_700_000_000, "is_im": true, "is_org_shared": false, "user": person });
    }
    let mut answer = json!({ "channel": channel });
    if known {
        answer["no_op"] = json!(true);
        answer["already_open"] = json!(true);
    }
    Ok(answer)
}

/// Opens the direct conversation with a person, and says whether it was open before.
pub(super) fn open_direct(state: &mut State, id: &str) -> Result<(String, bool), Refusal> {
    let person = state.person(id).ok_or_else(|| Refusal::new("user_not_found"))?;
    if person.is_bot || person.id == "USLACKBOT" {
        return Err(Refusal::new("cannot_dm_bot"));
    }
    if person.deleted {
        return Err(Refusal::new("user_disabled"));
    }
    Ok(state.messages.open_direct(id))
}

pub(super) fn info(state: &mut State, call: &Call) -> Answer {
    let name = call.required("channel", "channel_not_found")?;
    let conversation = state.conversation(&name).ok_or_else(|| Refusal::new("channel_not_found"))?;
    let channel = match conversation {
        Conversation::Direct { id, person } => {
            state.need("im:read")?;
            json!({ "id": id, "created": 1_700_000_000, "is_im": true, "user": person.id, "is_user_deleted": person.deleted })
        }
        Conversation::Channel(channel) => {
            state.need(if channel.is_private { "groups:read" } else { "channels:read" })?;
            if channel.is_private && !channel.recap_is_member {
                return Err(Refusal::new("channel_not_found"));
            }
            json!({
                "id": channel.id,
                "name": channel.name,
                "name_normalized": channel.name,
                "created": 1_700_000_000,
                "creator": BOT_USER,
                "is_channel": !channel.is_private,
                "is_group": channel.is_private,
                "is_im": false,
                "is_mpim": false,
                "is_private": channel.is_private,
                "is_archived": channel.is_archived,
                "is_general": false,
                "is_shared": channel.is_ext_shared,
                "is_org_shared": false,
                "is_ext_shared": channel.is_ext_shared,
                "is_pending_ext_shared": channel.is_pending_ext_shared,
                "pending_shared": if channel.is_pending_ext_shared { json!(["T0OTHER"]) } else { json!([]) },
                "pending_connected_team_ids": [],
                "is_member": channel.recap_is_member,
                "topic": { "value": "", "creator": "", "last_set": 0 },
                "purpose": { "value": "", "creator": "", "last_set": 0 },
            })
        }
    };
    Ok(json!({ "channel": channel }))
}

pub(super) fn history(state: &mut State, call: &Call) -> Answer {
    let name = call.required("channel", "channel_not_found")?;
    let conversation = state.conversation(&name).ok_or_else(|| Refusal::new("channel_not_found"))?;
    may_read(state, &conversation)?;
    let size = match call.limit()? {
        None => PAGE,
        Some(limit) if (1..=LARGEST_PAGE).contains(&limit) => limit,
        Some(_) => return Err(Refusal::new("invalid_limit")),
    };
    let span = Span::read(call)?;
    let until = state.shown_until();
    let mut found = state
        .messages
        .of(conversation.id())
        .rev()
        .filter(|message| !message.deleted && message.only_for.is_none() && message.thread_ts.is_none())
        .filter(|message| span.holds(message) && message.at <= until);
    let with_metadata = call.flag("include_all_metadata");
    let team_id = &state.workspace().team_id;
    let page: Vec<_> = found.by_ref().take(size).map(|message| shown(message, team_id, with_metadata)).collect();
    let next = found.next().and_then(|message| microseconds(&message.ts));
    let mut answer = json!({ "messages": page, "has_more": next.is_some(), "pin_count": 0 });
    if let Some(next) = next {
        answer["response_metadata"] = json!({ "next_cursor": cursor::write("next_ts", &next.to_string()) });
    }
    Ok(answer)
}

fn may_read(state: &State, conversation: &Conversation) -> Result<(), Refusal> {
    match conversation {
        Conversation::Direct { .. } => state.need("im:history"),
        Conversation::Channel(channel) => {
            state.need(if channel.is_private { "groups:history" } else { "channels:history" })?;
            if channel.recap_is_member { Ok(()) } else { Err(Refusal::new("not_in_channel")) }
        }
    }
}

/// The part of a history that was asked for, in microseconds, both ends included.
struct Span {
    first: i64,
    last: i64,
}

impl Span {
    fn read(call: &Call) -> Result<Self, Refusal> {
        let edge = |name: &str, code: &str| -> Result<Option<i64>, Refusal> {
            let text = call.text(name);
            text.map(|text| microseconds(&text).ok_or_else(|| Refusal::new(code))).transpose()
        };
        let outside = i64::from(!call.flag("inclusive"));
        // `oldest=0` is the default and leaves nothing out.
        let first = edge("oldest", "invalid_ts_oldest")?.filter(|oldest| *oldest > 0).map_or(0, |ts| ts + outside);
        let mut last = edge("latest", "invalid_ts_latest")?.map_or(i64::MAX, |ts| ts - outside);
        if let Some(cursor) = call.text("cursor") {
            let next = cursor::read("next_ts", &cursor).and_then(|ts| ts.parse::<i64>().ok());
            last = last.min(next.ok_or_else(|| Refusal::new("invalid_cursor"))?);
        }
        Ok(Self { first, last })
    }

    fn holds(&self, message: &Accepted) -> bool {
        microseconds(&message.ts).is_some_and(|ts| (self.first..=self.last).contains(&ts))
    }
}
