//! How things stand: what is enabled, what is due next, what was sent and why not.

use super::{
    Actor, AdminError, Scope,
    actor::rights,
    configure::{DAILY, WEEKLY, WORKSPACE, key, note_refused},
    shown,
    team::next_times,
};
use crate::{
    config::Membership,
    model::{DeliveryId, MemberEmail},
    planner::TeamWeekly,
    store::{AttemptRecord, DeliveryRecord, HALTED, Ledger, STOPPED},
    warehouse::Person,
    workspace::Workspace,
};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;

/// For so long usage is looked for that matched nobody.
const LOOKED_BACK: TimeDelta = TimeDelta::days(30);
const MOST_UNMATCHED: usize = 20;
/// No more of what is no address is shown.
const LONGEST: usize = 80;
/// Deliveries of one page at most.
const MOST_DELIVERIES: u32 = 200;
/// Whose telemetry says nothing of who they are.
const NO_ADDRESS: &str = "without an address (a login by API key)";

/// Personal digests of the whole workspace.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkspaceOverview {
    pub enabled: bool,
    /// As it stands: `09:00`, `mon-fri`, the default zone, names of sections.
    pub time: String,
    pub days: String,
    pub zone: String,
    pub sections: Vec<String>,
    /// Opted in, and not paused or held.
    pub subscribed: u64,
    /// When the next digest of anybody is due.
    pub next: Option<DateTime<Utc>>,
    pub halted: bool,
    /// Slack's code, where the token is refused.
    pub stopped: Option<String>,
    pub version: i64,
}

/// One team.
#[derive(Debug, Clone)]
pub struct TeamOverview {
    pub name: String,
    pub weekly: TeamWeekly,
    /// Foreign text; none where nobody looked yet.
    pub channel_name: Option<String>,
    /// As far as a list or user group says.
    pub members: Option<usize>,
    pub next: Vec<DateTime<Utc>>,
    /// The latest summary's delivery.
    pub last: Option<DeliveryRecord>,
    /// The settings file has it, so it cannot be removed.
    pub in_file: bool,
    /// Whether `actor` was shown its preview, and so may enable it.
    pub previewed: bool,
    pub version: i64,
}

/// Somebody in the telemetry who matched nobody in Slack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmatched {
    /// Foreign text: an address, or what else the telemetry has.
    pub who: String,
    pub sessions: u64,
}

/// # Errors
/// When the store does not answer.
pub async fn overview(workspace: &Workspace) -> Result<WorkspaceOverview, AdminError> {
    let (rules, now) = (workspace.rules().await?, workspace.now());
    let (subscribed, next) = workspace.store.awaiting(DAILY, now).await?;
    let config = workspace.store.report_config(DAILY, WORKSPACE).await?;
    let listed = &workspace.settings.digest.listed;
    Ok(WorkspaceOverview {
        enabled: rules.enabled_at.is_some(),
        time: rules.time.to_string(),
        days: rules.weekdays.to_string(),
        zone: rules.zone.name().to_owned(),
        sections: rules
            .sections
            .clone()
            .unwrap_or_else(|| listed.iter().map(|section| section.name().to_owned()).collect()),
        subscribed,
        next,
        halted: workspace.store.value(HALTED).await?.is_some(),
        stopped: workspace.store.value(STOPPED).await?,
        version: config.map_or(0, |config| config.version),
    })
}

/// The names of the teams that `actor` may edit. Who may edit none is refused.
///
/// # Errors
/// When they are refused, or store or Slack do not answer.
pub async fn editable_teams(workspace: &Workspace, actor: &Actor) -> Result<Vec<String>, AdminError> {
    let rights = rights(workspace, actor).await?;
    if !rights.admin && rights.owns.is_empty() {
        let why = "only admins of the workspace and owners of teams look for teams to edit";
        note_refused(workspace, actor, "teams", why).await?;
        return Err(AdminError::NotAllowed(why.to_owned()));
    }
    if !rights.admin {
        return Ok(rights.owns.into_iter().collect());
    }
    Ok(workspace.rules().await?.teams.into_keys().collect())
}

/// The teams that `actor` may edit, by name.
///
/// # Errors
/// When store or Slack do not answer.
pub async fn team_overview(workspace: &Workspace, actor: &Actor) -> Result<Vec<TeamOverview>, AdminError> {
    let (rights, mut rules) = (rights(workspace, actor).await?, workspace.rules().await?);
    rules.teams.retain(|name, _| rights.may_edit(name));
    let configs = workspace.store.report_configs(WEEKLY).await?;
    let versions: BTreeMap<_, _> = configs.into_iter().map(|config| (config.scope, config.version)).collect();
    let mut teams = Vec::new();
    for (name, team) in rules.teams {
        let scope = key(&Scope::Team(name.clone()));
        let channel = match &team.weekly.channel {
            Some(channel) => workspace.store.channel(channel).await?,
            None => None,
        };
        let is_told = !matches!(team.weekly.membership, Membership::Attribute { .. });
        teams.push(TeamOverview {
            channel_name: channel.map(|channel| channel.name),
            members: is_told.then_some(team.members.len()),
            next: next_times(workspace, &name, &team.weekly).await?,
            last: workspace.store.deliveries_of(WEEKLY, &name, None, 1).await?.pop(),
            in_file: workspace.settings.teams.contains_key(&name),
            previewed: {
                let shown = shown::team(&team.weekly);
                workspace.store.previewed(&actor.name(), WEEKLY, &scope, &shown).await?.is_some()
            },
            version: versions.get(&scope).copied().unwrap_or_default(),
            weekly: team.weekly,
            name,
        });
    }
    Ok(teams)
}

/// Whose usage of the last 30 days matched nobody; for admins, at most 20 and how many there are in all.
///
/// # Errors
/// When the warehouse does not answer.
pub async fn unmatched(workspace: &Workspace) -> Result<(Vec<Unmatched>, u64), AdminError> {
    let now = workspace.now();
    let warehouse = workspace.source.warehouse().await?;
    let mut rows = warehouse.facts().people(now - LOOKED_BACK, now).await?;
    let (mut people, mut odd) = (BTreeMap::new(), Vec::new());
    while let Some(Person { email, sessions, .. }) = rows.next().await? {
        match MemberEmail::parse(&email) {
            Ok(known) => {
                people.insert(known, sessions);
            }
            Err(_) if sessions == 0 => {}
            Err(_) if email.is_empty() => odd.push(Unmatched { who: NO_ADDRESS.to_owned(), sessions }),
            Err(_) => odd.push(Unmatched { who: email.chars().take(LONGEST).collect(), sessions }),
        }
    }
    let matched = workspace.store.in_directory(&people.keys().cloned().collect()).await?;
    let strangers = people.into_iter().filter(|(email, _)| !matched.contains(email));
    let strangers = strangers.map(|(email, sessions)| Unmatched { who: email.to_string(), sessions });
    let mut unmatched: Vec<_> = strangers.chain(odd).collect();
    unmatched.sort_by(|a, b| b.sessions.cmp(&a.sessions).then_with(|| a.who.cmp(&b.who)));
    let all = unmatched.len() as u64;
    unmatched.truncate(MOST_UNMATCHED);
    Ok((unmatched, all))
}

/// The ledger, latest first: at most `limit` that come after `before` in that order, of one report or recipient if given.
///
/// # Errors
/// When the store does not answer.
pub async fn deliveries(
    workspace: &Workspace,
    report: Option<&str>,
    recipient: Option<&str>,
    before: Option<&DeliveryId>,
    limit: u32,
) -> Result<Vec<DeliveryRecord>, AdminError> {
    // People know each other by address, the ledger by id.
    let member = match recipient.map(MemberEmail::parse) {
        Some(Ok(email)) => workspace.store.member_by_email(&email).await?,
        _ => None,
    };
    let recipient = member.as_ref().map(|member| member.id.0.as_str()).or(recipient);
    Ok(workspace.store.ledger(Ledger { report, recipient, before }, limit.min(MOST_DELIVERIES)).await?)
}

/// One delivery with its attempts.
///
/// # Errors
/// When the store does not answer.
pub async fn delivery(
    workspace: &Workspace,
    id: &DeliveryId,
) -> Result<Option<(DeliveryRecord, Vec<AttemptRecord>)>, AdminError> {
    let Some(delivery) = workspace.store.delivery(id).await? else { return Ok(None) };
    let attempts = workspace.store.attempts(id).await?;
    Ok(Some((delivery, attempts)))
}
