//! What a tick makes of a team whose week has come.

use super::{
    Rules,
    plan::{MOST_MISSED, NOT_RUNNING},
    team::{delivery, skipped},
    weeks::{Turn, date_shown},
};
use crate::{
    schedule::{Occurrence, WeeklySchedule, WeeklyWindow, date_at, jitter},
    store::{Advance, DueKey, NewDelivery, Planned as Outcome, Subscription},
};
use chrono::{DateTime, Datelike, Days, Utc, Weekday};

/// A team that is due. Each has days off of its own, so each goes on by itself.
pub(super) struct TeamDue<'a> {
    key: DueKey,
    schedule: WeeklySchedule,
    team: &'a Subscription,
}

impl<'a> TeamDue<'a> {
    pub fn of(team: &'a Subscription, key: DueKey, rules: &Rules) -> Self {
        let schedule = WeeklySchedule {
            zone: key.zone,
            time: key.time,
            day: key.weekdays.only().unwrap_or(Weekday::Mon),
            days_off: rules.weekly(&team.recipient).map(|weekly| weekly.schedule.days_off.clone()).unwrap_or_default(),
        };
        Self { key, schedule, team }
    }

    /// The deliveries of the weeks that came due, oldest first, and how the subscription goes on.
    pub fn plan(&self, rules: &Rules, now: DateTime<Utc>) -> (Vec<NewDelivery>, Advance) {
        let mut coming = self.turns().peekable();
        let mut turns = Vec::new();
        while let Some(turn) = coming.next_if(|turn| turn.occurrence.at <= now) {
            turns.push(turn);
        }
        let next = coming.peek().map(|turn| turn.occurrence);
        turns.drain(..turns.len().saturating_sub(MOST_MISSED));
        let deliveries = turns.iter().enumerate().map(|(index, turn)| {
            let latest = index + 1 == turns.len();
            self.delivery(rules, *turn, latest, now)
        });
        (deliveries.collect(), self.advance(turns.last().map(|turn| turn.occurrence), next))
    }

    /// The turns from the one that `next_due` stands for.
    fn turns(&self) -> impl Iterator<Item = Turn> + '_ {
        let first = self.first();
        let later = first.map(|first| first.later(&self.schedule)).into_iter().flatten();
        first.into_iter().chain(later)
    }

    /// The turn at `next_due`, unless the calendar or the tz database changed under it.
    fn first(&self) -> Option<Turn> {
        let DueKey { next_due, zone, time, .. } = self.key;
        let date = date_shown(zone, time, next_due);
        let turn = Turn::of(&self.schedule, date.iso_week())?;
        // A day that the calendar gave back when it was over is not made up for.
        let given_back = !turn.holiday && turn.occurrence.date < date && !self.schedule.days_off.contains(&date);
        Some(if given_back { Turn { occurrence: Occurrence { date, at: next_due }, holiday: false } } else { turn })
    }

    fn delivery(&self, rules: &Rules, turn: Turn, latest: bool, now: DateTime<Utc>) -> NewDelivery {
        if turn.holiday {
            return skipped(self.team, turn, "holiday");
        }
        let Occurrence { date, at } = turn.occurrence;
        let send_at = at + jitter(&self.team.recipient, rules.jitter_minutes);
        let expires = rules.catch_up.expires(self.key.zone, self.key.time, date, send_at);
        let outcome = if latest && now < expires { Outcome::Due } else { Outcome::Missed(NOT_RUNNING.to_owned()) };
        NewDelivery { send_at, expires, ..delivery(self.team, turn, outcome) }
    }

    /// How the subscription goes on after `last`, or where nothing was due after all up to the week before `next`.
    fn advance(&self, last: Option<Occurrence>, next: Option<Occurrence>) -> Advance {
        let before = || {
            let date = next.map_or(date_at(self.key.zone, self.key.next_due), |next| next.date);
            Occurrence { date: date.checked_sub_days(Days::new(7)).unwrap_or(date), at: self.key.next_due }
        };
        let last = last.unwrap_or_else(before);
        Advance {
            key: self.key.clone(),
            first: self.team.recipient.clone(),
            last: self.team.recipient.clone(),
            next_due: next.map(|next| next.at),
            last_period: last.date,
            last_due: last.at,
            last_window_end: WeeklyWindow::before(self.key.zone, last.date).reported().end,
            // Nobody can have come in between one recipient and itself.
            planned: false,
        }
    }
}
