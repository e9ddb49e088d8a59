//! The life of the workspace: tokens, channels, people. What follows is read from Slack anew, so that an event that comes
//! twice, late or out of order does no harm.

use super::{Event, EventEnvelope, home};
use crate::{
    admin::{self, AdminError, ChannelFault},
    digest::{ChannelTrouble, Notice},
    model::ChannelId,
    planner::{self, Rules},
    report,
    slack::{self, SlackError},
    store::{ChannelRecord, MemberStatus, NewDelivery, STOPPED, StoreError},
    workspace::Workspace,
};
use chrono::DateTime;
use std::{collections::BTreeSet, time::Duration};

/// The code under which sending stops where the app was uninstalled.
const UNINSTALLED: &str = "app_uninstalled";
const REVOKED: &str = "token_revoked";
/// Pauses before what failed is tried again.
const AGAIN_AFTER: [Duration; 3] = [Duration::from_secs(5), Duration::from_secs(30), Duration::from_mins(2)];

/// Does what follows from an event; it may be told of twice. Slack does not send again what it heard an answer to, so what
/// fails is tried again here for a while; beyond that channels and people are looked at anyway, in time.
pub(super) async fn happened(workspace: &Workspace, envelope: EventEnvelope) {
    let mut pauses = AGAIN_AFTER.into_iter();
    while let Err(error) = follow(workspace, envelope.event.clone()).await {
        let Some(pause) = pauses.next() else {
            tracing::error!(error = &error as &dyn std::error::Error, "an event was not followed to its end");
            return;
        };
        tracing::warn!(error = &error as &dyn std::error::Error, "an event was not followed, it is tried again");
        workspace.clock.sleep(pause).await;
    }
}

#[derive(Debug, thiserror::Error)]
enum LifeError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Slack(#[from] SlackError),
    #[error(transparent)]
    Message(#[from] report::MessageError),
    #[error(transparent)]
    Admin(#[from] AdminError),
}

async fn follow(workspace: &Workspace, event: Event) -> Result<(), LifeError> {
    match event {
        Event::AppHomeOpened { member, channel, tab, hash } => {
            let learned = match channel.filter(|channel| channel.0.starts_with('D')) {
                Some(channel) => workspace.store.learn_dm(&member, &channel).await,
                None => Ok(()),
            };
            // Whoever looks at it sees at least why there is nothing.
            if tab == "home" {
                home::publish(workspace, &member, hash.as_deref()).await;
            }
            Ok(learned?)
        }
        Event::TokensRevoked => stop(workspace, REVOKED).await,
        Event::AppUninstalled => stop(workspace, UNINSTALLED).await,
        Event::ChannelChanged { channel } => look_at_channel(workspace, &channel).await,
        Event::MemberLeft { channel, member } => {
            if workspace.client.bot_user().await? == Some(member) {
                look_at_channel(workspace, &channel).await?;
            }
            Ok(())
        }
        Event::UserChanged(user) => learn(workspace, user).await,
        Event::UserGroupChanged { group } => {
            let rules = workspace.rules().await?;
            let is_a_teams = rules.teams.values().any(|team| team.weekly.is_group(&group));
            if is_a_teams {
                workspace.lists.notify_one();
            }
            Ok(())
        }
        Event::Unknown(kind) => {
            tracing::info!(kind, "an event of an unknown type, it is ignored");
            Ok(())
        }
    }
}

/// Stops sending. The loop that looks each minute whether a refused token works again goes on from there, so that one of
/// the app's other tokens stops it for a minute at most.
async fn stop(workspace: &Workspace, code: &str) -> Result<(), LifeError> {
    if workspace.store.swap_value(STOPPED, None, Some(code)).await? {
        tracing::error!(code, "Slack took the app's token away, nothing is sent until it works again");
    }
    Ok(())
}

/// Learns one person, and brings their subscription in step: a new zone, a deactivation, a new address. Most events tell of
/// a status text; of one that tells of more Slack is asked, for it may be older than what is known.
async fn learn(workspace: &Workspace, user: serde_json::Value) -> Result<(), LifeError> {
    let Some(told) = workspace.client.member_of(user).await? else {
        tracing::info!("an event described nobody that could be read, it is ignored");
        return Ok(());
    };
    let known = workspace.store.member(&told.id).await?;
    if known.is_some_and(|known| slack::is_known(&told, &known)) {
        return Ok(());
    }
    let id = told.id.clone();
    let now = match workspace.client.user(&id).await {
        Ok(Some(now)) => now,
        Ok(None) => told,
        Err(error) => return Err(error.into()),
    };
    slack::learn_member(&workspace.store, now, workspace.now()).await?;
    let rules = workspace.rules().await?;
    planner::refresh_member(&workspace.store, &rules, &id, workspace.now()).await?;
    Ok(())
}

/// Looks at the channel of a team anew. Where its summary can no longer be posted, what waits is made again (and refused
/// there with its reason), and the owners hear why.
async fn look_at_channel(workspace: &Workspace, id: &ChannelId) -> Result<(), LifeError> {
    let rules = workspace.rules().await?;
    let teams: Vec<_> = rules.teams.iter().filter(|(_, team)| team.weekly.channel.as_ref() == Some(id)).collect();
    if teams.is_empty() {
        return Ok(());
    }
    let now = workspace.now();
    let known = workspace.store.channel(id).await?;
    if let Some(known) = &known {
        // Until Slack has answered, nobody trusts what it said before.
        workspace.store.learn_channel(&ChannelRecord { seen_at: DateTime::UNIX_EPOCH, ..known.clone() }).await?;
    }
    let seen = admin::check_channel(workspace, id).await?;
    let recalled = workspace.store.recall(&rules.channels(), now, now).await?;
    if recalled > 0 {
        workspace.planned.notify_one();
    }
    let trouble = match seen {
        Ok(_) => return Ok(()),
        Err(ChannelFault::NotFound) => ChannelTrouble::Gone,
        Err(ChannelFault::Archived) => ChannelTrouble::Archived,
        Err(ChannelFault::Shared) => ChannelTrouble::Shared,
        Err(ChannelFault::NotInvited) => ChannelTrouble::Left,
    };
    if trouble == ChannelTrouble::Shared {
        // To an archived one, or one that Recap left, Slack lets nothing through.
        for (team, _) in &teams {
            workspace.store.withdraw(team, "channel_shared", now).await?;
        }
    }
    let name = workspace.store.channel(id).await?.map(|channel| channel.name).unwrap_or_default();
    let enabled = teams.iter().filter(|(_, team)| team.weekly.enabled_at.is_some());
    for (team, _) in enabled {
        let message = report::notice(&workspace.templates, &Notice::channel(team, &name, trouble))?.to_json();
        let what = format!("channel.{team}.{id}.{}.{}", trouble.word(), now.date_naive());
        let tell = |target: String| NewDelivery::notice("notice.team", &target, &what, message.clone(), now);
        let told: Vec<_> = owners(workspace, &rules, team).await?.into_iter().map(tell).collect();
        if told.is_empty() {
            tracing::warn!(team, channel = %id, trouble = trouble.word(), "a team's channel cannot have its summary, and nobody is set to be told");
        }
        workspace.store.plan(&told, &[], now).await?;
    }
    Ok(())
}

/// Who hears of a team's trouble: its owners and the installation's, each once, and `ops.channel`.
async fn owners(workspace: &Workspace, rules: &Rules, team: &str) -> Result<BTreeSet<String>, StoreError> {
    let mut told: BTreeSet<String> = workspace.settings.ops.channel.iter().cloned().collect();
    let of_team = rules.weekly(team).map(|weekly| weekly.owners.as_slice()).unwrap_or_default();
    for email in of_team.iter().chain(&workspace.settings.ops.owners) {
        let member = workspace.store.member_by_email(email).await?;
        told.extend(member.filter(|member| member.status == MemberStatus::Active).map(|member| member.id.0));
    }
    Ok(told)
}
