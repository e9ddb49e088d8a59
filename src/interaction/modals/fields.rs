//! Reads what was filled in, and notes what is wrong beside the block that it stands in.

use crate::{
    interaction::State,
    model::{LocalTime, Weekdays},
};
use std::collections::BTreeMap;

/// The values of a modal; each block has the id of its action.
#[derive(Debug)]
pub(super) struct Fields<'a> {
    state: &'a State,
    faults: BTreeMap<String, String>,
}

impl<'a> Fields<'a> {
    pub(super) fn of(state: &'a State) -> Self {
        Self { state, faults: BTreeMap::new() }
    }

    /// Notes what is wrong, the first of each block; there is no value then.
    pub(super) fn fault<T>(&mut self, id: &str, words: &str) -> Option<T> {
        self.faults.entry(id.to_owned()).or_insert_with(|| words.to_owned());
        None
    }

    pub(super) fn one(&self, id: &str) -> Option<&'a str> {
        self.state.of(id, id).one()
    }

    pub(super) fn many(&self, id: &str) -> &'a [String] {
        self.state.of(id, id).many()
    }

    /// One of `known`.
    pub(super) fn one_of(&mut self, id: &str, known: &[&'static str], words: &str) -> Option<&'static str> {
        let chosen = self.one(id);
        match known.iter().find(|known| Some(**known) == chosen) {
            Some(known) => Some(known),
            None => self.fault(id, words),
        }
    }

    pub(super) fn time(&mut self, id: &str) -> Option<LocalTime> {
        match self.one(id).map(str::parse) {
            Some(Ok(time)) => Some(time),
            _ => self.fault(id, "Choose a time, such as 09:00."),
        }
    }

    /// At least one day.
    pub(super) fn days(&mut self, id: &str) -> Option<Weekdays> {
        let chosen = self.many(id);
        if chosen.is_empty() {
            return self.fault(id, "Choose at least one day.");
        }
        let known = |day: &String| day.len() == 3 && day.parse::<Weekdays>().is_ok();
        match chosen.join(",").parse() {
            Ok(days) if chosen.iter().all(known) => Some(days),
            _ => self.fault(id, "Choose among the days of the week."),
        }
    }

    /// At least one of `known`, in its order.
    pub(super) fn sections<'k>(&mut self, id: &str, known: impl Iterator<Item = &'k str>) -> Option<Vec<String>> {
        let chosen = self.many(id);
        let known: Vec<_> = known.collect();
        if chosen.is_empty() {
            return self.fault(id, "Choose at least one part.");
        }
        if !chosen.iter().all(|name| known.contains(&name.as_str())) {
            return self.fault(id, "Choose among the parts that are offered.");
        }
        Some(known.into_iter().filter(|known| chosen.iter().any(|name| name == known)).map(str::to_owned).collect())
    }

    /// `value`, where nothing was wrong.
    pub(super) fn done<T>(self, value: T) -> Result<T, BTreeMap<String, String>> {
        if self.faults.is_empty() { Ok(value) } else { Err(self.faults) }
    }
}
