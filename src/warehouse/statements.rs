//! The `.sql` files with the accessors of the shape that was found; values stay bound parameters.

use super::shape::{Shape, Source};
use crate::config;
use minijinja::{Environment, UndefinedBehavior, context};

/// Keys that name a person's account or device, not an address: what a row without an e-mail is linked by.
const LINKS: [&str; 3] = ["user.account_uuid", "zeude.user.id", "user.id"];
const SESSION: &str = "session.id";
/// Names that Claude Code sends in place of the true ones without `OTEL_LOG_TOOL_DETAILS=1`.
const HIDDEN_NAMES: [&str; 5] = ["custom_skill", "custom", "third-party", "mcp_tool", "mcp"];

/// A cost beyond this on one request is a broken row, not a bill; in US dollars.
const ABSURD_COST: &str = "1e4";
/// Tokens beyond this on one request are a broken row.
const ABSURD_TOKENS: &str = "1e12";

/// The statements for one source, complete but for their parameters.
#[derive(Debug, Clone)]
pub(super) struct Statements {
    /// By what is asked beside the numbers: nothing, models, midnights, both.
    member_activity: [String; 4],
    pub(super) member_skills: String,
    pub(super) active_days: String,
    pub(super) events_by_hour: String,
    pub(super) hidden_skills: String,
    pub(super) people: String,
}

const FILES: [(&str, &str); 10] = [
    ("who.sql", include_str!("sql/who.sql")),
    ("span.sql", include_str!("sql/span.sql")),
    ("identity.sql", include_str!("sql/identity.sql")),
    ("skill_uses.sql", include_str!("sql/skill_uses.sql")),
    ("member_activity.sql", include_str!("sql/member_activity.sql")),
    ("member_skills.sql", include_str!("sql/member_skills.sql")),
    ("zeude_skills.sql", include_str!("sql/zeude_skills.sql")),
    ("active_days.sql", include_str!("sql/active_days.sql")),
    ("events_by_hour.sql", include_str!("sql/events_by_hour.sql")),
    ("hidden_skills.sql", include_str!("sql/hidden_skills.sql")),
];

impl Statements {
    /// Writes the statements for `source`.
    ///
    /// # Errors
    /// When a `.sql` file is not a template, which a test rules out.
    pub(super) fn of(source: &Source, settings: &config::ClickHouse) -> Result<Self, minijinja::Error> {
        let accessor = Accessor { shape: source.shape };
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        for (name, text) in FILES {
            environment.add_template(name, text)?;
        }
        environment.add_template("people.sql", include_str!("sql/people.sql"))?;
        add_functions(&mut environment, accessor, settings);
        let identity = Identity::of(settings, accessor);
        let render = |name: &str, models: bool, midnights: bool| -> Result<String, minijinja::Error> {
            let mut payload = vec!["day_ms", "cost", "input", "output", "cache_read", "cache_creation"];
            payload.extend(midnights.then_some("halves"));
            payload.extend(models.then_some("models"));
            environment.get_template(name)?.render(context! {
                table => &source.logs, prompts_table => &source.prompts, models, midnights, activity_payload => payload,
                email => &identity.email, links => &identity.links, links_before => identity.links_before,
                session_links => identity.by_session,
                services => &settings.services, request_key => accessor.request_key(), cost_nanos => accessor.cost_nanos(),
            })
        };
        let activity = |models, midnights| render("member_activity.sql", models, midnights);
        let plain = |name: &str| render(name, false, false);
        Ok(Self {
            member_activity: [
                activity(false, false)?,
                activity(true, false)?,
                activity(false, true)?,
                activity(true, true)?,
            ],
            member_skills: plain(if source.prompts.is_some() { "zeude_skills.sql" } else { "member_skills.sql" })?,
            active_days: plain("active_days.sql")?,
            events_by_hour: plain("events_by_hour.sql")?,
            hidden_skills: plain("hidden_skills.sql")?,
            people: plain("people.sql")?,
        })
    }

    /// What people did, with their models or on which side of the midnights inside of its days.
    pub(super) fn member_activity(&self, with_models: bool, with_midnights: bool) -> &str {
        &self.member_activity[usize::from(with_models) + 2 * usize::from(with_midnights)]
    }
}

fn add_functions(environment: &mut Environment<'_>, accessor: Accessor, settings: &config::ClickHouse) {
    environment.add_function("log", move |key: &str| accessor.log(key));
    environment.add_function("is_event", move |name: &str| accessor.is_event(name));
    environment.add_function("tokens", move |key: &str| accessor.tokens(key));
    environment.add_function("hash", hash);
    environment.add_function("skill_name", skill_name);
    environment.add_function("only_beside", only_beside);
    let (from, to): (Vec<String>, Vec<String>) =
        settings.aliases.iter().map(|(from, to)| (literal(from.as_str()), literal(to.as_str()))).unzip();
    environment.add_function("alias", move |expression: &str| match from.len() {
        0 => expression.to_owned(),
        _ => format!("transform({expression}, [{}], [{}])", from.join(", "), to.join(", ")),
    });
}

/// The expressions that tell whose a row is.
struct Identity {
    email: String,
    links: Vec<String>,
    /// How many of these come before the session.
    links_before: usize,
    by_session: bool,
}

impl Identity {
    fn of(settings: &config::ClickHouse, accessor: Accessor) -> Self {
        let usable = |key: &&String| accessor.shape == Shape::Zeude || !key.starts_with("zeude.");
        let keys: Vec<&String> = settings.identity.iter().filter(usable).collect();
        let is_link = |key: &str| LINKS.contains(&key) || key == SESSION;
        let values =
            keys.iter().filter(|key| !is_link(key)).flat_map(|key| [accessor.log(key), accessor.resource(key)]);
        let choices: Vec<String> = values.map(|value| format!("position({value}, '@') > 0, {value}")).collect();
        let email = if choices.is_empty() { "''".into() } else { format!("multiIf({}, '')", choices.join(", ")) };
        let links = || keys.iter().filter(|key| is_link(key));
        Self {
            email,
            links_before: links().take_while(|key| key.as_str() != SESSION).count(),
            by_session: links().any(|key| key.as_str() == SESSION),
            links: links().filter(|key| key.as_str() != SESSION).map(|key| accessor.either(key)).collect(),
        }
    }
}

/// How an attribute is read in the shape that was found.
#[derive(Debug, Clone, Copy)]
struct Accessor {
    shape: Shape,
}

impl Accessor {
    /// Keys are our own or checked by the settings against `[A-Za-z0-9_.-]+`.
    fn attribute(self, column: &str, key: &str) -> String {
        match self.shape {
            // What `{column}['{key}']` says, in a third of its time: comparing keys as numbers of their dictionary.
            Shape::Map | Shape::Zeude => format!("mapValues({column})[indexOf(mapKeys({column}), '{key}')]"),
            Shape::Json => format!("ifNull(toString({column}.`{key}`), '')"),
        }
    }

    fn log(self, key: &str) -> String {
        self.attribute("LogAttributes", key)
    }

    fn resource(self, key: &str) -> String {
        self.attribute("ResourceAttributes", key)
    }

    /// zeude sets its keys as resource attributes; Claude Code repeats those on each event, other senders may not.
    fn either(self, key: &str) -> String {
        let log = self.log(key);
        if key.starts_with("zeude.") { format!("if({log} != '', {log}, {})", self.resource(key)) } else { log }
    }

    fn is_event(self, name: &str) -> String {
        format!("(Body = 'claude_code.{name}' OR {} IN ('{name}', 'claude_code.{name}'))", self.log("event.name"))
    }

    /// What makes two rows the same request: delivery into ClickHouse is at least once.
    fn request_key(self) -> String {
        let fallback = [
            "session.id",
            "event.timestamp",
            "event.sequence",
            "model",
            "input_tokens",
            "output_tokens",
            "cache_read_tokens",
            "cache_creation_tokens",
            "duration_ms",
            "cost_usd",
        ];
        let fallback: Vec<String> = fallback.iter().map(|key| self.log(key)).collect();
        let (id, is_request) = (self.log("request_id"), self.is_event("api_request"));
        format!("if({id} != '' OR NOT {is_request}, sipHash128({id}), sipHash128({}, Timestamp))", fallback.join(", "))
    }

    /// In billionths of a US dollar, so that sums are exact in any order.
    fn cost_nanos(self) -> String {
        let (dollars, micros) = (self.log("cost_usd"), self.log("cost_usd_micros"));
        let cost = format!("(toFloat64OrZero({dollars}) + ({dollars} = '') * toFloat64OrZero({micros}) / 1e6)");
        format!("toInt64(round(1e9 * {}))", bounded(&cost, ABSURD_COST))
    }

    fn tokens(self, key: &str) -> String {
        format!("toUInt64({})", bounded(&format!("toFloat64OrZero({})", self.log(key)), ABSURD_TOKENS))
    }
}

/// Zero in place of what cannot be: negative, not a number, or beyond `limit`.
fn bounded(expression: &str, limit: &str) -> String {
    let finite = format!("ifNotFinite({expression}, 0)");
    format!("({finite} * ({finite} >= 0) * ({finite} < {limit}))")
}

/// Only whether two are the same matters of accounts, devices, sessions and prompts; 0 stands for none.
fn hash(expression: &str) -> String {
    format!("(sipHash64({expression}) * ({expression} != ''))")
}

/// A skill's name without the leading `/`, empty where it is hidden.
fn skill_name(expression: &str) -> String {
    let hidden: Vec<String> = HIDDEN_NAMES.iter().map(|name| literal(name)).collect();
    let bare = format!("trimLeft(trimBoth({expression}), '/')");
    format!("if({bare} IN ({}), '', {bare})", hidden.join(", "))
}

/// A condition and the only address beside a link, where there is any; `?` where there are several.
fn only_beside(link: usize) -> String {
    format!("link_{link} != 0 AND last_{link} != '', if(first_{link} = last_{link}, last_{link}, '?')")
}

/// A text as a literal of ClickHouse's SQL.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}
