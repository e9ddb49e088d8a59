//! Buttons in messages: of digests, summaries, invitations, notices and answers.

mod edit;
mod resolve;

use super::{
    Action, Place, Reply,
    command::{naming, on, today},
    modals,
    saying::{self, Button, Destination, MY_WEEK, Pace, RESUME, SETTINGS, START_AGAIN, STOP, Trouble, give, plain},
};
use crate::{
    message::Message,
    personal::{self, Pause, Surface},
    slack::Response,
    store::MemberRecord,
    team::{Revealed, reveal},
    workspace::Workspace,
};
use edit::edited;

/// How the action ids begin that are answered here.
pub(super) const PREFIXES: [&str; 5] = ["digest_", "weekly_", "resolve_", "usage_", "invite_"];

/// Acts, and updates the message.
pub(super) async fn act(workspace: &Workspace, action: Action) -> Reply {
    let to = Destination {
        respond: action.respond.clone(),
        place: Some(action.place.clone()),
        who: action.by.member.clone(),
    };
    let of_work = workspace.clone();
    let work = async move {
        let pressed = pressed(&of_work, &action).await;
        pressed.unwrap_or_else(|trouble| Some(Response::Ephemeral(trouble.told())))
    };
    give(workspace, to, Pace::Later, Box::pin(work)).await
}

/// What comes of a click.
async fn pressed(workspace: &Workspace, action: &Action) -> Result<Option<Response>, Trouble> {
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
        "digest_more" => more(workspace, &member, action).await,
        "usage_resume" => resume(workspace, &member, action).await,
        "usage_stop" => stop(workspace, &member, action).await,
        "usage_get_digest" => get_digest(workspace, &member, action).await,
        "weekly_get_digest" | "invite_get_digest" => ephemeral(on(workspace, &member, Surface::Button).await?),
        "weekly_see_mine" => ephemeral(personal::week(workspace, &member).await?.numbers.message),
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

/// The menu of a digest.
async fn more(workspace: &Workspace, member: &MemberRecord, action: &Action) -> Result<Option<Response>, Trouble> {
    let pause = match action.chosen.one() {
        Some("pause_until_monday") => Pause::UntilMonday,
        Some("pause_week") => Pause::Weeks(1),
        Some("stop") => return stop(workspace, member, action).await,
        _ => return Ok(None),
    };
    let standing = personal::standing(workspace, member).await?;
    if !standing.subscribed {
        return Ok(Some(edited(action, "You get no digests, so there is nothing to pause.", &[START_AGAIN])));
    }
    let until = personal::pause(workspace, member, pause, Surface::Button).await?;
    Ok(Some(edited(action, &saying::paused_until(until, standing.schedule.zone), &[RESUME])))
}

async fn stop(workspace: &Workspace, member: &MemberRecord, action: &Action) -> Result<Option<Response>, Trouble> {
    personal::opt_out(workspace, member, Surface::Button).await?;
    Ok(Some(edited(action, "You get no more digests, and team summaries do not name you.", &[START_AGAIN])))
}

async fn resume(workspace: &Workspace, member: &MemberRecord, action: &Action) -> Result<Option<Response>, Trouble> {
    personal::resume(workspace, member, Surface::Button).await?;
    let standing = personal::standing(workspace, member).await?;
    if !standing.subscribed {
        return Ok(Some(edited(action, "You get no digests.", &[START_AGAIN])));
    }
    Ok(Some(edited(action, &saying::goes_on(&standing), &BACK)))
}

/// What a digest offers again once it goes on.
const BACK: [Button; 3] = [MY_WEEK, SETTINGS, STOP];

/// A yes; where it was said below a digest that had been stopped, that digest shows it, too.
async fn get_digest(
    workspace: &Workspace,
    member: &MemberRecord,
    action: &Action,
) -> Result<Option<Response>, Trouble> {
    let below_digest = matches!(&action.place, Place::Message { ephemeral: false, delivery: Some(_), .. });
    let message = on(workspace, member, Surface::Button).await?;
    if !below_digest {
        return Ok(Some(Response::Ephemeral(message)));
    }
    let standing = personal::standing(workspace, member).await?;
    Ok(Some(edited(action, &saying::goes_on(&standing), &BACK)))
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
