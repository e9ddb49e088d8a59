//! When an event recurs, by the rules of the crate rrule, held within bounds.

use super::{DaysOff, moment::Moment, shown};
use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Tz;
use rrule::{Frequency, RRule, RRuleSet, Unvalidated};
use std::collections::BTreeSet;

/// Instances that are none.
#[derive(Debug, Default)]
pub(super) struct Exclusions {
    /// Every instance of these dates.
    dates: BTreeSet<NaiveDate>,
    instants: BTreeSet<NaiveDateTime>,
}

/// The instances of an event, as its own zone writes them.
#[derive(Debug)]
pub(super) struct Recurrence {
    start: Moment,
    zone: Option<Tz>,
    pub(super) rules: Vec<Rule>,
    pub(super) added: Vec<NaiveDateTime>,
    pub(super) excluded: Exclusions,
}

/// One RRULE.
#[derive(Debug)]
pub(super) struct Rule {
    rule: RRule<Unvalidated>,
    /// The last moment on which it can come true.
    until: NaiveDateTime,
}

impl Exclusions {
    pub(super) fn of(moments: impl IntoIterator<Item = Moment>, zone: Option<Tz>) -> Self {
        let mut exclusions = Self::default();
        exclusions.extend(moments, zone);
        exclusions
    }

    pub(super) fn extend(&mut self, moments: impl IntoIterator<Item = Moment>, zone: Option<Tz>) {
        for moment in moments {
            match moment.time {
                None => self.dates.insert(moment.date),
                Some(_) => self.instants.insert(moment.written_in(zone)),
            };
        }
    }

    fn hold(&self, instance: NaiveDateTime) -> bool {
        self.dates.contains(&instance.date()) || self.instants.contains(&instance)
    }
}

impl Recurrence {
    /// An event that begins at `start`, by the clock of `zone` if that is known.
    pub(super) fn of(start: Moment, zone: Option<Tz>, excluded: Exclusions) -> Self {
        Self { start, zone, rules: Vec::new(), added: Vec::new(), excluded }
    }

    /// Reads an RRULE. Its end is kept apart, for the crate would take one without `Z` in this machine's zone.
    pub(super) fn rule(&self, text: &str) -> Result<Rule, String> {
        let text = text.to_uppercase();
        let is_until = |part: &&str| part.starts_with("UNTIL=");
        let until = match text.split(';').find(is_until) {
            None => NaiveDateTime::MAX,
            Some(part) => {
                let until = Moment::parse(part.trim_start_matches("UNTIL="))?;
                match until.time {
                    Some(_) => until.written_in(self.zone),
                    None => until.date.and_hms_opt(23, 59, 59).unwrap_or(NaiveDateTime::MAX),
                }
            }
        };
        let parts: Vec<_> = text.split(';').filter(|part| !is_until(part) && !part.is_empty()).collect();
        let refused = |why: String| format!("the rule `{}` cannot be read: {}", shown(&text), shown(&why));
        let rule: RRule<Unvalidated> =
            parts.join(";").parse().map_err(|error: rrule::RRuleError| refused(error.to_string()))?;
        let within_a_day = matches!(rule.get_freq(), Frequency::Hourly | Frequency::Minutely | Frequency::Secondly)
            || [rule.get_by_hour(), rule.get_by_minute(), rule.get_by_second()].iter().any(|times| times.len() > 1);
        if within_a_day {
            return Err("the event recurs within a day, so it is no day off".to_owned());
        }
        Ok(Rule { rule: rule.by_hour(Vec::new()).by_minute(Vec::new()).by_second(Vec::new()), until })
    }

    /// Gives every instance up to the end of `days`' years to `found`; without a rule the start is the first.
    pub(super) fn each(
        &self,
        days: &mut DaysOff,
        mut found: impl FnMut(NaiveDateTime, &mut DaysOff) -> Result<(), String>,
    ) -> Result<(), String> {
        let start = self.start.written();
        let alone = self.rules.is_empty().then_some(start);
        for instance in alone.into_iter().chain(self.added.iter().copied()) {
            if !self.excluded.hold(instance) {
                found(instance, days)?;
            }
        }
        let years_end =
            NaiveDate::from_ymd_opt(*days.years.end(), 12, 31).and_then(|date| date.and_hms_opt(23, 59, 59));
        for rule in &self.rules {
            days.count_rule()?;
            let until = rule.until.min(years_end.unwrap_or(NaiveDateTime::MAX));
            if until < start {
                continue;
            }
            let mut comes_true = false;
            for instance in rule.instances(start)? {
                comes_true = true;
                if instance > until {
                    break;
                }
                // Instances before the years cost their time too.
                days.count_day()?;
                if !self.excluded.hold(instance) {
                    found(instance, days)?;
                }
            }
            if !comes_true {
                return Err("the event's rule never comes true".to_owned());
            }
        }
        Ok(())
    }
}

impl Rule {
    /// What the rule gives from `start` on, which is reckoned in UTC, where each clock time is once.
    fn instances(&self, start: NaiveDateTime) -> Result<impl Iterator<Item = NaiveDateTime>, String> {
        let start = start.and_utc().with_timezone(&rrule::Tz::UTC);
        let rule = self.rule.clone().validate(start);
        let rule = rule.map_err(|error| format!("the event's rule cannot be: {}", shown(&error.to_string())))?;
        let instances = RRuleSet::new(start).rrule(rule).limit();
        Ok((&instances).into_iter().map(|instance| instance.naive_utc()))
    }
}
