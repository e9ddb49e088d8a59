//! App Home: today's and this week's numbers, the next digest, toggles, and (for admins and owners) teams.

mod administered;
mod figures;
mod mine;
#[cfg(test)]
mod tests;
mod view;

use super::{
    Action, Reply,
    caught::{FAILED, caught},
    modals,
    payload::Place as From,
    view::{Modal, held, notice, section},
};
use crate::{
    admin::{self, Actor, Subject},
    model::MemberId,
    personal::{self, Found, OptedIn, Pause, PersonalError, Surface, told},
    slack::SlackError,
    store::MemberRecord,
    workspace::Workspace,
};
pub(super) use administered::status;
use chrono_tz::Tz;
use figures::Figures;
pub(super) use mine::at;
use modals::Place;
use std::time::Duration;
use view::Shown;

/// How the action ids begin that are answered here.
pub(super) const PREFIX: &str = "home_";

/// A click in App Home.
pub(super) fn act(workspace: &Workspace, action: Action) -> Reply {
    // Whose home it is, Slack may have to be asked; it waits for its answer.
    let workspace = workspace.clone();
    workspace.tasks.clone().spawn(async move {
        let words = match caught(Box::pin(acted(&workspace, &action))).await {
            Some(Ok(())) => return,
            Some(Err(error)) => {
                modals::log(&error);
                error.words()
            }
            None => FAILED.to_owned(),
        };
        tell(&workspace, action.by.trigger.as_deref(), &words).await;
    });
    Reply::Nothing
}

async fn acted(workspace: &Workspace, action: &Action) -> Result<(), PersonalError> {
    let member = &personal::member(workspace, &action.by.member).await?;
    let trigger = action.by.trigger.as_deref().unwrap_or_default();
    let value = action.chosen.one().unwrap_or_default();
    let surface = Surface::Home;
    match action.action_id.as_str() {
        "home_on" => turn_on(workspace, member, trigger).await,
        "home_off" => drop(personal::opt_out(workspace, member, surface).await?),
        "home_name" => drop(personal::name_me(workspace, member, true, surface).await?),
        "home_unname" => drop(personal::name_me(workspace, member, false, surface).await?),
        "home_pause" => pause(workspace, member, Pause::UntilMonday).await?,
        "home_pause_week" => pause(workspace, member, Pause::Weeks(1)).await?,
        "home_resume" => drop(personal::resume(workspace, member, surface).await?),
        id => {
            open(workspace, member, trigger, (id, value)).await;
            return Ok(());
        }
    }
    let hash = match &action.place {
        From::View(view) => Some(view.hash.as_str()),
        From::Message { .. } => None,
    };
    publish(workspace, &member.id, hash).await;
    Ok(())
}

/// Pauses, but for who stopped elsewhere since this home was shown: a later yes is to bring digests at once.
async fn pause(workspace: &Workspace, member: &MemberRecord, pause: Pause) -> Result<(), PersonalError> {
    if personal::standing(workspace, member).await?.subscribed {
        personal::pause(workspace, member, pause, Surface::Home).await?;
    }
    Ok(())
}

/// What opens a modal and changes nothing by itself.
async fn open(workspace: &Workspace, member: &MemberRecord, trigger: &str, (id, value): (&str, &str)) {
    let team = || value.to_owned();
    match id {
        "home_preferences" => drop(modals::open_preferences(workspace, member, trigger).await),
        "home_week" => drop(modals::open_week(workspace, member, trigger).await),
        "home_delete" => drop(modals::open_delete(workspace, trigger).await),
        "home_teams" => modals::open_teams(workspace, member, trigger).await,
        "home_add_team" => modals::open_new_team(workspace, member, trigger).await,
        "home_invite" => modals::open_invitation(workspace, member, trigger).await,
        "home_daily" => modals::open_daily(workspace, member, trigger).await,
        "home_daily_off" => modals::switch_off_daily(workspace, member, trigger).await,
        "home_daily_preview" => {
            modals::open_preview(workspace, member, trigger, Place::Alone, Subject::Daily { member: None }).await;
        }
        id if id.starts_with("home_team_") => {
            modals::open_team(workspace, member, trigger, Place::Alone, &team()).await;
        }
        id if id.starts_with("home_preview_") => {
            let subject = Subject::Weekly { team: team() };
            modals::open_preview(workspace, member, trigger, Place::Alone, subject).await;
        }
        _ => tracing::info!("a click in App Home on something that Recap does not know, it is ignored"),
    }
}

/// A yes looks for usage, which takes a moment, and answers with what was found.
async fn turn_on(workspace: &Workspace, member: &MemberRecord, trigger: &str) {
    let words = (TITLE, "Turning it on and looking for your usage…");
    let waiting = modals::open_waiting(workspace, Some(trigger), Place::Alone, words).await;
    match personal::opt_in(workspace, member, Surface::Home).await {
        Ok(opted_in) => {
            let found = personal::look_for(workspace, member).await;
            if let Some(waiting) = waiting {
                waiting.fill(&welcome(&opted_in, &found)).await;
            }
        }
        // It is said in the modal.
        Err(error) => {
            modals::log(&error);
            if let Some(waiting) = waiting {
                waiting.say(TITLE, &error.words()).await;
            }
        }
    }
}

const TITLE: &str = "Daily digest";

/// What follows from a yes.
pub(super) fn welcome(opted_in: &OptedIn, found: &Found) -> serde_json::Value {
    let next = match (&opted_in.next, &opted_in.held_by) {
        (Some((next, zone)), _) => format!("Your daily digest is on. The next one comes {}.", at(*next, *zone)),
        (None, Some(held_by)) => {
            format!(
                "You agreed to a daily digest. None comes yet: {}.",
                crate::digest::reasons::reason_in_words(held_by)
            )
        }
        (None, None) => "You agreed to a daily digest. It begins as soon as an admin enables digests here.".to_owned(),
    };
    let over = opted_in.pause_ended.then(|| section("Your pause is over."));
    let modal = Modal::new("notice", TITLE).block(section(&next)).blocks(over);
    match found {
        Found::Usage(latest) => modal.block(section("This is the latest one:")).blocks(held(&latest.message)).json(),
        Found::Nothing { looked_for, ask } => {
            modal.block(section(&told::nothing_found(looked_for, told::LAST_30_DAYS, ask))).json()
        }
        Found::Unknown => {
            modal.block(section("The usage data does not answer right now; nothing is lost by that.")).json()
        }
    }
}

async fn tell(workspace: &Workspace, trigger: Option<&str>, words: &str) {
    let Some(trigger) = trigger else {
        return tracing::debug!("somebody was not told why nothing happened: there is no trigger");
    };
    modals::show(workspace, trigger, Place::Alone, &notice("Recap", &[words])).await;
}

/// The zone in which a member reads times.
pub(super) async fn zone_of(workspace: &Workspace, member: &MemberRecord) -> Tz {
    match personal::standing(workspace, member).await {
        Ok(standing) => standing.schedule.zone,
        Err(_) => member.zone.unwrap_or(workspace.settings.digest.default_zone),
    }
}

/// As [`publish`], by itself and without a hash: what was changed is to be seen.
pub(super) fn publish_soon(workspace: &Workspace, member: &MemberId) {
    let (workspace, member) = (workspace.clone(), member.clone());
    workspace.tasks.clone().spawn(async move { caught(publish(&workspace, &member, None)).await });
}

/// Publishes somebody's App Home as things stand now; `hash` is the one that they look at. Where Slack or the store does not
/// answer it is tried again for a while, with what holds then; beyond that the next look at it publishes it anyway. Of those who
/// try again one is enough.
pub(super) async fn publish(workspace: &Workspace, member: &MemberId, hash: Option<&str>) {
    let mut outcome = Box::pin(published(workspace, member, hash)).await;
    for pause in AGAIN_AFTER {
        let asked_for = match &outcome {
            Ok(Published::Why) => Duration::ZERO,
            Err(SlackError::Later { retry_after, .. }) => retry_after.unwrap_or_default().min(LONGEST_WAIT),
            _ => break,
        };
        let pause = pause.mul_f64(1.0 + rand::random::<f64>()).max(asked_for);
        if !workspace.again.comes(&workspace.clock, &member.0, pause).await {
            return tracing::debug!("an App Home is published by another, or when Recap runs again");
        }
        outcome = Box::pin(published(workspace, member, None)).await;
    }
    if let Err(error) = outcome {
        tracing::warn!(error = %error, slack.code = error.code(), "an App Home could not be published");
    }
}

/// Pauses before an App Home that Slack did not take is published again, at least; the dice add up to as much, so that not
/// all come back at once.
const AGAIN_AFTER: [Duration; 3] = [Duration::from_secs(2), Duration::from_secs(10), Duration::from_mins(1)];
/// Whatever Slack asks for: nobody looks at it any more.
const LONGEST_WAIT: Duration = Duration::from_mins(5);

/// What somebody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Published {
    /// All that there is to say now.
    All,
    /// That the store does not answer.
    Why,
}

/// First what the store knows, then with what warehouse and Slack were asked for.
async fn published(workspace: &Workspace, id: &MemberId, hash: Option<&str>) -> Result<Published, SlackError> {
    let client = &workspace.client;
    let (mut record, mut quick) = seen(workspace, id).await;
    let mut first = client.publish_home(id, hash, &quick.view()).await?;
    if first.is_none() {
        // Somebody was faster, and may have read what was before this change: what holds now is read again, and counts.
        (record, quick) = seen(workspace, id).await;
        first = client.publish_home(id, None, &quick.view()).await?;
    }
    if matches!(&record, Err(PersonalError::Store(_))) {
        return Ok(Published::Why);
    }
    let (Some(first), Ok(record), Shown::Member { mine, .. }) = (first, record, quick) else {
        return Ok(Published::All);
    };
    let (figures, administered) =
        tokio::join!(Box::pin(figures::of(workspace, &record)), Box::pin(administered::of(workspace, &record)));
    let whole = Shown::Member { mine, figures, administered: Box::new(administered) };
    // Where it changed meanwhile, whoever changed it brings the numbers too.
    client.publish_home(id, Some(&first.hash), &whole.view()).await?;
    Ok(Published::All)
}

/// What the store knows of them.
async fn seen(workspace: &Workspace, id: &MemberId) -> (Result<MemberRecord, PersonalError>, Shown) {
    let stands = async {
        let record = personal::member(workspace, id).await?;
        let mine = mine::of(workspace, &record).await?;
        Ok::<_, PersonalError>((record, mine))
    };
    match stands.await {
        Ok((record, mine)) => {
            let (mine, administered) = (Box::new(mine), Box::default());
            (Ok(record), Shown::Member { mine, figures: Figures::Counting, administered })
        }
        Err(error) => {
            modals::log(&error);
            let words = error.words();
            (Err(error), Shown::Line(words))
        }
    }
}

/// Who acts in Slack.
pub(super) fn actor(member: &MemberRecord) -> Actor {
    Actor::Member(member.clone())
}

/// What an admin's or owner's surface could not do; what a person may not do is no failure.
pub(super) fn log_admin(error: &admin::AdminError) {
    use admin::AdminError::{Message, Slack, Store, Warehouse};
    match error {
        Store(_) | Slack(_) | Warehouse(_) | Message(_) => {
            tracing::warn!(error = error as &dyn std::error::Error, "an admin could not be answered");
        }
        _ => tracing::debug!("an admin or owner was told no"),
    }
}
