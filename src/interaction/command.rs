//! `/usage` and its words.

mod dates;
mod help;
mod preview;
mod team;
mod tokens;
mod words;

use super::{
    By, Command, Reply, Written, modals,
    saying::{self, Destination, GET_DIGEST, MY_WEEK, NAME_ME, Pace, SETTINGS, Trouble, give, plain, with_buttons},
};
use crate::{
    message::Message,
    personal::{self, Pause, PersonalError, Surface},
    schedule::date_at,
    slack::Response,
    store::MemberRecord,
    workspace::Workspace,
};
pub(super) use help::help;
use tokio_util::sync::CancellationToken;
use words::{For, Words};

/// What needs neither store nor warehouse.
pub(super) fn at_once(workspace: &Workspace, help: &Written, command: &Command) -> Option<Reply> {
    let name = workspace.settings.slack.command.as_str();
    match words::read(&command.text, &[name, &command.command]) {
        Words::Help => Some(Reply::Written(help.clone())),
        Words::Unknown { typed, nearest } => Some(Reply::Say(help::unknown(name, &typed, nearest))),
        Words::Unusable(form) => Some(Reply::Say(help::form(name, form))),
        Words::Delete => Some(Reply::Say(plain(
            "Open Recap's Home in Slack: below your settings stands \"Delete my data\", with what it does.",
        ))),
        _ => None,
    }
}

/// Answers the command: what the store knows at once, what the warehouse must be asked for through `response_url`.
pub(super) async fn answer(workspace: &Workspace, help: &Written, command: Command) -> Reply {
    if let Some(reply) = at_once(workspace, help, &command) {
        return reply;
    }
    match words::read(&command.text, &[&workspace.settings.slack.command, &command.command]) {
        Words::Settings => settings(workspace, &command.by).await,
        asked => {
            let pace = pace(&asked);
            let (who, heard) = (command.by.member.clone(), CancellationToken::new());
            let to = Destination { respond: command.respond, place: None, who, heard };
            let (workspace_of_work, by) = (workspace.clone(), command.by);
            let work = async move {
                let said = said(&workspace_of_work, &by, asked).await.unwrap_or_else(|trouble| Some(trouble.told()));
                said.map(Response::Ephemeral)
            };
            give(workspace, to, pace, Box::pin(work)).await
        }
    }
}

/// What the store knows is told in the reply.
fn pace(asked: &Words) -> Pace {
    match asked {
        Words::Off | Words::Pause(_) | Words::Resume | Words::Time(_) | Words::NameMe(_) => Pace::Quick,
        _ => Pace::Later,
    }
}

async fn settings(workspace: &Workspace, by: &By) -> Reply {
    let member = match personal::member(workspace, &by.member).await {
        Ok(member) => member,
        Err(error) => return Reply::Say(Trouble::from(error).told()),
    };
    match &by.trigger {
        Some(trigger) if modals::open_preferences(workspace, &member, trigger).await => Reply::Nothing,
        _ => Reply::Say(plain(TOO_SLOW)),
    }
}

/// A modal opens within three seconds or not at all.
pub(super) const TOO_SLOW: &str = "Slack took too long to open the settings. Please try again.";

/// What `by` is told; nothing where the same request was answered before, and asks again what costs something.
async fn said(workspace: &Workspace, by: &By, asked: Words) -> Result<Option<Message>, Trouble> {
    let member = personal::member(workspace, &by.member).await?;
    let first = match asked {
        Words::Time(None) => true,
        _ => workspace.store.first_time(&format!("request.{}", by.request), workspace.now()).await?,
    };
    match asked {
        _ if first => answered(workspace, member, asked).await.map(Some),
        Words::Today | Words::Week | Words::Why(_) | Words::Team(_) | Words::Preview(_) => Ok(None),
        // No second effect, and yet an answer.
        _ => Ok(Some(saying::stands(&personal::standing(workspace, &member).await?))),
    }
}

async fn answered(workspace: &Workspace, member: MemberRecord, asked: Words) -> Result<Message, Trouble> {
    match asked {
        Words::Today => today(workspace, &member).await,
        Words::Week => Ok(personal::week(workspace, &member).await?.numbers.told()),
        Words::Why(date) => {
            let zone = personal::standing(workspace, &member).await?.schedule.zone;
            let today = date_at(zone, workspace.now());
            Ok(personal::why(workspace, &member, date.and_then(|date| date.back(today))).await?)
        }
        Words::Team(name) => team::summary(workspace, member, name.as_deref()).await,
        Words::Preview(wanted) => preview::preview(workspace, member, wanted).await,
        Words::Time(None) => {
            let standing = personal::standing(workspace, &member).await?;
            Ok(saying::with_time(None, &standing, &workspace.settings.slack.command))
        }
        asked => done(workspace, &member, asked).await.map_err(Trouble::while_saving),
    }
}

/// Today so far, with the offer to get it daily.
pub(super) async fn today(workspace: &Workspace, member: &MemberRecord) -> Result<Message, Trouble> {
    let (numbers, standing) =
        tokio::try_join!(personal::today(workspace, member), personal::standing(workspace, member))?;
    let buttons = if standing.subscribed { &[MY_WEEK, SETTINGS][..] } else { &[GET_DIGEST, MY_WEEK][..] };
    Ok(with_buttons(numbers.told(), buttons))
}

/// Does what has an effect.
async fn done(workspace: &Workspace, member: &MemberRecord, asked: Words) -> Result<Message, Trouble> {
    let surface = Surface::Command;
    match asked {
        Words::On => on(workspace, member, surface).await,
        Words::Off => Ok(saying::opted_out(personal::opt_out(workspace, member, surface).await?)),
        Words::Pause(length) => pause(workspace, member, length).await,
        Words::Resume => {
            let was_paused = personal::resume(workspace, member, surface).await?;
            Ok(saying::resumed(was_paused, &personal::standing(workspace, member).await?))
        }
        Words::Time(Some(time)) => {
            personal::set_time(workspace, member, time, surface).await?;
            let standing = personal::standing(workspace, member).await?;
            Ok(saying::with_time(Some(time), &standing, &workspace.settings.slack.command))
        }
        Words::NameMe(named) => {
            personal::name_me(workspace, member, named, surface).await?;
            Ok(naming(named))
        }
        _ => Ok(help(&workspace.settings.slack.command)),
    }
}

/// Opts in, and tells what follows.
pub(super) async fn on(workspace: &Workspace, member: &MemberRecord, surface: Surface) -> Result<Message, Trouble> {
    let opted = personal::opt_in(workspace, member, surface).await?;
    let zone = personal::standing(workspace, member).await?.schedule.zone;
    let found = personal::look_for(workspace, member).await;
    Ok(saying::opted_in(&opted, found, zone, workspace.now()))
}

/// After somebody said whether they are named.
pub(super) fn naming(named: bool) -> Message {
    if named {
        plain("Team summaries name you when you are MVP. To take that back, open the settings.")
    } else {
        with_buttons(plain("Team summaries do not name you."), &[NAME_ME])
    }
}

async fn pause(workspace: &Workspace, member: &MemberRecord, length: For) -> Result<Message, Trouble> {
    let standing = personal::standing(workspace, member).await?;
    if !standing.subscribed {
        let words = "You get no digests, so there is nothing to pause.";
        return Ok(with_buttons(plain(words), &[GET_DIGEST]));
    }
    let today = date_at(standing.schedule.zone, workspace.now());
    let pause = match length {
        For::Days(days) => Pause::Days(days),
        For::Weeks(weeks) => Pause::Weeks(weeks),
        For::Until(date) => {
            let unusable = || PersonalError::Unusable("There is no such date.".to_owned());
            Pause::Until(date.ahead(today).ok_or_else(unusable)?)
        }
    };
    personal::pause(workspace, member, pause, Surface::Command).await?;
    Ok(saying::paused(&personal::standing(workspace, member).await?))
}
