//! Reads one table of the settings key by key, notes which keys are known, and gathers every fault.

use super::{
    fault::{Fault, nearest},
    forms::shown,
    layers::{Layer, PREFIX, as_table, origin_of},
};
use ::config::{Map, Value, ValueKind};
use std::{collections::BTreeMap, fmt::Display, ops::RangeInclusive};

/// A table that is being read. A read that fails notes the fault and gives `None`.
pub(super) struct Section<'a> {
    path: String,
    entries: BTreeMap<String, Value>,
    known: Vec<String>,
    pub(super) faults: &'a mut Vec<Fault>,
}

impl<'a> Section<'a> {
    pub(super) fn root(table: Map<String, Value>, faults: &'a mut Vec<Fault>) -> Self {
        Self { path: String::new(), entries: table.into_iter().collect(), known: Vec::new(), faults }
    }

    /// The table under `key`; an absent one is empty.
    pub(super) fn table(&mut self, key: &str) -> Section<'_> {
        let value = self.take(key);
        let table = value.as_ref().and_then(as_table).cloned();
        if let (Some(value), None) = (&value, &table) {
            self.fault(key, value, format_args!("must be a table, not {}", kind(value)));
        }
        let entries = table.into_iter().flatten().collect();
        Section { path: self.path_of(key), entries, known: Vec::new(), faults: self.faults }
    }

    /// What is left of this table: where people choose the keys, the names of teams for example.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.entries.iter()
    }

    /// The keys of `entries`.
    pub(super) fn names(&self) -> Vec<String> {
        self.entries.keys().cloned().collect()
    }

    pub(super) fn required_text<T, E: Display>(
        &mut self,
        key: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let value = self.required(key)?;
        self.parsed(key, &value, text(&value), parse)
    }

    /// As `required_text`; absent or empty is none.
    pub(super) fn optional_text<T, E: Display>(
        &mut self,
        key: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let value = self.take(key).filter(|value| !is_empty(value))?;
        self.parsed(key, &value, text(&value), parse)
    }

    pub(super) fn switch(&mut self, key: &str) -> Option<bool> {
        let value = self.required(key)?;
        let found = match &value.kind {
            ValueKind::Boolean(switch) => Ok(*switch),
            ValueKind::String(text) if Layer::of(&value) == Layer::Environment => match text.to_lowercase().as_str() {
                "true" | "yes" | "on" | "1" => Ok(true),
                "false" | "no" | "off" | "0" => Ok(false),
                _ => Err(()),
            },
            _ => Err(()),
        };
        found.map_err(|()| self.fault(key, &value, "must be true or false")).ok()
    }

    pub(super) fn whole(&mut self, key: &str, range: RangeInclusive<u32>) -> Option<u32> {
        let value = self.required(key)?;
        let found = match &value.kind {
            ValueKind::I64(number) => u32::try_from(*number).ok(),
            ValueKind::String(text) if Layer::of(&value) == Layer::Environment => text.trim().parse().ok(),
            _ => None,
        };
        let found = found.filter(|number| range.contains(number));
        if found.is_none() {
            let (least, most) = range.into_inner();
            self.fault(key, &value, format_args!("must be a whole number from {least} to {most}"));
        }
        found
    }

    /// A finite number above zero.
    pub(super) fn positive(&mut self, key: &str) -> Option<f64> {
        let value = self.required(key)?;
        let found = match &value.kind {
            ValueKind::I64(number) => Some(*number as f64),
            ValueKind::Float(number) => Some(*number),
            ValueKind::String(text) if Layer::of(&value) == Layer::Environment => text.trim().parse().ok(),
            _ => None,
        };
        let found = found.filter(|number| number.is_finite() && *number > 0.0);
        if found.is_none() {
            self.fault(key, &value, "must be a number above 0");
        }
        found
    }

    /// A list, comma separated where it comes from the environment; absent is empty. Each bad item is a fault.
    pub(super) fn list<T, E: Display>(&mut self, key: &str, parse: impl Fn(&str) -> Result<T, E>) -> Option<Vec<T>> {
        let Some(value) = self.take(key) else { return Some(Vec::new()) };
        let items: Vec<Value> = match &value.kind {
            ValueKind::Array(items) => items.clone(),
            ValueKind::String(text) if Layer::of(&value) == Layer::Environment => {
                let origin = value.origin().map(str::to_owned);
                let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
                parts.map(|part| Value::new(origin.as_ref(), part)).collect()
            }
            _ => {
                self.fault(key, &value, format_args!("must be a list, not {}", kind(&value)));
                return None;
            }
        };
        let read: Vec<_> = items.iter().map(|item| self.parsed(key, &value, text(item), |text| parse(text))).collect();
        read.into_iter().collect()
    }

    /// As `list`, with at least one item.
    pub(super) fn filled_list<T, E: Display>(
        &mut self,
        key: &str,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Option<Vec<T>> {
        let origin = self.entries.get(key).map(origin_of).unwrap_or_default();
        let items = self.list(key, parse)?;
        if items.is_empty() {
            self.faults.push(Fault::of_key(&self.path_of(key), &origin, "must hold at least one item"));
        }
        Some(items).filter(|items| !items.is_empty())
    }

    /// Takes the value of `key` out, so that what is left at the end is unknown.
    pub(super) fn take(&mut self, key: &str) -> Option<Value> {
        self.known.push(key.to_owned());
        self.entries.remove(key)
    }

    fn required(&mut self, key: &str) -> Option<Value> {
        let value = self.take(key);
        if value.is_none() {
            self.faults.push(Fault::of_key(&self.path_of(key), "nowhere set", "is missing"));
        }
        value
    }

    fn parsed<T, E: Display>(
        &mut self,
        key: &str,
        value: &Value,
        text: Result<&str, String>,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        match text.and_then(|text| parse(text).map_err(|error| error.to_string())) {
            Ok(parsed) => Some(parsed),
            Err(reason) => {
                self.fault(key, value, reason);
                None
            }
        }
    }

    /// Notes a fault of `key`, whose value came from where `value` did.
    pub(super) fn fault(&mut self, key: &str, value: &Value, reason: impl Display) {
        let path = self.path_of(key);
        self.faults.push(Fault::of_key(&path, &origin_of(value), reason));
    }

    /// Notes a fault of the table itself, such as keys that contradict each other.
    pub(super) fn fault_at(&mut self, key: &str, origin: &str, reason: impl Display) {
        let path = self.path_of(key);
        self.faults.push(Fault::of_key(&path, origin, reason));
    }

    /// Where the value of `key` came from, if there is one that is not empty.
    pub(super) fn origin(&self, key: &str) -> Option<String> {
        self.entries.get(key).filter(|value| !is_empty(value)).map(origin_of)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// Refuses what nothing has asked for.
    pub(super) fn finish(mut self) {
        for (key, value) in std::mem::take(&mut self.entries) {
            let what = if self.path.is_empty() && as_table(&value).is_some() { "section" } else { "key" };
            let hint = match nearest(&key, self.known.iter().map(String::as_str)) {
                Some(name) if Layer::of(&value) == Layer::Environment => {
                    let path = self.path_of(name).replace('.', "__").to_uppercase();
                    let more = if what == "section" { "__…" } else { "" };
                    format!("did you mean `{PREFIX}{path}{more}`?")
                }
                Some(name) => format!("did you mean `{}`?", self.path_of(name)),
                None => format!("known here are {}", self.known.join(", ")),
            };
            self.fault(&shown(&key), &value, format_args!("is not a known {what}; {hint}"));
        }
    }
}

fn text(value: &Value) -> Result<&str, String> {
    match &value.kind {
        ValueKind::String(text) => Ok(text),
        _ => Err(format!("must be text, not {}", kind(value))),
    }
}

fn is_empty(value: &Value) -> bool {
    matches!(&value.kind, ValueKind::String(text) if text.is_empty())
}

pub(super) fn kind(value: &Value) -> &'static str {
    match &value.kind {
        ValueKind::Nil => "nothing",
        ValueKind::Boolean(_) => "true or false",
        ValueKind::String(_) => "text",
        ValueKind::Table(_) => "a table",
        ValueKind::Array(_) => "a list",
        _ => "a number",
    }
}
