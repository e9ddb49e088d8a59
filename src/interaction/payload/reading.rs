//! How foreign JSON is read: what is absent or odd is nothing, what names somebody is held to its form.

use super::By;
use crate::model::{ChannelId, MemberId, WorkspaceId};
use serde_json::Value;

/// Slack's ids have 9 to 12 letters today; those of envelopes and events a few more.
const LONGEST_ID: usize = 32;
/// Slack's limit for the ids and names that an app chooses.
const LONGEST_NAME: usize = 255;
/// Of words that are counted or logged.
const LONGEST_KIND: usize = 64;

/// Why something that Slack sent is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    #[error("it is no form, or no JSON, of Slack's")]
    Form,
    #[error("it lacks `{0}`")]
    Lacks(&'static str),
    #[error("`{0}` is no id of Slack's")]
    Id(&'static str),
    #[error("`{0}` is longer than Slack's are")]
    Long(&'static str),
}

/// A text that is not empty.
pub(super) fn text(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| !text.is_empty())
}

/// An id of Slack's where there is one.
///
/// # Errors
/// When something stands there that is none.
pub(super) fn id<'a>(value: &'a Value, name: &'static str) -> Result<Option<&'a str>, Malformed> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) if text.is_empty() => Ok(None),
        Value::String(text) => checked(text, name).map(Some),
        _ => Err(Malformed::Id(name)),
    }
}

/// `text`, which is an id of Slack's: letters, digits, `_` and `-`, and not many.
pub(super) fn checked<'a>(text: &'a str, name: &'static str) -> Result<&'a str, Malformed> {
    let fits = |letter: u8| letter.is_ascii_alphanumeric() || b"_-".contains(&letter);
    let fits = (1..=LONGEST_ID).contains(&text.len()) && text.bytes().all(fits);
    if fits { Ok(text) } else { Err(Malformed::Id(name)) }
}

/// The id of an event or a view, which names nothing but itself: Slack says nothing of its form.
pub(super) fn opaque(value: &Value, name: &'static str) -> Result<Option<String>, Malformed> {
    let Some(text) = text(value) else { return Ok(None) };
    let fits = text.len() <= LONGEST_NAME && text.bytes().all(|letter| letter.is_ascii_graphic());
    if fits { Ok(Some(text.to_owned())) } else { Err(Malformed::Id(name)) }
}

pub(super) fn member(value: &Value, name: &'static str) -> Result<MemberId, Malformed> {
    id(value, name)?.map(|id| MemberId(id.to_owned())).ok_or(Malformed::Lacks(name))
}

pub(super) fn channel(value: &Value, name: &'static str) -> Result<Option<ChannelId>, Malformed> {
    Ok(id(value, name)?.map(|id| ChannelId(id.to_owned())))
}

pub(super) fn workspace(value: &Value, name: &'static str) -> Result<Option<WorkspaceId>, Malformed> {
    Ok(id(value, name)?.map(|id| WorkspaceId(id.to_owned())))
}

/// A name that an app chose, as an action id; empty where there is none.
pub(super) fn chosen_name(value: &Value, name: &'static str) -> Result<String, Malformed> {
    let text = value.as_str().unwrap_or_default();
    if text.chars().count() > LONGEST_NAME { Err(Malformed::Long(name)) } else { Ok(text.to_owned()) }
}

/// When a message was posted, which is its name too: digits and a point.
pub(super) fn timestamp(value: &Value) -> Result<Option<String>, Malformed> {
    let Some(text) = text(value) else { return Ok(None) };
    let fits = text.len() <= LONGEST_ID && text.bytes().all(|letter| letter.is_ascii_digit() || letter == b'.');
    if fits { Ok(Some(text.to_owned())) } else { Err(Malformed::Id("ts")) }
}

/// The type of something, fit to be logged.
pub(super) fn kind(value: &Value) -> Result<String, Malformed> {
    let text = text(value).ok_or(Malformed::Lacks("type"))?;
    let fits = |letter: u8| matches!(letter, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.');
    if text.len() <= LONGEST_KIND && text.bytes().all(fits) { Ok(text.to_owned()) } else { Err(Malformed::Id("type")) }
}

/// A trigger; one that is too long opens nothing.
pub(super) fn trigger(text: Option<&str>) -> Option<String> {
    text.filter(|text| !text.is_empty() && text.len() <= LONGEST_NAME).map(str::to_owned)
}

/// Who did what an interaction tells of.
pub(super) fn by(payload: &Value, request: &str) -> Result<By, Malformed> {
    let (user, team) = (&payload["user"], &payload["team"]);
    let enterprise = id(&payload["enterprise"]["id"], "enterprise")?.or(id(&team["enterprise_id"], "enterprise")?);
    Ok(By {
        member: member(&user["id"], "user")?,
        member_of: workspace(&user["team_id"], "user.team_id")?,
        workspace: workspace(&team["id"], "team")?,
        enterprise: enterprise.map(str::to_owned),
        trigger: trigger(payload["trigger_id"].as_str()),
        request: request.to_owned(),
    })
}
