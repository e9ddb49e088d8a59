//! The three layers: embedded defaults, then a file, then the environment; the last one wins.

use super::fault::Fault;
use ::config::{ConfigError, Map, Source, Value, ValueKind};
use std::path::Path;

/// `config/default.toml`: every key with its default and one comment.
pub const DEFAULTS: &str = include_str!("../../config/default.toml");
/// What variables of Recap's settings begin with; `RECAP_CONFIG` does not, and is no key.
pub const PREFIX: &str = "RECAP__";

const DEFAULTS_ORIGIN: &str = "the defaults";
const FILE_ORIGIN: &str = "file ";
const VARIABLE_ORIGIN: &str = "variable ";
/// Tables whose keys people choose, so that a variable's upper-case name is matched to the file's spelling.
const NAMED: [&str; 3] = ["teams", "budgets", "admin_tokens"];

/// All is merged below one key, for the `config` crate reads a path out of each key at the top.
const ROOT: &str = "settings";

/// Where a value stands in the order of the layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Layer {
    Defaults,
    File,
    Environment,
}

impl Layer {
    pub(super) fn of(value: &Value) -> Self {
        let origin = origin_of(value);
        if origin.starts_with(VARIABLE_ORIGIN) {
            Self::Environment
        } else if origin.starts_with(FILE_ORIGIN) {
            Self::File
        } else {
            Self::Defaults
        }
    }
}

/// Where `value`, or the first value inside it, came from; a table itself has no origin after merging.
pub(super) fn origin_of(value: &Value) -> String {
    fn inside(value: &Value) -> Option<String> {
        match &value.kind {
            ValueKind::Table(table) => {
                let mut keys: Vec<_> = table.keys().collect();
                keys.sort();
                keys.into_iter().find_map(|key| inside(&table[key]))
            }
            _ => value.origin().map(str::to_owned),
        }
    }
    inside(value).unwrap_or_else(|| "an empty table".to_owned())
}

/// One layer as the `config` crate takes it, each leaf with the place it came from.
#[derive(Debug, Clone)]
struct Collected(Map<String, Value>);

impl Source for Collected {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        let table = Value::new(None, ValueKind::Table(self.0.clone()));
        Ok(Map::from_iter([(ROOT.to_owned(), table)]))
    }
}

/// Merges the layers into one table; a layer that cannot be read adds to `faults` and counts as empty.
pub(super) fn merge(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
    faults: &mut Vec<Fault>,
) -> Map<String, Value> {
    let defaults = parse(DEFAULTS, DEFAULTS_ORIGIN, faults);
    let file = file.map(|path| read(path, faults)).unwrap_or_default();
    let variables = from_environment(environment, &file, faults);
    let merged = [defaults, file, variables]
        .into_iter()
        .fold(::config::Config::builder(), |builder, layer| builder.add_source(Collected(layer)))
        .build()
        .and_then(|merged| merged.cache.into_table())
        .and_then(|mut merged| merged.remove(ROOT).unwrap_or_default().into_table());
    merged.unwrap_or_else(|error| {
        faults.push(Fault::of_layer("the settings", error));
        Map::new()
    })
}

fn read(path: &Path, faults: &mut Vec<Fault>) -> Map<String, Value> {
    let origin = format!("{FILE_ORIGIN}`{}`", path.display());
    match std::fs::read_to_string(path) {
        Ok(text) => parse(&text, &origin, faults),
        Err(error) => {
            faults.push(Fault::of_layer(origin, format_args!("cannot be read: {error}")));
            Map::new()
        }
    }
}

fn parse(text: &str, origin: &str, faults: &mut Vec<Fault>) -> Map<String, Value> {
    match text.parse::<toml::Table>() {
        Ok(table) => table.into_iter().map(|(key, value)| (key, from_toml(value, origin))).collect(),
        Err(error) => {
            // Only the message: the error's own display quotes the line, which may hold a secret.
            let start = error.span().map_or(0, |span| span.start);
            let line = text.bytes().take(start).filter(|byte| *byte == b'\n').count() + 1;
            let message = error.message().lines().collect::<Vec<_>>().join(", ");
            faults.push(Fault::of_layer(format!("{origin}, line {line}"), format_args!("is not TOML: {message}")));
            Map::new()
        }
    }
}

fn from_toml(value: toml::Value, origin: &str) -> Value {
    let kind = match value {
        toml::Value::String(text) => ValueKind::String(text),
        toml::Value::Integer(number) => ValueKind::I64(number),
        toml::Value::Float(number) => ValueKind::Float(number),
        toml::Value::Boolean(switch) => ValueKind::Boolean(switch),
        toml::Value::Datetime(instant) => ValueKind::String(instant.to_string()),
        toml::Value::Array(items) => ValueKind::Array(items.into_iter().map(|item| from_toml(item, origin)).collect()),
        toml::Value::Table(table) => {
            ValueKind::Table(table.into_iter().map(|(key, value)| (key, from_toml(value, origin))).collect())
        }
    };
    Value::new(Some(&origin.to_owned()), kind)
}

/// Reads `RECAP__SECTION__KEY`; an empty variable counts as not set, as compose files pass them.
fn from_environment(
    environment: impl IntoIterator<Item = (String, String)>,
    file: &Map<String, Value>,
    faults: &mut Vec<Fault>,
) -> Map<String, Value> {
    let mut variables: Vec<_> =
        environment.into_iter().filter(|(name, text)| name.starts_with(PREFIX) && !text.is_empty()).collect();
    variables.sort();
    let mut layer = Map::new();
    for (name, text) in variables {
        let origin = format!("{VARIABLE_ORIGIN}`{name}`");
        let parts: Vec<_> = name[PREFIX.len()..].split("__").map(str::to_lowercase).collect();
        if parts.iter().any(String::is_empty) {
            faults.push(Fault::of_layer(origin, "has an empty part, where RECAP__SECTION__KEY is expected"));
            continue;
        }
        let value = Value::new(Some(&origin), ValueKind::String(text));
        insert(&mut layer, Some(file), &parts, value);
    }
    layer
}

fn insert(layer: &mut Map<String, Value>, file: Option<&Map<String, Value>>, parts: &[String], value: Value) {
    let [key, rest @ ..] = parts else { return };
    if rest.is_empty() {
        layer.insert(key.clone(), value);
        return;
    }
    let known = file.and_then(|table| table.get(key)).and_then(as_table);
    let mut rest = rest.to_vec();
    if NAMED.contains(&key.as_str()) {
        rest[0] = spelt_as_in(known, &rest[0]);
    }
    let entry = layer.entry(key.clone()).or_insert_with(|| Value::new(None, ValueKind::Table(Map::new())));
    if as_table(entry).is_none() {
        entry.kind = ValueKind::Table(Map::new());
    }
    if let ValueKind::Table(inner) = &mut entry.kind {
        insert(inner, known, &rest, value);
    }
}

/// `platform_core` as the file writes it, where that is `Platform-Core`; so with `_file` behind it.
fn spelt_as_in(known: Option<&Map<String, Value>>, name: &str) -> String {
    let stem = |text: &str| text.strip_suffix("_file").unwrap_or(text).to_owned();
    let plain = |text: &str| text.to_lowercase().replace(['-', ' '], "_");
    let spelt = |wanted: &str| {
        known
            .and_then(|table| table.keys().map(|key| (plain(key), key)).find(|(key, _)| key == wanted))
            .map(|(_, key)| key)
    };
    if let Some(key) = spelt(name) {
        return key.clone();
    }
    let beside = if name.ends_with("_file") {
        spelt(&stem(name)).map(|key| format!("{key}_file"))
    } else {
        spelt(&format!("{name}_file")).map(|key| stem(key))
    };
    beside.unwrap_or_else(|| name.to_owned())
}

pub(super) fn as_table(value: &Value) -> Option<&Map<String, Value>> {
    match &value.kind {
        ValueKind::Table(table) => Some(table),
        _ => None,
    }
}
