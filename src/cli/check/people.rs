//! Whether the people in the telemetry are the people in Slack.

use super::{
    directory::{Directory, Match},
    line::Line,
    telemetry::Sight,
};
use crate::{
    cli::source::explained,
    warehouse::{Person, WarehouseError},
};
use std::fmt::Write;

const CHECK: &str = "people";
/// So many unmatched addresses are named, the rest counted.
const NAMED: usize = 10;
/// No more of an address is shown.
const LONGEST: usize = 80;

/// Compares everyone in the telemetry with the directory.
pub async fn compare(sight: Option<&Sight>, directory: Option<&Directory>) -> Line {
    let (sight, directory) = match (sight, directory) {
        (None, None) => return Line::skipped(CHECK, "neither the telemetry nor Slack's directory can be read"),
        (None, _) => return Line::skipped(CHECK, "the telemetry cannot be read"),
        (_, None) => return Line::skipped(CHECK, "Slack's directory cannot be read"),
        (Some(sight), Some(directory)) => (sight, directory),
    };
    match count(sight, directory).await {
        Ok(tally) => tally.line(&sight.span),
        Err(error) => Line::failed(CHECK, &explained(error)),
    }
}

async fn count(sight: &Sight, directory: &Directory) -> Result<Tally, WarehouseError> {
    let mut rows = sight.warehouse.facts().people(sight.from, sight.to).await?;
    let mut tally = Tally::default();
    while let Some(person) = rows.next().await? {
        tally.add(&person, directory);
    }
    Ok(tally)
}

/// Counts, and the first few addresses that match nobody.
#[derive(Debug, Default)]
struct Tally {
    matched: usize,
    silent: usize,
    unmatched: usize,
    named: Vec<String>,
    sessions_of_nobody: u64,
}

impl Tally {
    fn add(&mut self, person: &Person, directory: &Directory) {
        if person.email.is_empty() {
            self.sessions_of_nobody += person.sessions;
            return;
        }
        match directory.find(&person.email) {
            Match::Active => self.matched += 1,
            Match::Silent => self.silent += 1,
            Match::Nobody => {
                self.unmatched += 1;
                if self.named.len() < NAMED {
                    self.named.push(person.email.chars().take(LONGEST).collect());
                }
            }
        }
    }

    fn line(&self, span: &str) -> Line {
        let all = self.matched + self.silent + self.unmatched;
        if all == 0 && self.sessions_of_nobody == 0 {
            return Line::ok(CHECK, format!("nobody had a session in the last {span}"));
        }
        let matched = self.matched;
        let mut told = format!("{matched} of {all} in the telemetry of the last {span} are active members of Slack");
        // Writing to a string does not fail.
        if self.silent > 0 {
            let _ = write!(told, "; {} in Slack as guests, bots or deactivated", are(self.silent));
        }
        if self.unmatched > 0 {
            let _ = write!(told, "; {} not in Slack: {}", are(self.unmatched), self.named.join(", "));
        }
        let _ = match self.unmatched - self.named.len() {
            0 => Ok(()),
            more => write!(told, " and {more} more"),
        };
        let _ = match self.sessions_of_nobody {
            0 => Ok(()),
            1 => write!(told, "; 1 session is nobody's"),
            sessions => write!(told, "; {sessions} sessions are nobody's"),
        };
        match self.hint() {
            None => Line::ok(CHECK, told),
            Some(hint) => Line::warning(CHECK, told, hint),
        }
    }

    fn hint(&self) -> Option<&'static str> {
        match (self.unmatched, self.sessions_of_nobody) {
            (1.., _) => Some("map addresses that differ from Slack's in `clickhouse.aliases`"),
            (0, 1..) => Some(
                "a login by API key sends no address: set one for these clients with \
                 OTEL_RESOURCE_ATTRIBUTES=enduser.id=NAME@example.com",
            ),
            (0, 0) => None,
        }
    }
}

fn are(count: usize) -> String {
    if count == 1 { "1 is".to_owned() } else { format!("{count} are") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::check::line::Status;

    fn line(people: &[(&str, u64)]) -> Line {
        let mut tally = Tally::default();
        for (email, sessions) in people {
            tally.add(&Person { email: (*email).to_owned(), sessions: *sessions, latest_ms: 0 }, &Directory::default());
        }
        tally.line("30 days")
    }

    #[test]
    fn only_the_first_addresses_are_named() {
        let emails: Vec<String> = (10..35).map(|number| format!("p{number}@example.com")).collect();
        let mut people: Vec<(&str, u64)> = emails.iter().map(|email| (email.as_str(), 1)).collect();
        people.push(("", 12));
        let line = line(&people);
        assert_eq!(line.status, Status::Warning);
        assert!(line.message.starts_with("0 of 25 in the telemetry"), "{}", line.message);
        assert!(line.message.contains("p19@example.com and 15 more; 12 sessions are nobody's"), "{}", line.message);
        assert!(!line.message.contains("p20@"), "{}", line.message);
    }

    #[test]
    fn sessions_of_nobody_alone_lead_to_the_attribute_that_names_somebody() {
        let line = line(&[("", 1)]);
        assert!(line.message.ends_with("1 session is nobody's"), "{}", line.message);
        assert!(line.hint.unwrap().contains("enduser.id"));
    }
}
