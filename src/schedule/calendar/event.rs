//! What an event makes days off.

use super::{
    CalendarError, DaysOff,
    content::{Event, Property},
    moment::{Moment, length},
    recurrence::{Exclusions, Recurrence},
};
use chrono::{NaiveDateTime, TimeDelta};
use chrono_tz::Tz;
use std::collections::BTreeMap;

/// Adds what `events` make days off.
pub(super) fn add_all(events: &[Event], days: &mut DaysOff) -> Result<(), CalendarError> {
    // Instances that were moved are events of their own, and none of those that they stand among.
    let mut moved = BTreeMap::<&str, Vec<Moment>>::new();
    for event in events {
        if let (Some(uid), Some(instance)) = (event.one("UID"), event.one("RECURRENCE-ID")) {
            moved.entry(&uid.value).or_default().push(moment(instance)?);
        }
    }
    for event in events.iter().filter(|event| !is_cancelled(event)) {
        let own = event.one("RECURRENCE-ID").is_none().then(|| event.one("UID")).flatten();
        let moved = own.and_then(|uid| moved.get(uid.value.as_str())).map(Vec::as_slice).unwrap_or_default();
        add(event, moved, days)?;
    }
    Ok(())
}

fn is_cancelled(event: &Event) -> bool {
    event.one("STATUS").is_some_and(|status| status.value.eq_ignore_ascii_case("CANCELLED"))
}

fn add(event: &Event, moved: &[Moment], days: &mut DaysOff) -> Result<(), CalendarError> {
    let at_event = |reason| CalendarError::at(event.line, reason);
    let begins = event.one("DTSTART").ok_or_else(|| at_event("the event has no DTSTART".to_owned()))?;
    let start = moment(begins)?;
    let lasts = lasts(event, start)?;
    let zone = begins.zone.as_deref().and_then(|name| name.trim_start_matches('/').parse::<Tz>().ok());
    let mut recurrence = Recurrence::of(start, zone, Exclusions::of(moved.iter().copied(), zone));
    for property in event.all("EXDATE") {
        recurrence.excluded.extend(moments(property)?, zone);
    }
    for property in event.all("RDATE") {
        recurrence.added.extend(moments(property)?.into_iter().map(|moment| moment.written_in(zone)));
    }
    for property in event.all("RRULE") {
        let at_rule = |reason| CalendarError::at(property.line, reason);
        recurrence.rules.push(recurrence.rule(&property.value).map_err(at_rule)?);
    }
    recurrence.each(days, |start, days| add_instance(start, lasts, days)).map_err(at_event)
}

/// Adds the dates from `start` to the moment before `start` and `lasts`.
fn add_instance(start: NaiveDateTime, lasts: TimeDelta, days: &mut DaysOff) -> Result<(), String> {
    let end = start.checked_add_signed(lasts - TimeDelta::nanoseconds(1)).unwrap_or(NaiveDateTime::MAX);
    days.add(start.date(), end.max(start).date())
}

/// From the start to the end that is written: without one a day, or of an event with a time a moment.
fn lasts(event: &Event, start: Moment) -> Result<TimeDelta, CalendarError> {
    let all_day = start.time.is_none();
    let at = |property: &Property, reason| CalendarError::at(property.line, reason);
    let lasts = match (event.one("DTEND"), event.one("DURATION")) {
        (Some(end), _) => {
            let lasts = moment(end)?.written() - start.written();
            if all_day && lasts < TimeDelta::zero() {
                return Err(at(end, "the event ends before it begins".to_owned()));
            }
            lasts
        }
        (None, Some(duration)) => length(&duration.value).map_err(|reason| at(duration, reason))?,
        (None, None) => TimeDelta::zero(),
    };
    Ok(lasts.max(if all_day { TimeDelta::days(1) } else { TimeDelta::nanoseconds(1) }))
}

fn moment(property: &Property) -> Result<Moment, CalendarError> {
    Moment::parse(&property.value).map_err(|reason| CalendarError::at(property.line, reason))
}

fn moments(property: &Property) -> Result<Vec<Moment>, CalendarError> {
    let each = property.value.split(',').map(|text| Moment::parse(text.trim()));
    each.collect::<Result<_, _>>().map_err(|reason| CalendarError::at(property.line, reason))
}
