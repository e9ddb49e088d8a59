//! What was filled in, as what is to be changed: everything that is wrong is found at once. Pure.

use super::{
    form::{COVERS, DAYS, DIGEST, NAMED, PAUSE, SECTIONS, TIME, Usual, ZONE, ZONE_FROM},
    shown::{COVERED, Shown},
};
use crate::{
    config,
    interaction::{State, modals::fields::Fields},
    model::{Covers, parse_zone},
    schedule::{date_at, start_of_day},
    store::{Preferences, PreferencesChange},
};
use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use std::collections::BTreeMap;

/// A pause is at most so long.
const LONGEST_PAUSE: Days = Days::new(366);

/// What is to be changed.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Wanted {
    pub digest: Option<bool>,
    pub named: Option<bool>,
    pub preferences: PreferencesChange,
}

/// Reads what differs from what was `shown`, whatever was changed elsewhere meanwhile; what is as usual is left to the
/// defaults, so that these keep applying. `before` is what holds so far.
pub(super) fn read(
    state: &State,
    shown: &Shown,
    usual: &Usual,
    before: &Preferences,
    now: DateTime<Utc>,
) -> Result<Wanted, BTreeMap<String, String>> {
    let mut fields = Fields::of(state);
    let digest = fields.one_of(DIGEST, &["on", "off"], "Choose on or off.").map(|word| word == "on");
    let named = state.of(NAMED, NAMED).many().iter().any(|value| value == "named");
    let time = fields.time(TIME).filter(|time| *time != shown.time);
    let weekdays = fields.days(DAYS).filter(|days| *days != shown.days);
    let zone = zone(&mut fields, shown.zone);
    let zone = (zone != shown.zone).then_some(zone);
    let covers = fields.one_of(COVERS, &COVERED, "Choose one of these.").filter(|chosen| *chosen != shown.covers);
    let reader = zone.unwrap_or(before.zone).unwrap_or(usual.zone);
    let preferences = PreferencesChange {
        time: time.map(|time| (time != usual.time).then_some(time)),
        zone,
        weekdays: weekdays.map(|days| (days != usual.weekdays).then_some(days)),
        covers: covers.map(|covers| unusual(covers, usual.covers)),
        days_off: None,
        sections: sections(&mut fields, shown, usual, before),
        pause_until: pause(&mut fields, reader, shown.pause, now),
    };
    fields.done(Wanted {
        digest: digest.filter(|digest| *digest != shown.digest),
        named: Some(named).filter(|named| *named != shown.named),
        preferences,
    })
}

fn zone(fields: &mut Fields<'_>, shown: Option<Tz>) -> Option<Tz> {
    let chosen = fields.one(ZONE).map(|name| parse_zone(name).ok());
    match (fields.one_of(ZONE_FROM, &["slack", "own"], "Choose one of these.")?, chosen) {
        (_, Some(None)) => fields.fault(ZONE, "Choose one of the time zones that are offered."),
        ("own", Some(zone)) => zone,
        ("own", None) => fields.fault(ZONE, "Choose a time zone, or \"As in Slack\" above."),
        (_, Some(zone)) if zone != shown => {
            fields.fault(ZONE_FROM, "You chose a time zone below. To use it, choose \"Another one\" here.")
        }
        _ => None,
    }
}

/// None where it is as usual.
fn unusual(chosen: &str, usual: config::Covers) -> Option<Covers> {
    let chosen: Covers = chosen.parse().ok()?;
    let as_usual = matches!(
        (chosen, usual),
        (Covers::Morning, config::Covers::Morning) | (Covers::Evening, config::Covers::Evening)
    );
    (!as_usual).then_some(chosen)
}

#[expect(clippy::option_option, reason = "whether they are changed, and to what")]
fn sections(
    fields: &mut Fields<'_>,
    shown: &Shown,
    usual: &Usual,
    before: &Preferences,
) -> Option<Option<Vec<String>>> {
    let sent = fields.many(SECTIONS);
    if sent.len() == shown.sections.len() && shown.sections.iter().all(|name| sent.contains(name)) {
        return None;
    }
    let offered = usual.offered();
    let mut chosen = fields.sections(SECTIONS, offered.iter().map(|choice| choice.value.as_str()))?;
    let earlier = before.sections.as_ref().unwrap_or(&usual.sections);
    // What cannot be seen here now is kept.
    let hidden = |name: &&String| !offered.iter().any(|choice| choice.value == **name) && *name == "cost";
    chosen.extend(earlier.iter().filter(hidden).cloned());
    let is_usual = chosen.len() == usual.sections.len() && chosen.iter().all(|name| usual.sections.contains(name));
    Some((!is_usual).then_some(chosen))
}

#[expect(clippy::option_option, reason = "whether it is changed, and to what")]
fn pause(
    fields: &mut Fields<'_>,
    zone: Tz,
    shown: Option<NaiveDate>,
    now: DateTime<Utc>,
) -> Option<Option<DateTime<Utc>>> {
    let Some(date) = fields.one(PAUSE) else { return shown.map(|_| None) };
    let Ok(date) = date.parse::<NaiveDate>() else { return fields.fault(PAUSE, "Choose a day.") };
    // What stands is not moved by being shown, which a change of zone would do.
    if shown == Some(date) {
        return None;
    }
    let today = date_at(zone, now);
    if date <= today {
        return fields.fault(PAUSE, "Choose a day after today, or leave it empty for no pause.");
    }
    if today.checked_add_days(LONGEST_PAUSE).is_none_or(|last| date > last) {
        return fields.fault(PAUSE, "A pause lasts a year at most. To get no digests at all, choose Off above.");
    }
    Some(Some(start_of_day(zone, date)))
}
