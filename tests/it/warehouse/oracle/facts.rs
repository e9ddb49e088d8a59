//! Made-up events as the rows tell them, by data-sources.md, section 3, and nothing else of Recap's.

use chrono::{DateTime, Utc};
use recap::sample::{Agent, ApiRequest, Command, Event, Kind, Persona, Subject};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// A de-duplicated row.
#[derive(Debug)]
pub struct Fact {
    pub at: DateTime<Utc>,
    pub session: String,
    /// The row's own e-mail.
    own: Option<String>,
    /// What links a row without one, best first.
    links: [Option<String>; 3],
    pub prompt: Option<u128>,
    /// The skill's true name and its source, best first from 1.
    pub skill: Option<(u8, &'static str)>,
    pub teams: Teams,
    pub kind: Told,
}

/// The teams that a row names, without spaces around them.
#[derive(Debug, Default)]
pub struct Teams {
    /// `team.id`, or else `team`, or else zeude's.
    pub team: Option<String>,
    pub department: Option<String>,
}

impl Teams {
    /// Under `key`, or else under the first key that the row has (rule 7).
    pub fn under(&self, key: Option<&str>) -> Option<&str> {
        match key {
            None => self.team.as_ref().or(self.department.as_ref()),
            Some("department") => self.department.as_ref(),
            Some(_) => None,
        }
        .map(String::as_str)
    }
}

/// What a row says beside skills.
#[derive(Debug)]
pub enum Told {
    Prompt,
    Request(Box<Request>),
    Other,
}

#[derive(Debug)]
pub struct Request {
    pub cost_nanos: i64,
    /// Input, output, cache reads, cache writes.
    pub tokens: [u64; 4],
    pub model: String,
    /// Whether the cost or a count of tokens cannot be.
    pub implausible: bool,
}

impl Fact {
    /// Whether the row opens a session (rule 4).
    pub fn opens(&self) -> bool {
        !matches!(self.kind, Told::Other)
    }
}

/// The rows of `events` that count, each once; `zeude`: as zeude's wrapper labels them.
pub fn facts(events: impl Iterator<Item = Event>, zeude: bool) -> Vec<Fact> {
    let mut seen = HashSet::new();
    events
        .filter(|event| event.session.agent == Agent::ClaudeCode)
        .filter(|event| seen.insert(key(event)))
        .map(|event| fact(&event, zeude))
        .collect()
}

fn is_old(event: &Event) -> bool {
    event.session.member.persona == Persona::OldClient
}

/// What makes two rows the same (rule 3).
fn key(event: &Event) -> String {
    match &event.kind {
        Kind::ApiRequest(request) if !is_old(event) => format!("request {}", request.request),
        kind => format!("{} {} {} {kind:?}", event.session.id, event.at, event.sequence),
    }
}

fn fact(event: &Event, zeude: bool) -> Fact {
    let member = &event.session.member;
    let told = event.session.email_told || zeude;
    let session = event.session.id.clone();
    Fact {
        at: event.at,
        own: member.email.as_ref().filter(|_| told).map(|email| email.to_lowercase()),
        links: [member.account.clone(), Some(member.installation.clone()), Some(session.clone())],
        session,
        prompt: (!is_old(event)).then_some(event.prompt),
        skill: skill(event).filter(|_| member.details),
        teams: Teams {
            // zeude's wrapper knows of no team without a login.
            team: event.session.told.team.clone().filter(|_| !zeude || member.email.is_some()),
            department: event.session.told.department.map(str::to_owned),
        },
        kind: match &event.kind {
            Kind::UserPrompt { .. } => Told::Prompt,
            Kind::ApiRequest(request) => Told::Request(Box::new(told_of(request, member.micros_only))),
            _ => Told::Other,
        },
    }
}

fn told_of(request: &ApiRequest, micros_only: bool) -> Request {
    let exact = i64::try_from(request.cost_nanos()).unwrap();
    let model = request.model.name;
    let bare = &model[model.find("claude").unwrap()..];
    Request {
        // Such a client rounds to millionths.
        cost_nanos: if micros_only { (exact + 500) / 1_000 * 1_000 } else { exact },
        tokens: [request.input_tokens, request.output_tokens, request.cache_read_tokens, request.cache_creation_tokens]
            .map(u64::from),
        model: bare.split("-20").next().unwrap().to_owned(),
        implausible: false,
    }
}

/// A request of somebody who tells an address and nothing that links.
pub fn request(at: DateTime<Utc>, email: &str, session: String, teams: Teams, request: Request) -> Fact {
    Fact {
        at,
        links: [None, None, Some(session.clone())],
        session,
        own: Some(email.to_lowercase()),
        prompt: None,
        skill: None,
        teams,
        kind: Told::Request(Box::new(request)),
    }
}

/// The sources of a skill's name (rule 8).
fn skill(event: &Event) -> Option<(u8, &'static str)> {
    match &event.kind {
        Kind::SkillActivated { skill, .. } => Some((1, skill.name)),
        Kind::UserPrompt { command: Some(Command::Skill(skill)), .. } if !is_old(event) => Some((2, skill.name)),
        Kind::ToolResult(result) => match result.subject {
            Subject::Skill(skill) => Some((3, skill.name)),
            _ => None,
        },
        Kind::ApiRequest(ApiRequest { skill: Some(skill), .. }) if !is_old(event) => Some((4, skill.name)),
        _ => None,
    }
}

/// Prompts as zeude's hook tells them (rule 9): all names are known, and only the session tells the e-mail.
pub fn prompts(events: impl Iterator<Item = Event>) -> Vec<Fact> {
    let mut seen = BTreeSet::new();
    events
        .filter(|event| event.session.agent == Agent::ClaudeCode)
        .filter_map(|event| {
            let Kind::UserPrompt { command, .. } = event.kind else { return None };
            if !seen.insert(event.prompt) {
                return None;
            }
            let mut fact = fact(&event, false);
            fact.links[1] = fact.links[0].take().or(fact.links[1].take());
            fact.prompt = Some(event.prompt);
            fact.skill = match command {
                Some(Command::Skill(skill)) => Some((1, skill.name)),
                _ => None,
            };
            Some(fact)
        })
        .collect()
}

/// Whose each of `facts` is (rule 6), which are all of a span; none where nobody's.
pub fn people<'a>(facts: &[&'a Fact]) -> Vec<Option<&'a str>> {
    let mut beside: [BTreeMap<&str, BTreeSet<&str>>; 3] = Default::default();
    for fact in facts {
        for (beside, link) in beside.iter_mut().zip(&fact.links) {
            if let (Some(link), Some(own)) = (link, &fact.own) {
                beside.entry(link).or_default().insert(own);
            }
        }
    }
    let linked = |fact: &Fact| {
        let found = beside.iter().zip(&fact.links).find_map(|(beside, link)| beside.get(link.as_deref()?))?;
        (found.len() == 1).then(|| *found.first().unwrap())
    };
    facts.iter().map(|fact| fact.own.as_deref().or_else(|| linked(fact))).collect()
}
