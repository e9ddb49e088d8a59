//! Who is on which team: lists and user groups, kept in the store so that leavers keep their past.

use crate::{
    config::Membership,
    model::MemberEmail,
    planner::{Rules, TeamWeekly},
    report::{Team, TeamPeople},
    store::{Store, StoreError, TeamSync},
};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// The people of each team whose people are listed: by settings, or in a user group.
pub type Lists = BTreeMap<String, BTreeSet<MemberEmail>>;

/// Brings the store in step with `lists`. Who is no longer in Slack has left; on the first look at a team they leave only
/// now, so that what they did last week counts.
///
/// # Errors
/// When the store does not answer.
pub async fn sync(store: &Store, lists: &Lists, now: DateTime<Utc>) -> Result<TeamSync, StoreError> {
    let known = store.rosters(&lists.keys().cloned().collect(), now).await?;
    let new: Lists = lists.iter().filter(|(team, _)| !known.contains_key(*team)).map(owned).collect();
    let first = store.sync_teams(&new, now).await?;
    let everybody: BTreeSet<_> = lists.values().flatten().cloned().collect();
    let inactive = store.inactive(&everybody).await?;
    let active = |(team, members): (&String, &BTreeSet<MemberEmail>)| {
        (team.clone(), members.difference(&inactive).cloned().collect())
    };
    let then = store.sync_teams(&lists.iter().map(active).collect(), now).await?;
    Ok(TeamSync { joined: first.joined + then.joined, left: first.left + then.left })
}

fn owned((team, members): (&String, &BTreeSet<MemberEmail>)) -> (String, BTreeSet<MemberEmail>) {
    (team.clone(), members.clone())
}

/// These teams as the report asks about them, with everybody who was on them at `from` or later. Without a store, or
/// before it saw a team, a list of the settings is taken as it is; a user group that nobody read is left out.
///
/// # Errors
/// When the store does not answer.
pub async fn asked<'a>(
    store: Option<&Store>,
    rules: &Rules,
    teams: impl IntoIterator<Item = &'a str>,
    from: DateTime<Utc>,
) -> Result<Vec<Team>, StoreError> {
    let teams: Vec<_> = teams.into_iter().filter_map(|name| Some((name, rules.weekly(name)?))).collect();
    let listed = teams.iter().filter(|(_, team)| !matches!(team.membership, Membership::Attribute { .. }));
    let mut rosters = match store {
        Some(store) => store.rosters(&listed.map(|(name, _)| (*name).to_owned()).collect(), from).await?,
        None => BTreeMap::new(),
    };
    let team = |(name, team): (&str, &TeamWeekly)| {
        let people = TeamPeople::of(&team.membership, rosters.remove(name))?;
        Some(Team { name: name.to_owned(), people, exclude: team.exclude.clone() })
    };
    Ok(teams.into_iter().filter_map(team).collect())
}
