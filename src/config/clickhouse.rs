//! `[clickhouse]`: where the telemetry is, and how people are recognised in it.

use super::{
    forms,
    layers::Layer,
    section::{Section, kind},
};
use crate::model::MemberEmail;
use ::config::{Value, ValueKind};
use secrecy::SecretString;
use std::{collections::BTreeMap, path::PathBuf};
use url::Url;

/// Where and how usage is read.
#[derive(Debug, Clone)]
pub struct ClickHouse {
    pub location: Location,
    pub database: String,
    pub user: String,
    /// Empty where the account has none.
    pub password: SecretString,
    /// `table` or `database.table`; found by shape where none.
    pub logs_table: Option<String>,
    pub metrics_table: Option<String>,
    pub prompts_table: Option<String>,
    /// Prefixes of the service names that count as Claude Code.
    pub services: Vec<String>,
    /// Attribute keys that tell the person, best first.
    pub identity: Vec<String>,
    /// From an address in telemetry to the one in Slack.
    pub aliases: BTreeMap<MemberEmail, MemberEmail>,
    /// Attribute keys that tell the team, best first.
    pub team_attributes: Vec<String>,
    pub max_execution_seconds: u32,
    /// Where `make engine` puts the engine.
    pub engine_dir: PathBuf,
    /// Where the embedded engine keeps its data.
    pub data_dir: PathBuf,
}

/// Which ClickHouse is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// The engine that Recap hosts itself.
    Embedded,
    /// A server's HTTP interface.
    Url(Url),
}

impl ClickHouse {
    pub(super) fn read(mut section: Section<'_>) -> Option<Self> {
        let location = section.required_text("url", location);
        let database = section.required_text("database", forms::identifier);
        let user = section.required_text("user", forms::line);
        let password = section.secret("password").unwrap_or_default();
        let logs_table = section.optional_text("logs_table", forms::table);
        let metrics_table = section.optional_text("metrics_table", forms::table);
        let prompts_table = section.optional_text("prompts_table", forms::table);
        let services = section.filled_list("services", forms::line);
        let identity = section.filled_list("identity", forms::attribute_key);
        let aliases = aliases(&mut section);
        let team_attributes = section.list("team_attributes", forms::attribute_key);
        let max_execution_seconds = section.whole("max_execution_seconds", 1..=3_600);
        let engine_dir = section.required_text("engine_dir", forms::path);
        let data_dir = section.required_text("data_dir", forms::path);
        section.finish();
        Some(Self {
            location: location?,
            database: database?,
            user: user?,
            password,
            logs_table,
            metrics_table,
            prompts_table,
            services: services?,
            identity: identity?,
            aliases,
            team_attributes: team_attributes?,
            max_execution_seconds: max_execution_seconds?,
            engine_dir: engine_dir?,
            data_dir: data_dir?,
        })
    }
}

fn location(text: &str) -> Result<Location, String> {
    let text = text.trim();
    if text == "embedded" {
        return Ok(Location::Embedded);
    }
    forms::base_url(text).map(Location::Url).map_err(|reason| match reason.as_str() {
        "must not hold a user or password" => {
            format!("{reason}; set `clickhouse.user` and `clickhouse.password`")
        }
        _ => format!("{reason}; it is `embedded` or the server's HTTP address, as in http://localhost:8123"),
    })
}

/// A table of addresses, or from the environment `old@example.com=new@example.com,…`.
fn aliases(section: &mut Section<'_>) -> BTreeMap<MemberEmail, MemberEmail> {
    const KEY: &str = "aliases";
    let Some(value) = section.take(KEY) else { return BTreeMap::new() };
    let pairs: Vec<(String, Result<String, String>)> = match &value.kind {
        ValueKind::Table(table) => table.iter().map(|(from, to)| (from.clone(), address(to))).collect(),
        ValueKind::String(text) if Layer::of(&value) == Layer::Environment => text
            .split(',')
            .filter(|pair| !pair.trim().is_empty())
            .map(|pair| match pair.split_once('=') {
                Some((from, to)) => (from.to_owned(), Ok(to.to_owned())),
                None => (pair.to_owned(), Err(format!("`{}` must be address=address", forms::shown(pair)))),
            })
            .collect(),
        _ => {
            section.fault(KEY, &value, format_args!("must be a table of addresses, not {}", kind(&value)));
            return BTreeMap::new();
        }
    };
    let mut aliases = BTreeMap::new();
    for (from, to) in pairs {
        let read = to.and_then(|to| {
            let parse = |text: &str| MemberEmail::parse(text).map_err(|error| error.to_string());
            Ok((parse(&from)?, parse(&to)?))
        });
        match read {
            Ok((from, to)) => {
                aliases.insert(from, to);
            }
            Err(reason) => section.fault(KEY, &value, reason),
        }
    }
    aliases
}

fn address(value: &Value) -> Result<String, String> {
    match &value.kind {
        ValueKind::String(text) => Ok(text.clone()),
        _ => Err(format!("must name an address in quotes, not {}", kind(value))),
    }
}
