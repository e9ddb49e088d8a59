//! What was filled in, as preferences: everything that is wrong is found at once. Pure.

use super::form::{COVERS, DAYS, DIGEST, Form, NAMED, PAUSE, SECTIONS, TIME, Usual, ZONE, ZONE_FROM};
use crate::{
    config,
    interaction::{State, modals::fields::Fields},
    model::{Covers, parse_zone},
    schedule::{date_at, start_of_day},
    store::Preferences,
};
use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use std::collections::BTreeMap;

/// A pause is at most so long.
const LONGEST_PAUSE: Days = Days::new(366);

/// Reads the form; what is as usual is left to the defaults, so that these keep applying. `before` is what held so far.
pub(super) fn read(
    state: &State,
    usual: &Usual,
    before: &Preferences,
    now: DateTime<Utc>,
) -> Result<Form, BTreeMap<String, String>> {
    let mut fields = Fields::of(state);
    let digest = fields.one_of(DIGEST, &["on", "off"], "Choose on or off.").is_some_and(|word| word == "on");
    let time = fields.time(TIME).filter(|time| *time != usual.time);
    let weekdays = fields.days(DAYS).filter(|days| *days != usual.weekdays);
    let zone = zone(&mut fields, before.zone);
    let covers = covers(&mut fields, usual.covers);
    let sections = sections(&mut fields, usual, before);
    let pause_until = pause(&mut fields, zone.unwrap_or(usual.zone), before, now);
    let named = state.of(NAMED, NAMED).many().iter().any(|value| value == "named");
    let days_off = before.days_off.clone();
    let preferences = Preferences { time, zone, weekdays, covers, days_off, sections, pause_until };
    fields.done(Form { digest, named, preferences })
}

fn zone(fields: &mut Fields<'_>, before: Option<Tz>) -> Option<Tz> {
    let chosen = fields.one(ZONE).map(|name| parse_zone(name).ok());
    match (fields.one_of(ZONE_FROM, &["slack", "own"], "Choose one of these.")?, chosen) {
        (_, Some(None)) => fields.fault(ZONE, "Choose one of the time zones that are offered."),
        ("own", Some(zone)) => zone,
        ("own", None) => fields.fault(ZONE, "Choose a time zone, or \"As in Slack\" above."),
        (_, Some(zone)) if zone != before => {
            fields.fault(ZONE_FROM, "You chose a time zone below. To use it, choose \"Another one\" here.")
        }
        _ => None,
    }
}

fn covers(fields: &mut Fields<'_>, usual: config::Covers) -> Option<Covers> {
    let chosen = fields.one_of(COVERS, &["auto", "morning", "evening"], "Choose one of these.")?;
    let chosen: Covers = chosen.parse().ok()?;
    let as_usual = matches!(
        (chosen, usual),
        (Covers::Morning, config::Covers::Morning) | (Covers::Evening, config::Covers::Evening)
    );
    (!as_usual).then_some(chosen)
}

fn sections(fields: &mut Fields<'_>, usual: &Usual, before: &Preferences) -> Option<Vec<String>> {
    let offered = usual.offered();
    let mut chosen = fields.sections(SECTIONS, offered.iter().map(|choice| choice.value.as_str()))?;
    let earlier = before.sections.as_ref().unwrap_or(&usual.sections);
    // What cannot be seen here now is kept.
    let hidden = |name: &&String| !offered.iter().any(|choice| choice.value == **name) && *name == "cost";
    chosen.extend(earlier.iter().filter(hidden).cloned());
    let is_usual = chosen.len() == usual.sections.len() && chosen.iter().all(|name| usual.sections.contains(name));
    (!is_usual).then_some(chosen)
}

fn pause(fields: &mut Fields<'_>, zone: Tz, before: &Preferences, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let date: NaiveDate = match fields.one(PAUSE)?.parse() {
        Ok(date) => date,
        Err(_) => return fields.fault(PAUSE, "Choose a day."),
    };
    // What stands is not moved by being shown, which a change of zone would do.
    if let Some(until) = before.pause_until.filter(|until| *until > now && date_at(zone, *until) == date) {
        return Some(until);
    }
    let today = date_at(zone, now);
    if date <= today {
        return fields.fault(PAUSE, "Choose a day after today, or leave it empty for no pause.");
    }
    if today.checked_add_days(LONGEST_PAUSE).is_none_or(|last| date > last) {
        return fields.fault(PAUSE, "A pause lasts a year at most. To get no digests at all, choose Off above.");
    }
    Some(start_of_day(zone, date))
}
