//! Brings the subscriptions of teams in step with settings and configurations; safe to repeat.

use super::{
    Rules,
    refresh::TRIES,
    team::{DesiredTeam, TeamEntry, WEEKLY, desired_team},
};
use crate::{
    model::REFUSED,
    store::{Activity, Store, StoreError, Subscription},
};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// Brings the subscription of every team in step, those included that are no longer in the settings; answers how many
/// changed. The number of queries does not grow with teams.
///
/// # Errors
/// When the store does not answer, or others keep changing what this changes.
pub async fn refresh_teams(store: &Store, rules: &Rules, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let mut changed = 0;
    for _ in 0..TRIES {
        let wanted = wanted(store, rules, now).await?;
        if wanted.is_empty() {
            return Ok(changed);
        }
        let expected = wanted.len() as u64;
        let mut subscriptions = Vec::new();
        let mut passed_over = Vec::new();
        for one in wanted {
            subscriptions.push(one.subscription);
            passed_over.extend(one.passed_over);
        }
        // What is passed over comes first: without it nothing would tell why, and it is safe to repeat.
        if !passed_over.is_empty() {
            store.plan(&passed_over, &[], now).await?;
        }
        let written = store.put_subscriptions(&subscriptions).await?;
        changed += written;
        if written == expected {
            return Ok(changed);
        }
    }
    Err(StoreError::Unavailable { what: "a team's subscription keeps changing".to_owned() })
}

/// What should stand in the store and does not.
async fn wanted(store: &Store, rules: &Rules, now: DateTime<Utc>) -> Result<Vec<DesiredTeam>, StoreError> {
    let standing = store.subscriptions_to(WEEKLY).await?;
    let standing: BTreeMap<_, _> = standing.into_iter().map(|one| (one.recipient.clone(), one)).collect();
    let refused =
        if standing.values().any(is_refused) { store.refused_channels(WEEKLY).await? } else { BTreeMap::new() };
    let names: BTreeSet<_> = rules.teams.keys().chain(standing.keys()).collect();
    let wanted = names.into_iter().filter_map(|name| {
        let prior = standing.get(name);
        let entry = TeamEntry { name, weekly: rules.weekly(name), prior, refused_in: refused.get(name) };
        desired_team(entry, now).filter(|wanted| Some(&wanted.subscription) != prior)
    });
    Ok(wanted.collect())
}

fn is_refused(subscription: &Subscription) -> bool {
    matches!(&subscription.activity, Activity::Off(reason) if reason.starts_with(REFUSED))
}
