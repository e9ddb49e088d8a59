//! One message to one person now: everything that can fail without posting comes before the post.

use super::{Client, Member, PostError, Posted, SlackError, Status, hint};
use crate::{
    message::Message,
    model::{ChannelId, MemberEmail},
};

/// A message that Slack accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    pub posted: Posted,
    pub delivery_id: String,
    /// Whether the fallback was posted, because Slack refused the message's form.
    pub degraded: bool,
}

/// Why nothing, or nothing for certain, was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    #[error("nobody in the Slack workspace has the address `{email}`")]
    NoSuchMember { email: MemberEmail },
    #[error("`{email}` {}, so nothing was sent", describe(*status))]
    NotAddressable { email: MemberEmail, status: Status },
    #[error(transparent)]
    Slack(#[from] SlackError),
    #[error(transparent)]
    Post(#[from] PostError),
}

impl SendError {
    /// What the reader can do.
    pub fn hint(&self) -> String {
        match self {
            Self::NoSuchMember { .. } => hint::for_code("users_not_found"),
            Self::NotAddressable { .. } => "choose a full, active member of the workspace".to_owned(),
            Self::Slack(error) => error.hint(),
            Self::Post(error) => error.hint(),
        }
    }
}

fn describe(status: Status) -> &'static str {
    match status {
        Status::Active => "is an active member",
        Status::Deactivated => "is deactivated in Slack",
        Status::Bot => "is a bot",
        Status::Guest => "is a guest",
        Status::OtherWorkspace => "belongs to another workspace",
    }
}

/// An id for one delivery: 128 random bits that say nothing.
pub fn new_delivery_id() -> String {
    format!("{:032x}", rand::random::<u128>())
}

/// The active member with this address; sends nothing.
pub async fn addressee(client: &Client, email: &MemberEmail) -> Result<Member, SendError> {
    match client.member_by_email(email).await? {
        None => Err(SendError::NoSuchMember { email: email.clone() }),
        Some(member) if member.status == Status::Active => Ok(member),
        Some(member) => Err(SendError::NotAddressable { email: email.clone(), status: member.status }),
    }
}

/// Posts to a member found by [`addressee`]; where Slack refuses the form of `message`, posts `fallback`, once.
pub async fn send(
    client: &Client,
    member: &Member,
    message: &Message,
    fallback: Option<&Message>,
) -> Result<Sent, SendError> {
    let channel = client.open_dm(&member.id).await?;
    send_to_channel(client, &channel, message, fallback).await
}

/// The same to a conversation.
pub async fn send_to_channel(
    client: &Client,
    channel: &ChannelId,
    message: &Message,
    fallback: Option<&Message>,
) -> Result<Sent, SendError> {
    let delivery_id = new_delivery_id();
    match (client.post(channel, message, &delivery_id).await, fallback) {
        (Err(PostError::Content { code }), Some(fallback)) => {
            tracing::warn!(
                slack.code = code,
                delivery.id = delivery_id,
                "Slack refused the form, sending plain sections"
            );
            let posted = client.post(channel, fallback, &delivery_id).await?;
            Ok(Sent { posted, delivery_id, degraded: true })
        }
        (outcome, _) => Ok(Sent { posted: outcome?, delivery_id, degraded: false }),
    }
}

/// Looks the member up and sends to them: [`addressee`], then [`send`].
pub async fn send_to_member(
    client: &Client,
    email: &MemberEmail,
    message: &Message,
    fallback: Option<&Message>,
) -> Result<Sent, SendError> {
    let member = addressee(client, email).await?;
    send(client, &member, message, fallback).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delivery_ids_are_opaque_and_differ() {
        let (one, other) = (new_delivery_id(), new_delivery_id());
        assert_ne!(one, other);
        assert!(one.len() == 32 && one.chars().all(|letter| letter.is_ascii_hexdigit()), "{one}");
    }
}
