//! Writes an event's attributes as the client and the collector's exporter would: all values are text.

use super::{
    catalog::Skill,
    event::{Agent, ApiRequest, Command, Event, Kind, Session, Subject, ToolResult},
    key::Key,
    member::{Persona, write_uuid},
};
use chrono::{DateTime, Datelike, Utc};
use std::fmt::Write as _;

/// The value of the marker attribute on every made-up row.
pub(super) const MARKED: &str = "true";

const ORGANIZATION: &str = "6f1d2c7e-5a0b-4c1e-9d55-0a7f6b1c2d3e";

/// Receives attributes one by one.
pub(super) trait Sink {
    fn put(&mut self, key: Key, value: &str);
}

/// Writes attributes; keeps the text that it formats values in.
#[derive(Debug, Default)]
pub(super) struct Writer {
    text: String,
    zeude: bool,
}

impl Writer {
    /// `zeude`: with the attributes that zeude's wrapper adds, in place of a team in `team.id`.
    pub fn new(zeude: bool) -> Self {
        Self { text: String::with_capacity(128), zeude }
    }

    /// The resource's attributes.
    pub fn resource(&mut self, session: &Session, sink: &mut impl Sink) {
        let member = &session.member;
        sink.put(Key::ServiceName, session.agent.service());
        sink.put(Key::ServiceVersion, member.version);
        sink.put(Key::OsType, "darwin");
        sink.put(Key::HostArch, "arm64");
        self.settings(session, sink);
        sink.put(Key::Marker, MARKED);
    }

    /// The event's own attributes.
    pub fn event(&mut self, event: &Event, sink: &mut impl Sink) {
        self.standard(event, sink);
        let told = event.session.member.details;
        match &event.kind {
            Kind::UserPrompt { length, command } => {
                self.number(Key::PromptLength, *length, sink);
                if event.session.member.persona != Persona::OldClient {
                    command_attributes(*command, told, sink);
                }
            }
            Kind::ApiRequest(request) => self.api_request(request, &event.session, sink),
            Kind::ApiError { model, status, error, duration_ms, attempt } => {
                sink.put(Key::Model, model.name);
                sink.put(Key::Error, error);
                self.number(Key::StatusCode, u32::from(*status), sink);
                self.number(Key::DurationMs, *duration_ms, sink);
                self.number(Key::Attempt, *attempt, sink);
            }
            Kind::ToolResult(result) => self.tool_result(result, told, sink),
            Kind::ToolDecision { tool, accepted, source } => {
                sink.put(Key::ToolName, tool);
                sink.put(Key::Decision, if *accepted { "accept" } else { "reject" });
                sink.put(Key::Source, source);
            }
            Kind::SkillActivated { skill, trigger } => {
                sink.put(Key::SkillName, skill_name(skill, told));
                sink.put(Key::InvocationTrigger, trigger);
                sink.put(Key::SkillSource, skill.source);
                if let (Some(plugin), true) = (skill.plugin, told) {
                    sink.put(Key::PluginName, plugin);
                }
            }
            Kind::SubagentCompleted { agent, total_tokens, duration_ms, model } => {
                sink.put(Key::AgentType, if told { agent } else { "custom" });
                self.number(Key::TotalTokens, *total_tokens, sink);
                self.number(Key::DurationMs, *duration_ms, sink);
                sink.put(Key::Model, model.name);
            }
        }
    }

    fn standard(&mut self, event: &Event, sink: &mut impl Sink) {
        let session = &event.session;
        let member = &session.member;
        sink.put(Key::EventName, event.kind.name());
        self.formatted(Key::EventTimestamp, sink, |text| write_instant(event.at, text));
        sink.put(Key::SessionId, &session.id);
        sink.put(Key::OrganizationId, ORGANIZATION);
        if let Some(account) = &member.account {
            sink.put(Key::AccountUuid, account);
        }
        sink.put(Key::UserId, &member.installation);
        if let Some(email) = &member.email {
            sink.put(Key::UserEmail, if session.email_told { email } else { "" });
        }
        sink.put(Key::TerminalType, member.terminal);
        sink.put(Key::RepositoryName, session.repository);
        self.settings(session, sink);
        if member.persona != Persona::OldClient {
            sink.put(Key::AppVersion, member.version);
            self.number(Key::EventSequence, event.sequence, sink);
            self.formatted(Key::PromptId, sink, |text| write_uuid(event.prompt, text));
        }
    }

    /// What stands in `OTEL_RESOURCE_ATTRIBUTES`, and so on the resource and on each event.
    fn settings(&self, session: &Session, sink: &mut impl Sink) {
        let member = &session.member;
        let wrapped = self.zeude.then_some((&member.email, &member.account));
        if let Some((Some(email), Some(account))) = wrapped {
            sink.put(Key::ZeudeUserId, account);
            sink.put(Key::ZeudeUserEmail, email);
        }
        // Whose login zeude's wrapper does not know has no team either.
        if let Some(team) = session.told.team.as_ref().filter(|_| !self.zeude || member.email.is_some()) {
            sink.put(if self.zeude { Key::ZeudeTeam } else { Key::TeamId }, team);
        }
        if let Some(department) = session.told.department {
            sink.put(Key::Department, department);
        }
    }

    fn api_request(&mut self, request: &ApiRequest, session: &Session, sink: &mut impl Sink) {
        let member = &session.member;
        let (old, told) = (member.persona == Persona::OldClient, member.details);
        let nanos = request.cost_nanos();
        sink.put(Key::Model, request.model.name);
        if member.micros_only {
            self.formatted(Key::CostUsdMicros, sink, |text| {
                _ = write!(text, "{}", (nanos + 500) / 1_000);
            });
        } else {
            self.formatted(Key::CostUsd, sink, |text| write_dollars(nanos, text));
        }
        self.number(Key::DurationMs, request.duration_ms, sink);
        self.number(Key::InputTokens, request.input_tokens, sink);
        self.number(Key::OutputTokens, request.output_tokens, sink);
        self.number(Key::CacheReadTokens, request.cache_read_tokens, sink);
        self.number(Key::CacheCreationTokens, request.cache_creation_tokens, sink);
        if old || session.agent == Agent::Codex {
            return;
        }
        self.formatted(Key::RequestId, sink, |text| write_request(request.request, text));
        match request.agent {
            Some(agent) => {
                sink.put(Key::QuerySource, "agent");
                sink.put(Key::AgentName, if told { agent } else { "custom" });
            }
            None => sink.put(Key::QuerySource, "repl_main_thread"),
        }
        if let Some(skill) = request.skill {
            sink.put(Key::SkillName, skill_name(skill, told));
        }
    }

    fn tool_result(&mut self, result: &ToolResult, told: bool, sink: &mut impl Sink) {
        sink.put(Key::ToolName, result.tool);
        sink.put(Key::Success, if result.error.is_none() { "true" } else { "false" });
        self.number(Key::DurationMs, result.duration_ms, sink);
        sink.put(Key::DecisionType, "accept");
        if let Some(error) = result.error {
            sink.put(Key::ErrorType, error);
        }
        let (name, value) = match result.subject {
            Subject::Nothing => return,
            Subject::Command(command) => ("full_command", command),
            Subject::Skill(skill) => ("skill_name", skill.name),
            Subject::Agent(agent) => ("subagent_type", agent),
        };
        if told {
            self.formatted(Key::ToolParameters, sink, |text| {
                _ = write!(text, r#"{{"{name}":"{value}"}}"#);
            });
        }
    }

    fn number(&mut self, key: Key, value: u32, sink: &mut impl Sink) {
        self.formatted(key, sink, |text| {
            _ = write!(text, "{value}");
        });
    }

    fn formatted(&mut self, key: Key, sink: &mut impl Sink, format: impl FnOnce(&mut String)) {
        self.text.clear();
        format(&mut self.text);
        sink.put(key, &self.text);
    }
}

fn command_attributes(command: Option<Command>, told: bool, sink: &mut impl Sink) {
    match command {
        None => {}
        Some(Command::Builtin(name)) => {
            sink.put(Key::CommandName, name);
            sink.put(Key::CommandSource, "builtin");
        }
        Some(Command::Skill(skill)) => {
            sink.put(Key::CommandName, if told { skill.name } else { "custom" });
            sink.put(Key::CommandSource, "custom");
        }
    }
}

/// What a client without `OTEL_LOG_TOOL_DETAILS=1` writes in place of a name.
fn skill_name(skill: &Skill, told: bool) -> &'static str {
    match (told, skill.plugin) {
        (true, _) => skill.name,
        (false, None) => "custom_skill",
        (false, Some(_)) => "third-party",
    }
}

/// As JavaScript's `toISOString` writes it.
pub(super) fn write_instant(at: DateTime<Utc>, text: &mut String) {
    let date = at.date_naive();
    let since_midnight = u32::try_from(at.timestamp_millis().rem_euclid(86_400_000)).unwrap_or_default();
    let (seconds, milliseconds) = (since_midnight / 1_000, since_midnight % 1_000);
    let parts = [
        (date.year_ce().1, 4, '-'),
        (date.month(), 2, '-'),
        (date.day(), 2, 'T'),
        (seconds / 3_600, 2, ':'),
        (seconds / 60 % 60, 2, ':'),
        (seconds % 60, 2, '.'),
        (milliseconds, 3, 'Z'),
    ];
    for (value, width, after) in parts {
        for place in (0..width).rev() {
            text.push(char::from(b'0' + u8::try_from(value / 10_u32.pow(place) % 10).unwrap_or_default()));
        }
        text.push(after);
    }
}

/// Billionths of a dollar as dollars, without trailing zeros.
fn write_dollars(nanos: u64, text: &mut String) {
    _ = write!(text, "{}.{:09}", nanos / 1_000_000_000, nanos % 1_000_000_000);
    text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
}

/// A request's id in the API's form.
fn write_request(mut id: u128, text: &mut String) {
    const LETTERS: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
    text.push_str("req_011C");
    for _ in 0..20 {
        text.push(char::from(LETTERS[(id & 63) as usize]));
        id >>= 6;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{Options, Usage};

    fn written(write: impl FnOnce(&mut String)) -> String {
        let mut text = String::new();
        write(&mut text);
        text
    }

    #[test]
    fn instants_are_written_as_javascript_does() {
        let at = DateTime::from_timestamp_millis(1_736_931_600_007).unwrap();
        assert_eq!(written(|text| write_instant(at, text)), "2025-01-15T09:00:00.007Z");
    }

    #[test]
    fn dollars_keep_every_digit_that_is_not_a_trailing_zero() {
        for (nanos, shown) in
            [(0, "0"), (31_250_000, "0.03125"), (12_000_000_001, "12.000000001"), (10_000_000_000, "10")]
        {
            assert_eq!(written(|text| write_dollars(nanos, text)), shown);
        }
    }

    #[derive(Debug, Default)]
    struct Row(Vec<(Key, String)>);

    impl Sink for Row {
        fn put(&mut self, key: Key, value: &str) {
            assert!(self.value(key).is_none(), "{key:?} is written twice");
            self.0.push((key, value.to_owned()));
        }
    }

    impl Row {
        fn value(&self, key: Key) -> Option<&str> {
            self.0.iter().find(|(written, _)| *written == key).map(|(_, value)| value.as_str())
        }
    }

    fn rows(zeude: bool) -> impl Iterator<Item = (Event, Row, Row)> {
        let end = "2026-03-13T15:30:00Z".parse().unwrap();
        let mut writer = Writer::new(zeude);
        Usage::new(Options { members: 60, days: 14, seed: 1, end, events_target: None }).map(move |event| {
            let (mut own, mut resource) = (Row::default(), Row::default());
            writer.event(&event, &mut own);
            writer.resource(&event.session, &mut resource);
            (event, own, resource)
        })
    }

    #[test]
    fn an_old_client_leaves_out_what_came_later() {
        let later = [Key::RequestId, Key::EventSequence, Key::PromptId, Key::SkillName, Key::AppVersion];
        let (mut old, mut new) = (0, 0);
        for (event, own, _) in rows(false).filter(|(event, ..)| event.session.agent == Agent::ClaudeCode) {
            if event.session.member.persona == Persona::OldClient {
                assert!(later.iter().all(|key| own.value(*key).is_none()), "{own:?}");
                old += 1;
            } else {
                assert!(later[1..3].iter().all(|key| own.value(*key).is_some()), "{own:?}");
                assert_eq!(own.value(Key::RequestId).is_some(), event.kind.name() == "api_request");
                new += 1;
            }
        }
        assert!(old > 100 && new > 1_000, "{old}, {new}");
    }

    #[test]
    fn a_client_without_details_hides_every_name() {
        let hidden = ["custom_skill", "third-party", "custom"];
        let mut seen = 0;
        for (_, own, _) in rows(false).filter(|(event, ..)| !event.session.member.details) {
            assert_eq!(own.value(Key::ToolParameters), None);
            let builtin = own.value(Key::CommandSource) == Some("builtin");
            let names = [Key::SkillName, Key::AgentName, Key::AgentType, Key::CommandName];
            for name in names.iter().filter_map(|key| own.value(*key)).filter(|_| !builtin) {
                assert!(hidden.contains(&name), "{name}");
                seen += 1;
            }
        }
        assert!(seen > 20, "{seen}");
    }

    #[test]
    fn the_person_is_told_as_each_shape_tells_it() {
        for zeude in [false, true] {
            for (event, own, resource) in rows(zeude) {
                let member = &event.session.member;
                let told = member.email.as_deref().map(|email| if event.session.email_told { email } else { "" });
                assert_eq!(own.value(Key::UserEmail), told);
                assert_eq!(own.value(Key::AccountUuid), member.account.as_deref());
                let zeude_email = member.email.as_deref().filter(|_| zeude);
                assert_eq!([&own, &resource].map(|row| row.value(Key::ZeudeUserEmail)), [zeude_email; 2]);
                let team = if zeude { Key::ZeudeTeam } else { Key::TeamId };
                let told = event.session.told.team.as_deref().filter(|_| !zeude || member.email.is_some());
                assert_eq!([&own, &resource].map(|row| row.value(team)), [told; 2]);
                assert!(!zeude || resource.value(Key::TeamId).is_none());
                assert_eq!([&own, &resource].map(|row| row.value(Key::Department)), [event.session.told.department; 2]);
                assert_eq!(resource.value(Key::Marker), Some(MARKED));
            }
        }
    }

    #[test]
    fn costs_are_told_in_dollars_or_in_millionths() {
        let mut micros = 0;
        for (event, own, _) in rows(false) {
            let Kind::ApiRequest(request) = &event.kind else { continue };
            let dollars = |key, unit: f64| own.value(key).map(|text| text.parse::<f64>().unwrap() / unit);
            micros += u32::from(own.value(Key::CostUsdMicros).is_some());
            let cost = dollars(Key::CostUsd, 1.0).xor(dollars(Key::CostUsdMicros, 1e6)).unwrap();
            assert!((cost - request.cost_nanos() as f64 / 1e9).abs() < 1e-6, "{own:?}");
        }
        assert!(micros > 0);
    }
}
