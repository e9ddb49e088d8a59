//! The invitation to a channel: chosen, looked at, and only then posted.

use super::{
    super::waiting::{Outcome, Place, fill, show},
    Metadata, actor,
};
use crate::{
    admin::{self, Invitation},
    interaction::{
        View, home,
        view::{Modal, actions, channels, context, divider, held, notice, section},
    },
    message::figures::foreign,
    model::ChannelId,
    store::MemberRecord,
    workspace::Workspace,
};
use serde_json::{Value, json};

pub(super) const CALLBACK: &str = "admin_invite";
pub(super) const TITLE: &str = "Invite a channel";
pub(super) const CHANNEL: &str = "admin_invite_channel";

/// Opens the choice of the channel.
pub(in crate::interaction) async fn open(workspace: &Workspace, member: &MemberRecord, trigger: &str) {
    let _ = member;
    show(workspace, trigger, Place::Alone, &begun(None).json()).await;
}

/// Shows what would be posted to the channel, or why nothing can be.
pub(super) async fn channel_chosen(workspace: &Workspace, member: &MemberRecord, view: &str, channel: &str) {
    let channel = ChannelId(channel.to_owned());
    let shown = match admin::invitation(workspace, &actor(member), &channel).await {
        Ok(invitation) => previewed(&invitation),
        Err(error) => {
            home::log_admin(&error);
            begun(Some(&channel)).block(section(&super::words(&error))).json()
        }
    };
    fill(workspace, view, &shown).await;
}

/// Posts what was shown.
pub(super) async fn submitted(workspace: &Workspace, member: &MemberRecord, view: &View) -> Outcome {
    let shown = Metadata::read(&view.private_metadata).channel;
    let chosen = view.state.of(CHANNEL, CHANNEL).one();
    let Some(channel) = shown.filter(|shown| chosen.is_none_or(|chosen| chosen == shown)) else {
        return Outcome::Show(notice(
            TITLE,
            &["Choose a channel and look at the invitation first. Nothing was posted."],
        ));
    };
    Outcome::Show(match admin::invite(workspace, &actor(member), &ChannelId(channel)).await {
        Ok(posted) if posted.again => notice(TITLE, &["It was already posted today. Nothing more is posted."]),
        Ok(_) => notice(TITLE, &["The invitation is on its way to the channel."]),
        Err(error) => {
            home::log_admin(&error);
            notice(TITLE, &[&super::words(&error)])
        }
    })
}

fn begun(channel: Option<&ChannelId>) -> Modal {
    let mut select = channels(channel.map(|channel| channel.0.as_str()));
    select["action_id"] = json!(CHANNEL);
    select["placeholder"] = crate::interaction::view::plain("Choose a channel", 150);
    let mut row = actions(vec![select]);
    row["block_id"] = json!(CHANNEL);
    Modal::new(CALLBACK, TITLE)
        .block(section(
            "One message in a channel says what Recap is and has two buttons: to get a daily digest, and to see one's own \
             numbers. Nobody is subscribed by it.",
        ))
        .block(row)
}

fn previewed(invitation: &Invitation) -> Value {
    let metadata = Metadata { channel: Some(invitation.channel.0.clone()), ..Metadata::default() };
    let name = foreign(&invitation.channel_name);
    let modal = begun(Some(&invitation.channel)).metadata(metadata.write());
    if invitation.posted_today {
        let words = format!("It was already posted in #{name} today.");
        return modal.block(divider()).blocks(held(&invitation.message)).block(divider()).block(context(&words)).json();
    }
    let words = if invitation.posted {
        format!("An invitation stands in #{name} already. Post adds another one.")
    } else {
        format!("With Post it goes to #{name}.")
    };
    modal
        .submit("Post")
        .block(divider())
        .blocks(held(&invitation.message))
        .block(divider())
        .block(context(&words))
        .json()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Message, lint};

    #[test]
    fn an_invitation_can_be_posted_only_once_it_is_shown() {
        let first = begun(None).json();
        assert_eq!((lint::view_faults(&first), first.get("submit")), (Vec::new(), None));
        let block = json!({"type": "section", "text": {"type": "plain_text", "text": "Get your own digest."}});
        let message = Message { text: "Hello.".to_owned(), blocks: vec![block] };
        let channel = ChannelId("C1".to_owned());
        let invitation =
            Invitation { channel, channel_name: "x".repeat(500), message, posted: true, posted_today: false };
        let shown = previewed(&invitation);
        assert_eq!(lint::view_faults(&shown), []);
        assert_eq!(shown["submit"]["text"], "Post");
        assert_eq!(Metadata::read(shown["private_metadata"].as_str().unwrap()).channel.as_deref(), Some("C1"));
        let today = previewed(&Invitation { posted_today: true, ..invitation });
        assert_eq!((lint::view_faults(&today), today.get("submit")), (Vec::new(), None));
        assert!(today.to_string().contains("already posted"), "{today}");
    }
}
