//! `[store]`, `[http]`, `[messages]`, `[weekly]`, `[alerts]`, `[ops]` and `[log]`: what the installation runs on.

use super::{forms, section::Section};
use crate::model::MemberEmail;
use secrecy::SecretString;
use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf};
use url::Url;

/// Where Recap keeps its state.
#[derive(Debug, Clone)]
pub struct Store {
    /// `sqlite:PATH` or `postgres:…`; a secret, for it may hold a password.
    pub url: SecretString,
    /// The PostgreSQL schema.
    pub schema: String,
    /// Days that deliveries are kept; consents and audit stay.
    pub retention: u32,
}

impl Store {
    pub(super) fn read(mut section: Section<'_>) -> Option<Self> {
        let url = section.checked_secret("url", |text| {
            let rest = text.split_once(':').filter(|(scheme, _)| ["sqlite", "postgres", "postgresql"].contains(scheme));
            if rest.is_some_and(|(_, rest)| !rest.is_empty()) {
                return Ok(());
            }
            Err("must be sqlite:PATH or postgres://user@host/database".to_owned())
        });
        let schema = section.required_text("schema", forms::identifier);
        let retention = section.whole("retention", 1..=36_500);
        section.finish();
        Some(Self { url: url?, schema: schema?, retention: retention? })
    }
}

/// What Recap listens on.
#[derive(Debug, Clone)]
pub struct Http {
    /// Slack's requests, and `/healthz`.
    pub listen: SocketAddr,
    /// For operators: health, metrics, admin.
    pub ops_listen: SocketAddr,
    /// By the name that stands in the audit.
    pub admin_tokens: BTreeMap<String, SecretString>,
    /// How people reach `listen` from outside.
    pub public_url: Option<Url>,
}

impl Http {
    pub(super) fn read(mut section: Section<'_>) -> Option<Self> {
        let ops_origin = section.origin("ops_listen").unwrap_or_default();
        let listen = section.required_text("listen", forms::socket);
        let ops_listen = section.required_text("ops_listen", forms::socket);
        if listen.is_some_and(|address| address.port() != 0 && Some(address) == ops_listen) {
            section.fault_at("ops_listen", &ops_origin, "must differ from `http.listen`");
        }
        let admin_tokens = admin_tokens(section.table("admin_tokens"));
        let public_url = section.optional_text("public_url", forms::base_url);
        section.finish();
        Some(Self { listen: listen?, ops_listen: ops_listen?, admin_tokens, public_url })
    }
}

fn admin_tokens(mut section: Section<'_>) -> BTreeMap<String, SecretString> {
    let mut tokens = BTreeMap::new();
    for (name, origin) in section.secret_names() {
        if let Err(reason) = forms::attribute_key(&name) {
            section.fault_at(&forms::shown(&name), &origin, reason.replace("an attribute key", "a name"));
        }
        let faults = section.faults.len();
        match section.secret(&name) {
            Some(token) => {
                tokens.insert(name, token);
            }
            None if section.faults.len() == faults => section.fault_at(&name, &origin, "must not be empty"),
            None => {}
        }
    }
    tokens
}

/// What messages are made from.
#[derive(Debug, Clone)]
pub struct Messages {
    /// A folder whose templates replace the embedded ones, one by one.
    pub templates_dir: Option<PathBuf>,
}

impl Messages {
    pub(super) fn read(mut section: Section<'_>) -> Self {
        let templates_dir = section.optional_text("templates_dir", forms::path);
        section.finish();
        Self { templates_dir }
    }
}

/// How weekly summaries are posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weekly {
    /// Minutes that a summary is held where the telemetry of everybody is behind.
    pub hold_minutes: u32,
    /// Hours in which a posted summary follows rows that come late; 0: it stays as it is.
    pub update_hours: u32,
    /// Whether a channel may be shared with another workspace.
    pub shared_channels: bool,
}

impl Weekly {
    pub(super) fn read(mut section: Section<'_>) -> Option<Self> {
        let hold_minutes = section.whole("hold_minutes", 0..=1_440);
        let update_hours = section.whole("update_hours", 0..=168);
        let shared_channels = section.switch("shared_channels");
        section.finish();
        Some(Self { hold_minutes: hold_minutes?, update_hours: update_hours?, shared_channels: shared_channels? })
    }
}

/// When something is unusual enough to be told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alerts {
    /// US dollars a day below which no cost is a spike.
    pub cost_floor: f64,
    /// A spike is above this many times the median.
    pub cost_factor: f64,
    /// Sessions a day below which no drop is told.
    pub sessions_floor: f64,
    /// A drop is below this part of the median.
    pub sessions_factor: f64,
    /// Whether teams are watched at all.
    pub enabled: bool,
    /// Whether alerts go to the team's channel too, and not to its owners alone.
    pub to_channel: bool,
}

impl Alerts {
    pub(super) fn read(mut section: Section<'_>) -> Option<Self> {
        let cost_floor = section.positive("cost_floor");
        let cost_factor = section.positive("cost_factor");
        let sessions_floor = section.positive("sessions_floor");
        let sessions_factor = section.positive("sessions_factor");
        let enabled = section.switch("enabled");
        let to_channel = section.switch("to_channel");
        section.finish();
        Some(Self {
            cost_floor: cost_floor?,
            cost_factor: cost_factor?,
            sessions_floor: sessions_floor?,
            sessions_factor: sessions_factor?,
            enabled: enabled?,
            to_channel: to_channel?,
        })
    }
}

/// Who looks after the installation.
#[derive(Debug, Clone)]
pub struct Ops {
    pub owners: Vec<MemberEmail>,
    /// Who decides in Slack; nobody listed: the workspace's admins.
    pub admins: Vec<MemberEmail>,
    pub channel: Option<String>,
    /// Called after each good tick; a secret, for such addresses hold a key.
    pub heartbeat_url: Option<SecretString>,
}

impl Ops {
    pub(super) fn read(mut section: Section<'_>) -> Option<Self> {
        let owners = section.list("owners", MemberEmail::parse);
        let admins = section.list("admins", MemberEmail::parse);
        let channel = section.optional_text("channel", forms::channel);
        let heartbeat_url = section.checked_secret("heartbeat_url", |text| forms::web_url(text).map(|_| ()));
        section.finish();
        Some(Self { owners: owners?, admins: admins?, channel, heartbeat_url })
    }
}

/// What is logged, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Log {
    pub level: tracing::Level,
    pub format: LogFormat,
}

/// How a line of the log looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

impl Log {
    pub(super) fn read(mut section: Section<'_>) -> Option<Self> {
        use tracing::Level;
        let level = section.required_text("level", |text| {
            let levels = [
                ("error", Level::ERROR),
                ("warn", Level::WARN),
                ("info", Level::INFO),
                ("debug", Level::DEBUG),
                ("trace", Level::TRACE),
            ];
            forms::one_of(text, &levels)
        });
        let format = section.required_text("format", |text| {
            forms::one_of(text, &[("text", LogFormat::Text), ("json", LogFormat::Json)])
        });
        section.finish();
        Some(Self { level: level?, format: format? })
    }
}
