//! The preferences as they are shown. Pure.

use super::shown::Shown;
use crate::{
    config::{self, DailySection},
    interaction::{
        Choice,
        modals::zones,
        view::{Modal, checkboxes, context, date, external, hinted, input, option, optional, radio, select, time},
    },
    model::{Covers, LocalTime, Weekdays},
    personal::Standing,
    planner::Rules,
    schedule::date_at,
    store::{MemberRecord, Preferences},
};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde_json::Value;

pub(in crate::interaction::modals) const CALLBACK: &str = "preferences";
pub(super) const TITLE: &str = "Preferences";

// Each value has one name: of its block, and of its action.
pub(super) const DIGEST: &str = "preferences_digest";
pub(super) const TIME: &str = "preferences_time";
pub(super) const DAYS: &str = "preferences_days";
pub(super) const ZONE_FROM: &str = "preferences_zone_from";
pub(in crate::interaction::modals) const ZONE: &str = "preferences_zone";
pub(super) const SECTIONS: &str = "preferences_sections";
pub(super) const COVERS: &str = "preferences_covers";
pub(super) const NAMED: &str = "preferences_named";
pub(super) const PAUSE: &str = "preferences_pause";

/// What holds for a member who chose nothing.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Usual {
    pub time: LocalTime,
    pub weekdays: Weekdays,
    /// Slack's, else the installation's.
    pub zone: Tz,
    /// Slack knows the zone.
    pub zone_of_slack: bool,
    pub covers: config::Covers,
    /// Names as settings write them.
    pub sections: Vec<String>,
    /// Off: costs are shown nowhere, and cannot be chosen.
    pub show_cost: bool,
}

/// What the modal shows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Form {
    pub digest: bool,
    pub named: bool,
    pub preferences: Preferences,
}

impl Usual {
    pub(super) fn of(rules: &Rules, sections: Vec<String>, show_cost: bool, member: &MemberRecord) -> Self {
        Self {
            time: rules.time,
            weekdays: rules.weekdays,
            zone: member.zone.unwrap_or(rules.zone),
            zone_of_slack: member.zone.is_some(),
            covers: rules.covers,
            sections,
            show_cost,
        }
    }

    /// The sections that can be chosen, with what they are called.
    pub(super) fn offered(&self) -> Vec<Choice> {
        let all = DailySection::ALL.into_iter().filter(|(_, section)| self.show_cost || *section != DailySection::Cost);
        all.map(|(name, section)| option(called(section), name)).collect()
    }
}

impl Form {
    pub(super) fn of(standing: &Standing) -> Self {
        let preferences = standing.preferences.clone();
        Self { digest: standing.subscribed, named: standing.consents.named, preferences }
    }

    /// The modal at `now`.
    pub(super) fn view(&self, usual: &Usual, now: DateTime<Utc>) -> Value {
        let Preferences { time: chosen, weekdays, sections, .. } = &self.preferences;
        let days = weekdays.unwrap_or(usual.weekdays).days().map(|day| day.to_string().to_lowercase());
        let sections = sections.as_ref().unwrap_or(&usual.sections);
        Modal::new(CALLBACK, TITLE)
            .submit("Save")
            .metadata(self.shown(usual, now).write())
            .block(input(DIGEST, "Daily digest", radio(&switch(), Some(if self.digest { "on" } else { "off" }))))
            .block(input(TIME, "Time", time(Some(chosen.unwrap_or(usual.time)))))
            .block(input(DAYS, "Days", checkboxes(&every_day(), &days.collect::<Vec<_>>())))
            .blocks(self.zone(usual, now))
            .block(input(SECTIONS, "What it shows", checkboxes(&usual.offered(), sections)))
            .block(input(COVERS, "What it covers", select(&covers(usual.covers), Some(self.covers()))))
            .block(optional(input(NAMED, "Team summaries", checkboxes(&named(), named_on(self.named)))))
            .block(hinted(
                optional(input(PAUSE, "Pause until", date(self.paused(usual, now)))),
                "No digest comes before this day. Empty: no pause.",
            ))
            .block(context("Only you see your digest. Team summaries count you whether you are named or not."))
            .json()
    }

    /// What stands in the form.
    pub(super) fn shown(&self, usual: &Usual, now: DateTime<Utc>) -> Shown {
        let Preferences { time, zone, weekdays, sections, .. } = &self.preferences;
        let sections = sections.as_ref().unwrap_or(&usual.sections);
        let offered = usual.offered().into_iter().map(|choice| choice.value);
        Shown {
            digest: self.digest,
            named: self.named,
            time: time.unwrap_or(usual.time),
            days: weekdays.unwrap_or(usual.weekdays),
            zone: *zone,
            covers: self.covers().to_owned(),
            sections: offered.filter(|name| sections.contains(name)).collect(),
            pause: self.paused(usual, now),
        }
    }

    fn zone(&self, usual: &Usual, now: DateTime<Utc>) -> [Value; 2] {
        let own = self.preferences.zone;
        let from = if usual.zone_of_slack { "As in Slack" } else { "As usual here" };
        let from = [
            option(&format!("{from} ({})", usual.zone.name().replace('_', " ")), "slack"),
            option("Another one, chosen below", "own"),
        ];
        let select =
            external("Type a city, or an offset such as +5:30", own.map(|own| zones::choice(own, now)).as_ref());
        [
            input(ZONE_FROM, "Time zone", radio(&from, Some(if own.is_some() { "own" } else { "slack" }))),
            optional(input(ZONE, "Another time zone", select)),
        ]
    }

    fn covers(&self) -> &'static str {
        match self.preferences.covers {
            None => "auto",
            Some(Covers::Morning) => "morning",
            Some(Covers::Evening) => "evening",
        }
    }

    /// The first day after the pause.
    fn paused(&self, usual: &Usual, now: DateTime<Utc>) -> Option<NaiveDate> {
        let zone = self.preferences.zone.unwrap_or(usual.zone);
        self.preferences.pause_until.filter(|until| *until > now).map(|until| date_at(zone, until))
    }
}

fn switch() -> [Choice; 2] {
    [option("On", "on"), option("Off", "off")]
}

/// The week, by the short names that settings use.
pub(in crate::interaction::modals) fn every_day() -> Vec<Choice> {
    let names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    names.into_iter().map(|name| option(name, &name[..3].to_lowercase())).collect()
}

fn covers(usual: config::Covers) -> [Choice; 3] {
    let auto = match usual {
        config::Covers::Auto => "By its time: before noon the days before, later the day so far",
        config::Covers::Morning => "As usual here: the whole days before",
        config::Covers::Evening => "As usual here: up to the time it comes",
    };
    [option(auto, "auto"), option("The whole days before", "morning"), option("Up to the time it comes", "evening")]
}

fn named() -> [Choice; 1] {
    [option("Name me when I am MVP of the week", "named")]
}

fn named_on(named: bool) -> &'static [&'static str] {
    if named { &["named"] } else { &[] }
}

/// What a section is called in a form.
pub(in crate::interaction::modals) fn called(section: DailySection) -> &'static str {
    match section {
        DailySection::Sessions => "Sessions",
        DailySection::Cost => "Estimated cost",
        DailySection::Tokens => "Tokens",
        DailySection::Skills => "Top skills",
        DailySection::Streak => "Streak",
        DailySection::Comparison => "Comparison with your average",
        DailySection::Cache => "Cache hit rate",
        DailySection::Chart => "Chart of the last 7 days",
        DailySection::Models => "Models",
    }
}
