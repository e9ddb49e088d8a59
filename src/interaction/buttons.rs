//! Buttons in messages: of digests, summaries, invitations, notices and answers.

mod digests;
mod edit;
mod resolve;

use super::{
    Action, Place, Reply,
    command::{naming, on, today},
    modals,
    saying::{Destination, Pace, Trouble, give, plain},
};
use crate::{
    message::Message,
    personal::{self, Surface},
    slack::Response,
    store::MemberRecord,
    team::{Revealed, reveal},
    workspace::Workspace,
};
use edit::{BUTTONS, edited};
use tokio_util::sync::CancellationToken;

/// How the action ids begin that are answered here.
pub(super) const PREFIXES: [&str; 5] = ["digest_", "weekly_", "resolve_", "usage_", "invite_"];

/// Acts, and updates the message.
pub(super) async fn act(workspace: &Workspace, action: Action) -> Reply {
    let to = Destination {
        respond: action.respond.clone(),
        place: Some(action.place.clone()),
        who: action.by.member.clone(),
        heard: CancellationToken::new(),
    };
    let pace = pace(&action.action_id);
    let (of_work, back) = (workspace.clone(), to.clone());
    let work = async move {
        let pressed = pressed(&of_work, &action, &back).await;
        pressed.unwrap_or_else(|trouble| Some(Response::Ephemeral(trouble.told())))
    };
    give(workspace, to, pace, Box::pin(work)).await
}

/// Nothing is said where a modal opens, or nobody knows what was clicked.
fn pace(action_id: &str) -> Pace {
    match action_id {
        "digest_more" | "usage_resume" | "usage_stop" | "usage_get_digest" | "weekly_get_digest"
        | "invite_get_digest" | "weekly_see_mine" | "invite_see_mine" | "usage_name_me" => Pace::Later,
        id if id.starts_with("weekly_show_name_") || id.starts_with("resolve_") => Pace::Later,
        _ => Pace::Silent,
    }
}

/// What comes of a click, where that is not answered yet.
async fn pressed(workspace: &Workspace, action: &Action, to: &Destination) -> Result<Option<Response>, Trouble> {
    let member = personal::member(workspace, &action.by.member).await?;
    let trigger = action.by.trigger.as_deref();
    let ephemeral = |message: Message| Ok(Some(Response::Ephemeral(message)));
    match action.action_id.as_str() {
        "digest_my_week" => Ok(opened(match trigger {
            Some(trigger) => modals::open_week(workspace, &member, trigger).await,
            None => false,
        })),
        "digest_settings" | "usage_settings" => Ok(opened(match trigger {
            Some(trigger) => modals::open_preferences(workspace, &member, trigger).await,
            None => false,
        })),
        "digest_more" | "usage_resume" | "usage_stop" => digests::change(workspace, &member, action, to).await,
        "usage_get_digest" if digests::is_below(action) => digests::change(workspace, &member, action, to).await,
        "usage_get_digest" | "weekly_get_digest" | "invite_get_digest" => {
            let message = on(workspace, &member, Surface::Button).await?;
            Ok(Some(match &action.place {
                // It said that none come.
                Place::Message { ephemeral: true, .. } => Response::Replace(message),
                _ => Response::Ephemeral(message),
            }))
        }
        "weekly_see_mine" => ephemeral(personal::week(workspace, &member).await?.numbers.told()),
        "invite_see_mine" => ephemeral(today(workspace, &member).await?),
        "usage_name_me" => {
            personal::name_me(workspace, &member, true, Surface::Button).await?;
            ephemeral(naming(true))
        }
        id if id.starts_with("weekly_show_name_") => show_name(workspace, &member, &action.place).await,
        id if id.starts_with("resolve_arrived") => resolve::settle(workspace, member, action, true).await,
        id if id.starts_with("resolve_resend") => resolve::settle(workspace, member, action, false).await,
        _ => {
            tracing::info!("a click on something that Recap does not know, it is ignored");
            Ok(None)
        }
    }
}

/// In the message nothing changes; a modal that did not open in time is asked for again.
fn opened(is_open: bool) -> Option<Response> {
    let again = "Slack took too long to open this. Please press the button again.";
    (!is_open).then(|| Response::Ephemeral(plain(again)))
}

/// "Show my name": the channel's message is made again by and by, and only who clicked is answered.
async fn show_name(workspace: &Workspace, member: &MemberRecord, place: &Place) -> Result<Option<Response>, Trouble> {
    let delivery = match place {
        Place::Message { delivery: Some(delivery), .. } => Some(delivery.clone()),
        // Slack did not say which message this is: where it stands does.
        Place::Message { delivery: None, channel, ts, .. } => workspace.store.summary_at(channel, ts).await?,
        Place::View(_) => None,
    };
    let revealed = match delivery {
        Some(delivery) => reveal(&workspace.store, &delivery, &member.id, workspace.now()).await?,
        None => Revealed::TooLate,
    };
    Ok(Some(Response::Ephemeral(plain(match revealed {
        Revealed::Yes => "Thank you. Your name stands in this summary within a minute.",
        Revealed::Already => "Your name stands in this summary already, or will within a minute.",
        Revealed::NotTheirs => "Only who won can show their name here, and this week that is somebody else.",
        Revealed::TooLate => "This summary can no longer be changed.",
    }))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_opens_a_modal_is_promised_no_answer() {
        for (action, expected) in [
            ("digest_my_week", Pace::Silent),
            ("digest_settings", Pace::Silent),
            ("usage_settings", Pace::Silent),
            ("weekly_unheard_of", Pace::Silent),
            ("digest_more", Pace::Later),
            ("usage_get_digest", Pace::Later),
            ("weekly_see_mine", Pace::Later),
            ("weekly_show_name_sessions", Pace::Later),
            ("resolve_resend_2", Pace::Later),
        ] {
            assert_eq!(pace(action), expected, "{action}");
        }
    }
}
