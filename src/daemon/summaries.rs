//! Weekly summaries: a cohort of teams is held while everybody's telemetry is late, computed in one set of queries, and
//! written down with what each message was made from.

use super::{
    lists::is_gone,
    reporting::{AGAIN_AFTER, Reporting, ReportingError},
};
use crate::{
    config::Membership,
    digest::WeekTotals,
    model::{ChannelId, DeliveryId},
    planner::{Rules, TeamWeekly},
    schedule::{WeeklyWindow, date_at},
    slack,
    store::{ChannelRecord, CohortKey, PlannedDelivery, Posting, Rendered, StoreError},
    team::{Summaries, Summary},
    telemetry::metrics,
};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// The report of teams.
pub(super) const WEEKLY: &str = "weekly";
/// The note of summaries whose team's user group was not read yet; their reason if they wait too long.
const UNREAD: &str = "usergroup_unread";
/// The note of summaries of whose channel Slack does not say whether another workspace shares it; their reason if they
/// wait too long.
const UNSEEN: &str = "channel_unseen";
/// A channel may have been shared since it was looked at; it is looked at again after so long, which is sooner than a summary
/// that waits is recalled.
const CHANNEL_KNOWN_FOR: TimeDelta = TimeDelta::minutes(20);
/// While Slack does not answer, what it said so lately stands.
const CHANNEL_TRUSTED_FOR: TimeDelta = TimeDelta::hours(24);
/// Between two looks at channels of which Slack did not speak.
const CHANNEL_AGAIN_AFTER: TimeDelta = TimeDelta::minutes(1);
/// What is held goes out so long before it would be too late.
const IN_TIME: TimeDelta = TimeDelta::minutes(10);
/// A posted summary is looked at again after so many hours, as far as `weekly.update_hours` reaches.
const LOOK_AGAIN_AFTER_HOURS: [u32; 5] = [1, 3, 6, 12, 24];

/// The teams of a cohort whose summaries can be posted, and where.
type Open<'a> = BTreeMap<&'a str, (DeliveryId, ChannelId)>;

/// What is known of a channel.
enum Seen {
    Known(ChannelRecord),
    /// Recap sees no such channel: posting will tell.
    Nowhere,
    /// Slack does not say.
    Unsaid,
}

/// What keeps a summary from its channel.
enum Trouble {
    Fails(&'static str),
    /// It may pass.
    Waits,
}

impl Reporting {
    /// Computes the summaries of `deliveries`, all of one zone and week.
    pub(super) async fn summarise(
        &self,
        key: &CohortKey,
        deliveries: Vec<PlannedDelivery>,
    ) -> Result<(), ReportingError> {
        if deliveries.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        let rules = Rules::of(&self.settings, &self.store, now).await?;
        let window = WeeklyWindow::before(key.zone, date_at(key.zone, key.due));
        let arrivals = self.warehouse.arrivals(window.reported().end, now).await?;
        if arrivals.is_behind() && now < self.held_until(key, &rules) {
            tracing::warn!(period = key.period, zone = %key.zone, "nobody's telemetry is newer than the week, its summaries are held");
            return Err(ReportingError::Held);
        }
        let deliveries = self.without_unread(deliveries, &rules).await?;
        let open = self.open_channels(key, &rules, &deliveries).await?;
        let began = self.clock.elapsed();
        let teams: Vec<_> = open.keys().copied().collect();
        let summaries = self.summaries(&rules).of(&window, &teams, Some(arrivals)).await?;
        self.write_summaries(key, open, summaries).await?;
        tracing::info!(report = key.report, period = key.period, zone = %key.zone, deliveries = deliveries.len(), "a cohort was computed");
        metrics::query_time(WEEKLY, self.clock.elapsed().saturating_sub(began));
        Ok(())
    }

    pub(super) fn summaries<'a>(&'a self, rules: &'a Rules) -> Summaries<'a> {
        Summaries {
            store: Some(&self.store),
            warehouse: &self.warehouse,
            templates: &self.templates,
            settings: &self.settings,
            rules,
        }
    }

    /// Until when late telemetry is waited for: as long as the settings say, and not until it is too late.
    fn held_until(&self, key: &CohortKey, rules: &Rules) -> DateTime<Utc> {
        let hold = TimeDelta::minutes(self.settings.weekly.hold_minutes.into());
        let expires = rules.catch_up.expires(key.zone, key.time, date_at(key.zone, key.due), key.due);
        (key.due + hold).min(expires - IN_TIME)
    }

    /// Gives back the teams whose user group was never read, which a new installation does within a minute.
    async fn without_unread(
        &self,
        deliveries: Vec<PlannedDelivery>,
        rules: &Rules,
    ) -> Result<Vec<PlannedDelivery>, StoreError> {
        let group = |team: &str| match &rules.teams.get(team)?.weekly.membership {
            Membership::Usergroup(group) => Some(group),
            _ => None,
        };
        let grouped = deliveries.iter().filter(|one| group(&one.recipient).is_some());
        let grouped: BTreeSet<_> = grouped.map(|one| one.recipient.clone()).collect();
        if grouped.is_empty() {
            return Ok(deliveries);
        }
        let read = self.store.rosters(&grouped, DateTime::<Utc>::MIN_UTC).await?;
        let is_unread = |one: &PlannedDelivery| grouped.contains(&one.recipient) && !read.contains_key(&one.recipient);
        let (unread, rest): (Vec<_>, Vec<_>) = deliveries.into_iter().partition(is_unread);
        let mut waiting = Vec::new();
        let mut open = rest;
        for one in unread {
            // One that is gone from the start has an outcome of its own.
            match group(&one.recipient) {
                Some(name) if !is_gone(&self.store, name).await? => waiting.push(one.id),
                _ => open.push(one),
            }
        }
        if !waiting.is_empty() {
            self.give_back(&waiting, Some(UNREAD), AGAIN_AFTER).await?;
        }
        Ok(open)
    }

    /// Settles what cannot be posted, and answers the rest.
    async fn open_channels<'a>(
        &self,
        key: &CohortKey,
        rules: &Rules,
        deliveries: &'a [PlannedDelivery],
    ) -> Result<Open<'a>, ReportingError> {
        let (mut open, mut unseen) = (Open::new(), Vec::new());
        let mut is_silent = false;
        for PlannedDelivery { id, recipient, .. } in deliveries {
            let team = rules.teams.get(recipient).map(|team| &team.weekly);
            let (Some(team), Some(channel)) = (team, team.and_then(|team| team.channel.clone())) else {
                let reason = if team.is_none() { "team_removed" } else { "no_channel" };
                self.store.skip(&self.holder, std::slice::from_ref(id), reason, self.clock.now()).await?;
                metrics::skipped(&key.report, reason, 1);
                continue;
            };
            match self.trouble(team, &channel, &mut is_silent).await? {
                None => {
                    open.insert(recipient.as_str(), (id.clone(), channel));
                }
                Some(Trouble::Fails(code)) => self.fail(&key.report, std::slice::from_ref(id), code).await?,
                Some(Trouble::Waits) => unseen.push(id.clone()),
            }
        }
        if !unseen.is_empty() {
            tracing::warn!(
                deliveries = unseen.len(),
                "Slack does not say whether channels of teams are shared, their summaries wait"
            );
            self.give_back(&unseen, Some(UNSEEN), CHANNEL_AGAIN_AFTER).await?;
        }
        Ok(open)
    }

    /// Why nothing about `team` may be posted to `channel`, by what is known without trying.
    async fn trouble(
        &self,
        team: &TeamWeekly,
        channel: &ChannelId,
        is_silent: &mut bool,
    ) -> Result<Option<Trouble>, StoreError> {
        if let Membership::Usergroup(group) = &team.membership
            && is_gone(&self.store, group).await?
            // It may be back since it was read, up to an hour ago; its last members are kept.
            && !matches!(self.client.usergroup_members(group).await, Ok(Some(_)))
        {
            return Ok(Some(Trouble::Fails("usergroup_gone")));
        }
        if self.settings.weekly.shared_channels {
            return Ok(None);
        }
        Ok(match self.channel(channel, is_silent).await? {
            Seen::Known(ChannelRecord { shared: true, .. }) => Some(Trouble::Fails("channel_shared")),
            Seen::Known(_) | Seen::Nowhere => None,
            Seen::Unsaid => Some(Trouble::Waits),
        })
    }

    /// The channel as Slack describes it, or described it lately. Once Slack `is_silent` it is not asked five hundred times.
    async fn channel(&self, id: &ChannelId, is_silent: &mut bool) -> Result<Seen, StoreError> {
        let now = self.clock.now();
        let known = self.store.channel(id).await?;
        let seen_within = |most| known.as_ref().is_some_and(|known| (now - known.seen_at).abs() < most);
        let (is_fresh, is_trusted) = (seen_within(CHANNEL_KNOWN_FOR), seen_within(CHANNEL_TRUSTED_FOR));
        let known = known.filter(|_| is_trusted).map_or(Seen::Unsaid, Seen::Known);
        if is_fresh || *is_silent {
            return Ok(known);
        }
        match self.client.channel_info(id).await {
            Ok(Some(slack::ChannelInfo { id, name, archived, shared, member, private })) => {
                let channel = ChannelRecord { id, name, archived, shared, member, private, seen_at: now };
                self.store.learn_channel(&channel).await?;
                Ok(Seen::Known(channel))
            }
            Ok(None) => Ok(Seen::Nowhere),
            Err(error) => {
                tracing::warn!(channel = %id, error = %error, "a team's channel could not be looked at");
                *is_silent = !matches!(error, slack::SlackError::Refused { .. });
                Ok(known)
            }
        }
    }

    async fn write_summaries(
        &self,
        key: &CohortKey,
        mut open: Open<'_>,
        summaries: BTreeMap<String, Summary>,
    ) -> Result<(), ReportingError> {
        let mut rendered = Vec::new();
        for (team, Summary { kept, message }) in summaries {
            let Some((id, channel)) = open.remove(team.as_str()) else { continue };
            if kept.facts.members == 0 && kept.facts.week == WeekTotals::default() {
                self.store.skip(&self.holder, &[id], "no_members", self.clock.now()).await?;
                metrics::skipped(&key.report, "no_members", 1);
                continue;
            }
            let facts = kept.to_json();
            match (message, facts) {
                (Ok(message), Ok(facts)) => {
                    let posting = Posting { channel, facts, revise_at: self.next_look(key.due, key.due) };
                    let message = message.to_json();
                    rendered.push(Rendered { id, message, streak: None, posting: Some(posting) });
                }
                (Err(error), _) => {
                    tracing::error!(delivery.id = %id, error = &error as &dyn std::error::Error, "a summary cannot be rendered");
                    self.fail(&key.report, &[id], error.code()).await?;
                }
                (_, Err(error)) => {
                    tracing::error!(delivery.id = %id, error = &error as &dyn std::error::Error, "a summary cannot be kept");
                    self.fail(&key.report, &[id], "template_failed").await?;
                }
            }
        }
        if !rendered.is_empty() {
            self.store.rendered(&self.holder, &rendered, self.clock.now()).await?;
        }
        // Whose user group was forgotten just now.
        let left: Vec<_> = open.into_values().map(|(id, _)| id).collect();
        if !left.is_empty() {
            self.give_back(&left, Some(UNREAD), AGAIN_AFTER).await?;
        }
        Ok(())
    }

    /// When a summary that was due at `due` is looked at again after `now`.
    pub(super) fn next_look(&self, due: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let most = self.settings.weekly.update_hours;
        let looks = LOOK_AGAIN_AFTER_HOURS.into_iter().filter(|hours| *hours < most).chain((most > 0).then_some(most));
        looks.map(|hours| due + TimeDelta::hours(hours.into())).find(|look| *look > now)
    }
}
