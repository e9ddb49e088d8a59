//! The lines of an iCalendar file: unfolded, nested, and the events among them.

use super::{CalendarError, shown};
use icalendar::parser::Property as Parsed;

/// Deeper nesting has no meaning (an alarm stands in an event in a calendar).
const DEEPEST: usize = 8;
/// What is read of an event.
const READ: [&str; 9] = ["DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "STATUS", "UID"];

/// A property of an event.
#[derive(Debug)]
pub(super) struct Property {
    pub(super) line: usize,
    name: String,
    /// The `TZID` parameter.
    pub(super) zone: Option<String>,
    pub(super) value: String,
}

/// The properties of an event that are read.
#[derive(Debug)]
pub(super) struct Event {
    /// Where it begins.
    pub(super) line: usize,
    properties: Vec<Property>,
}

impl Event {
    /// Every property `name`.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Property> {
        self.properties.iter().filter(move |property| property.name == name)
    }

    /// The first property `name`.
    pub(super) fn one(&self, name: &str) -> Option<&Property> {
        self.properties.iter().find(|property| property.name == name)
    }
}

/// The events of `text`, in its order.
pub(super) fn events(text: &str) -> Result<Vec<Event>, CalendarError> {
    let mut open: Vec<(usize, String)> = Vec::new();
    let mut events = Vec::new();
    for (line, content) in unfolded(text) {
        let (name, value) = content.split_once([':', ';']).unwrap_or((&content, ""));
        let (name, value) = (name.trim().to_uppercase(), value.trim());
        match name.as_str() {
            "BEGIN" => {
                open.push((line, value.to_uppercase()));
                if open.len() > DEEPEST {
                    return Err(CalendarError::at(line, "nests deeper than a calendar does"));
                }
                if is_event(&open) {
                    events.push(Event { line, properties: Vec::new() });
                }
            }
            "END" => match open.pop() {
                Some((_, name)) if name == value.to_uppercase() => {}
                Some((first, name)) => {
                    let (ended, name) = (shown(value), shown(&name));
                    let reason = format!("ends `{ended}`, but `{name}` began on line {first}");
                    return Err(CalendarError::at(line, reason));
                }
                None => return Err(CalendarError::at(line, format!("ends `{}`, which did not begin", shown(value)))),
            },
            _ if open.is_empty() || !content.contains(':') => {
                return Err(CalendarError::at(line, format!("`{}` is no part of a calendar", shown(&content))));
            }
            name if READ.contains(&name) && is_event(&open) => {
                let property = property(line, &content)?;
                if let Some(event) = events.last_mut() {
                    event.properties.push(property);
                }
            }
            _ => {}
        }
    }
    match open.pop() {
        Some((line, name)) => Err(CalendarError::at(line, format!("`{}` begins and does not end", shown(&name)))),
        None => Ok(events),
    }
}

fn is_event(open: &[(usize, String)]) -> bool {
    matches!(open, [(_, calendar), (_, event)] if calendar == "VCALENDAR" && event == "VEVENT")
}

fn property(line: usize, content: &str) -> Result<Property, CalendarError> {
    let refused = || CalendarError::at(line, format!("`{}` cannot be read", shown(content)));
    let parsed = Parsed::try_from(content).map_err(|_| refused())?;
    let zone = parsed.params.iter().find(|parameter| parameter.key.as_str().eq_ignore_ascii_case("TZID"));
    Ok(Property {
        line,
        name: parsed.name.as_str().to_uppercase(),
        zone: zone.and_then(|zone| zone.val.as_ref()).map(|zone| zone.as_str().trim_matches('"').to_owned()),
        value: parsed.val.as_str().trim().to_owned(),
    })
}

/// The content lines of `text`, each with the number of the line that it begins on: one that begins with white space
/// continues the one before. (The crate unfolds too, and loses the numbers.)
fn unfolded(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(more), Some((_, content))) => content.push_str(more),
            _ if line.trim().is_empty() => {}
            _ => lines.push((index + 1, line.to_owned())),
        }
    }
    lines
}
