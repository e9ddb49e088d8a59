//! One made-up telemetry event, typed, before it is written in any shape.

use super::{
    catalog::{Model, Skill},
    member::Member,
};
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// A row of telemetry. Equal events are the same row delivered twice.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// To the millisecond, as clients measure.
    pub at: DateTime<Utc>,
    pub session: Arc<Session>,
    /// `event.sequence`, counted from 1 within a session.
    pub sequence: u32,
    /// `prompt.id`.
    pub prompt: u128,
    pub kind: Kind,
}

/// What all events of one session share.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// `session.id`.
    pub id: String,
    pub member: Arc<Member>,
    pub agent: Agent,
    /// Whether the client told the e-mail in this session.
    pub email_told: bool,
    pub told: TeamTold,
    /// `vcs.repository.name`.
    pub repository: &'static str,
}

/// What `OTEL_RESOURCE_ATTRIBUTES` says about the team in a session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TeamTold {
    /// `team.id`, or what zeude's wrapper sets.
    pub team: Option<String>,
    pub department: Option<&'static str>,
}

/// The program that reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Agent {
    ClaudeCode,
    Codex,
}

impl Agent {
    /// Its `ServiceName`.
    pub fn service(self) -> &'static str {
        match self {
            Self::ClaudeCode => "claude-code",
            Self::Codex => "codex_cli_rs",
        }
    }

    /// What its events' `Body` begins with.
    pub(super) fn prefix(self) -> &'static str {
        match self {
            Self::ClaudeCode => "claude_code.",
            Self::Codex => "codex.",
        }
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    UserPrompt { length: u32, command: Option<Command> },
    ApiRequest(ApiRequest),
    ApiError { model: &'static Model, status: u16, error: &'static str, duration_ms: u32, attempt: u32 },
    ToolResult(ToolResult),
    ToolDecision { tool: &'static str, accepted: bool, source: &'static str },
    SkillActivated { skill: &'static Skill, trigger: &'static str },
    SubagentCompleted { agent: &'static str, total_tokens: u32, duration_ms: u32, model: &'static Model },
}

impl Kind {
    /// The bare `event.name`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::UserPrompt { .. } => "user_prompt",
            Self::ApiRequest(_) => "api_request",
            Self::ApiError { .. } => "api_error",
            Self::ToolResult(_) => "tool_result",
            Self::ToolDecision { .. } => "tool_decision",
            Self::SkillActivated { .. } => "skill_activated",
            Self::SubagentCompleted { .. } => "subagent_completed",
        }
    }
}

/// A prompt that began with `/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    Builtin(&'static str),
    Skill(&'static Skill),
}

/// An answered request to the API.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiRequest {
    pub model: &'static Model,
    pub input_tokens: u32,
    pub output_tokens: u32,
    pub cache_read_tokens: u32,
    pub cache_creation_tokens: u32,
    pub duration_ms: u32,
    /// `request_id`, before it is written as text.
    pub request: u128,
    /// The sub-agent that asked.
    pub agent: Option<&'static str>,
    /// The skill in whose course it was made.
    pub skill: Option<&'static Skill>,
}

impl ApiRequest {
    /// Cost in billionths of a US dollar, from the model's prices.
    pub fn cost_nanos(&self) -> u64 {
        u64::from(self.input_tokens) * self.model.input
            + u64::from(self.output_tokens) * self.model.output
            + u64::from(self.cache_read_tokens) * self.model.cache_read
            + u64::from(self.cache_creation_tokens) * self.model.cache_creation
    }
}

/// A tool that ran, or failed.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolResult {
    pub tool: &'static str,
    pub duration_ms: u32,
    /// `error_type` where it failed.
    pub error: Option<&'static str>,
    /// What `tool_parameters` tells.
    pub subject: Subject,
}

/// What a tool worked on, as far as telemetry says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Subject {
    Nothing,
    Command(&'static str),
    Skill(&'static Skill),
    Agent(&'static str),
}
