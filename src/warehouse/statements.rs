//! The `.sql` files with the accessors of the shape that was found; values stay bound parameters.

use super::{
    accessor::{Accessor, is_key},
    shape::Source,
};
use crate::config;
use minijinja::{Environment, UndefinedBehavior, context};
use std::collections::BTreeSet;

/// Keys that name a person's account or device, not an address: what a row without an e-mail is linked by.
const LINKS: [&str; 3] = ["user.account_uuid", "zeude.user.id", "user.id"];
const SESSION: &str = "session.id";
/// Names that Claude Code sends in place of the true ones without `OTEL_LOG_TOOL_DETAILS=1`.
const HIDDEN_NAMES: [&str; 5] = ["custom_skill", "custom", "third-party", "mcp_tool", "mcp"];

/// The statements for one source, complete but for their parameters.
#[derive(Debug, Clone)]
pub(super) struct Statements {
    accessor: Accessor,
    /// Complete but for the keys that are asked for.
    team_values: String,
    /// Keys that tell the team, best first.
    team_attributes: Vec<String>,
    /// By what is asked beside the numbers: nothing, models, midnights, both.
    member_activity: [String; 4],
    /// The same for teams, without and with models.
    team_activity: [String; 2],
    pub(super) member_skills: String,
    pub(super) team_skills: String,
    pub(super) active_days: String,
    pub(super) events_by_hour: String,
    pub(super) hidden_skills: String,
    pub(super) implausible: String,
    pub(super) people: String,
    pub(super) arrivals: String,
    pub(super) newest: String,
}

const FILES: [(&str, &str); 15] = [
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
    ("implausible.sql", include_str!("sql/implausible.sql")),
    ("people.sql", include_str!("sql/people.sql")),
    ("team_values.sql", include_str!("sql/team_values.sql")),
    ("arrivals.sql", include_str!("sql/arrivals.sql")),
    ("newest.sql", include_str!("sql/newest.sql")),
];

impl Statements {
    /// Writes the statements for `source`.
    ///
    /// # Errors
    /// When a `.sql` file is not a template, which a test rules out.
    pub(super) fn of(source: &Source, settings: &config::ClickHouse) -> Result<Self, minijinja::Error> {
        let accessor = Accessor::of(source.shape);
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        for (name, text) in FILES {
            environment.add_template(name, text)?;
        }
        add_functions(&mut environment, accessor, settings);
        let identity = Identity::of(settings, accessor);
        let render = |name: &str, models: bool, midnights: bool, teams: bool| -> Result<String, minijinja::Error> {
            let mut payload = vec!["day_ms", "cost", "input", "output", "cache_read", "cache_creation", "implausible"];
            payload.extend(midnights.then_some("halves"));
            payload.extend(models.then_some("models"));
            environment.get_template(name)?.render(context! {
                table => &source.logs, prompts_table => &source.prompts, models, midnights, spans => teams, history => teams, activity_payload => payload,
                email => &identity.email, links => &identity.links, links_before => identity.links_before,
                session_links => identity.by_session,
                services => &settings.services, request_key => accessor.request_key(), cost_nanos => accessor.cost_nanos(),
                implausible => accessor.implausible(), flaw => accessor.flaw(),
            })
        };
        let activity = |models, midnights| render("member_activity.sql", models, midnights, false);
        let team_activity = |models| render("member_activity.sql", models, false, true);
        let plain = |name: &str| render(name, false, false, false);
        let skills = if source.prompts.is_some() { "zeude_skills.sql" } else { "member_skills.sql" };
        let usable = |key: &&String| accessor.knows(key);
        Ok(Self {
            accessor,
            team_values: plain("team_values.sql")?,
            team_attributes: settings.team_attributes.iter().filter(usable).cloned().collect(),
            member_activity: [
                activity(false, false)?,
                activity(true, false)?,
                activity(false, true)?,
                activity(true, true)?,
            ],
            team_activity: [team_activity(false)?, team_activity(true)?],
            member_skills: plain(skills)?,
            team_skills: render(skills, false, false, true)?,
            active_days: plain("active_days.sql")?,
            events_by_hour: plain("events_by_hour.sql")?,
            hidden_skills: plain("hidden_skills.sql")?,
            implausible: plain("implausible.sql")?,
            people: plain("people.sql")?,
            arrivals: plain("arrivals.sql")?,
            newest: plain("newest.sql")?,
        })
    }

    /// What people did, with their models or on which side of the midnights inside of its days.
    pub(super) fn member_activity(&self, with_models: bool, with_midnights: bool) -> &str {
        &self.member_activity[usize::from(with_models) + 2 * usize::from(with_midnights)]
    }

    /// What people did, with which of their sessions were on several days.
    pub(super) fn team_activity(&self, with_models: bool) -> &str {
        &self.team_activity[usize::from(with_models)]
    }

    /// Who carries which value of `keys`, and (as key `""`) of the first of the settings' keys that an event has; none
    /// where a key is none.
    pub(super) fn team_values(&self, keys: &BTreeSet<String>) -> Option<String> {
        let all: BTreeSet<&String> = keys.iter().chain(&self.team_attributes).collect();
        if !all.iter().all(|key| is_key(key)) {
            return None;
        }
        // Every key has two texts, its resource attribute before its log attribute.
        let read: Vec<String> =
            all.iter().flat_map(|key| [self.accessor.resource(key), self.accessor.log(key)]).collect();
        let first = |keys: &[&String]| {
            let places = keys.iter().filter_map(|key| all.iter().position(|one| one == key));
            let filled = |place: usize| format!("texts[{place}] != '', texts[{place}]");
            let choices: Vec<String> = places.flat_map(|place| [2 * place + 1, 2 * place + 2]).map(filled).collect();
            if choices.is_empty() { "''".to_owned() } else { format!("multiIf({}, '')", choices.join(", ")) }
        };
        let usual: Vec<&String> = self.team_attributes.iter().collect();
        let usual = std::iter::once(format!("('', {})", first(&usual)));
        let found: Vec<String> = usual.chain(keys.iter().map(|key| format!("('{key}', {})", first(&[key])))).collect();
        let read = format!("CAST([{}], 'Array(String)')", read.join(", "));
        Some(self.team_values.replace("/*READ*/", &read).replace("/*FOUND*/", &format!("[{}]", found.join(", "))))
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
        let usable = |key: &&String| accessor.knows(key);
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
