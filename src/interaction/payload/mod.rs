//! What Slack sends, read by types of our own: slack-morphism's lose values of time pickers, selects and radio buttons.

mod command;
mod element;
mod event;
mod form;
mod interaction;
mod read;
mod reading;

use crate::{
    model::{ChannelId, DeliveryId, MemberId, WorkspaceId},
    slack::ResponseUrl,
};
use serde_json::Value;
use std::collections::BTreeMap;

pub use read::{Body, Route, challenge_of, is_ssl_check};
pub use reading::Malformed;

/// One thing that Slack sent, by HTTP or Socket Mode.
#[derive(Debug, Clone, PartialEq)]
pub enum Inbound {
    Command(Command),
    Action(Action),
    Submission(Submission),
    Closed(Closed),
    Suggestion(Suggestion),
    Event(EventEnvelope),
    /// Of a type that Recap does not know: acknowledged, and ignored.
    Unknown(String),
}

/// Who did something, and where from.
#[derive(Debug, Clone, PartialEq)]
pub struct By {
    pub member: MemberId,
    /// The member's own workspace, where Slack says it: another one's people may click in a shared channel.
    pub member_of: Option<WorkspaceId>,
    /// The workspace that the request is for; none where an organisation-wide installation sends it.
    pub workspace: Option<WorkspaceId>,
    /// The organisation, in an Enterprise Grid.
    pub enterprise: Option<String>,
    /// Opens a modal, once and within three seconds.
    pub trigger: Option<String>,
    /// The same when the request is sent again: the signature of one by HTTP, the envelope's id of one by Socket Mode.
    pub request: String,
}

/// A slash command.
#[derive(Debug, Clone, PartialEq)]
pub struct Command {
    pub by: By,
    pub channel: Option<ChannelId>,
    /// Its name, as `/usage`.
    pub command: String,
    /// What was typed after it.
    pub text: String,
    pub respond: Option<ResponseUrl>,
}

/// A click or a choice (`block_actions`); each of the request's actions is one.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    pub by: By,
    pub action_id: String,
    pub block_id: String,
    pub chosen: Chosen,
    pub place: Place,
    pub respond: Option<ResponseUrl>,
}

/// The value of an element: of a button, a select, a picker, check boxes, an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chosen {
    Nothing,
    /// A button's `value`; a select's, radio's or overflow menu's option; a time, date or text; a conversation or person.
    One(String),
    /// Check boxes and multi-selects.
    Many(Vec<String>),
}

/// Where the element stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Place {
    Message {
        channel: ChannelId,
        ts: String,
        ephemeral: bool,
        /// As Slack shows it: text and blocks.
        text: String,
        blocks: Vec<Value>,
        /// The delivery in which Recap posted it.
        delivery: Option<DeliveryId>,
    },
    View(View),
}

/// A modal or an App Home, with what was filled in so far.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    pub id: String,
    pub hash: String,
    pub callback_id: String,
    /// What we put there. Slack signs it with the rest, yet it is checked like everything that was typed.
    pub private_metadata: String,
    /// Values by block and action id.
    pub state: State,
    /// `modal` or `home`.
    pub kind: String,
}

/// What was filled in, by block id and action id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State(pub BTreeMap<String, BTreeMap<String, Chosen>>);

impl State {
    /// The value of the element `action` in `block`; [`Chosen::Nothing`] where there is none.
    pub fn of(&self, block: &str, action: &str) -> &Chosen {
        self.0.get(block).and_then(|actions| actions.get(action)).unwrap_or(&Chosen::Nothing)
    }
}

impl Chosen {
    /// The one value; none where nothing, or nothing but blanks, was chosen.
    pub fn one(&self) -> Option<&str> {
        match self {
            Self::One(value) => Some(value.trim()).filter(|value| !value.is_empty()),
            Self::Nothing | Self::Many(_) => None,
        }
    }

    /// All values.
    pub fn many(&self) -> &[String] {
        match self {
            Self::Nothing => &[],
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

/// A modal that was sent off (`view_submission`).
#[derive(Debug, Clone, PartialEq)]
pub struct Submission {
    pub by: By,
    pub view: View,
}

/// A modal that was closed (`view_closed`).
#[derive(Debug, Clone, PartialEq)]
pub struct Closed {
    pub by: By,
    pub view: View,
}

/// An external select asks for its options (`block_suggestion`).
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    pub by: By,
    pub action_id: String,
    /// What was typed so far.
    pub typed: String,
}

/// An event (`event_callback`).
#[derive(Debug, Clone, PartialEq)]
pub struct EventEnvelope {
    /// The same when Slack sends it again.
    pub id: String,
    pub workspace: Option<WorkspaceId>,
    pub enterprise: Option<String>,
    pub event: Event,
}

/// What happened in the workspace.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    AppHomeOpened {
        member: MemberId,
        /// Their conversation with Recap.
        channel: Option<ChannelId>,
        /// `home` or `messages`.
        tab: String,
        /// The home as it stands, if it was published before.
        hash: Option<String>,
    },
    TokensRevoked,
    AppUninstalled,
    /// Archived, deleted, brought back, renamed, or shared with another workspace: it is looked at anew.
    ChannelChanged {
        channel: ChannelId,
    },
    /// Somebody left; Recap itself, where `member` is its bot.
    MemberLeft {
        channel: ChannelId,
        member: MemberId,
    },
    /// `user_change` and `team_join`: the user as Slack describes them.
    UserChanged(Value),
    /// A user group's people changed.
    UserGroupChanged {
        group: String,
    },
    Unknown(String),
}

#[cfg(test)]
mod tests;
