//! What happens in one session: prompts, and what each of them sets off.

use super::{
    catalog::{
        AGENTS, API_ERRORS, BASH_COMMANDS, BUILTIN_COMMANDS, HAIKU, MODELS, Model, NEW_SKILL, SKILLS, Skill,
        TOOL_ERRORS, TOOLS,
    },
    draw::{Draw, whole},
    event::{Agent, ApiRequest, Command, Event, Kind, Session, Subject, ToolResult},
    member::Persona,
};
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;

/// Rows that arrive twice, for delivery into ClickHouse is at least once.
const REPEATED: f64 = 0.02;

/// Plays one session and appends its events.
pub(super) struct Script<'a> {
    pub session: Arc<Session>,
    pub draw: &'a mut Draw,
    pub events: &'a mut Vec<Event>,
    /// Whether the newest skill is known already.
    pub new_skill: bool,
    /// The last sequence number of a session that goes on.
    pub sequence: u32,
    at: DateTime<Utc>,
    prompt: u128,
    model: &'static Model,
    context: f64,
}

impl<'a> Script<'a> {
    pub fn new(session: Arc<Session>, at: DateTime<Utc>, draw: &'a mut Draw, events: &'a mut Vec<Event>) -> Self {
        let model = match session.agent {
            Agent::Codex => &super::catalog::CODEX,
            Agent::ClaudeCode if draw.chance(0.8) => session.member.model,
            Agent::ClaudeCode => draw.weighted(&MODELS),
        };
        let context = draw.around(18_000.0, 0.3);
        Self { session, draw, events, new_skill: false, at, sequence: 0, prompt: 0, model, context }
    }

    /// The whole session; some rows are repeated behind it.
    pub fn play(mut self) {
        let first = self.events.len();
        let again = if self.session.member.persona == Persona::Steady { 0.8 } else { 0.68 };
        let prompts = self.draw.repeats(again, 14);
        for _ in 0..prompts {
            self.prompt();
            let pause = self.draw.around(150_000.0, 0.8);
            self.pass(pause);
        }
        for index in first..self.events.len() {
            if self.draw.chance(REPEATED) {
                self.events.push(self.events[index].clone());
            }
        }
    }

    fn prompt(&mut self) {
        self.prompt = self.draw.id();
        let codex = self.session.agent == Agent::Codex;
        let command = if codex { None } else { self.command() };
        let length = whole(self.draw.around(90.0, 0.9)).clamp(2, 20_000);
        self.tell(Kind::UserPrompt { length, command });
        let skill = match command {
            Some(Command::Builtin(_)) => return,
            Some(Command::Skill(skill)) => {
                self.activate(skill, "user-slash");
                Some(skill)
            }
            None if !codex && self.draw.chance(0.04) => {
                let skill = self.skill();
                self.activate(skill, "claude-proactive");
                Some(skill)
            }
            None => None,
        };
        for _ in 0..self.draw.repeats(0.55, 12) {
            self.request(None, skill);
            if !codex && self.draw.chance(0.75) {
                self.tool();
            }
        }
        if !codex && self.draw.chance(0.06) {
            self.subagent();
        }
    }

    fn command(&mut self) -> Option<Command> {
        let kind = self.draw.unit();
        if kind < 0.2 {
            Some(Command::Skill(self.skill()))
        } else if kind < 0.25 {
            Some(Command::Builtin(self.draw.pick(&BUILTIN_COMMANDS)))
        } else {
            None
        }
    }

    fn skill(&mut self) -> &'static Skill {
        if self.new_skill && self.draw.chance(0.06) {
            &NEW_SKILL
        } else if self.draw.chance(0.4) {
            self.session.member.favourite
        } else {
            self.draw.weighted(&SKILLS)
        }
    }

    /// One use of a skill is told up to three times over: by the prompt, by this, and by the tool.
    fn activate(&mut self, skill: &'static Skill, trigger: &'static str) {
        if self.session.member.persona != Persona::OldClient {
            self.tell(Kind::SkillActivated { skill, trigger });
        }
        let duration_ms = self.draw.between(3, 40);
        let subject = Subject::Skill(skill);
        self.tell(Kind::ToolResult(ToolResult { tool: "Skill", duration_ms, error: None, subject }));
    }

    fn request(&mut self, agent: Option<&'static str>, skill: Option<&'static Skill>) {
        let codex = self.session.agent == Agent::Codex;
        if !codex && self.draw.chance(0.015) {
            self.api_error();
        }
        let duration_ms = whole(self.draw.around(4_500.0, 0.6)).clamp(300, 180_000);
        self.pass(f64::from(duration_ms));
        let written = self.draw.around(1_800.0, 0.9);
        let read = if agent.is_some() { self.context * 0.4 } else { self.context };
        let input = self.draw.around(320.0, 1.1);
        let request = ApiRequest {
            model: if agent.is_some() { &HAIKU } else { self.model },
            // The other agent counts what it read from the cache as input.
            input_tokens: whole(if codex { input + read } else { input }).max(3),
            output_tokens: whole(self.draw.around(210.0, 0.9)).max(1),
            cache_read_tokens: whole(read),
            cache_creation_tokens: if codex { 0 } else { whole(written) },
            duration_ms,
            request: self.draw.id(),
            agent,
            skill,
        };
        self.context = (self.context + written).min(190_000.0);
        self.tell(Kind::ApiRequest(request));
    }

    fn api_error(&mut self) {
        let (status, error) = self.draw.weighted(&API_ERRORS);
        let duration_ms = self.draw.between(120, 9_000);
        self.pass(f64::from(duration_ms));
        let attempt = self.draw.repeats(0.3, 5);
        self.tell(Kind::ApiError { model: self.model, status, error, duration_ms, attempt });
    }

    fn tool(&mut self) {
        let tool = self.draw.weighted(&TOOLS);
        if !self.decide(tool) {
            return;
        }
        let duration_ms = whole(self.draw.around(180.0, 1.4)).clamp(1, 600_000);
        self.pass(f64::from(duration_ms));
        let error = self.draw.chance(0.06).then(|| self.draw.pick(&TOOL_ERRORS));
        let subject = if tool == "Bash" { Subject::Command(self.draw.pick(&BASH_COMMANDS)) } else { Subject::Nothing };
        self.tell(Kind::ToolResult(ToolResult { tool, duration_ms, error, subject }));
    }

    fn decide(&mut self, tool: &'static str) -> bool {
        let source = self.draw.weighted(&[(7, "config"), (2, "user_permanent"), (1, "user_temporary")]);
        let accepted = source == "config" || !self.draw.chance(0.08);
        let source = if accepted { source } else { "user_reject" };
        self.tell(Kind::ToolDecision { tool, accepted, source });
        accepted
    }

    fn subagent(&mut self) {
        if !self.decide("Task") {
            return;
        }
        let agent = self.draw.weighted(&AGENTS);
        let begun = self.at;
        for _ in 0..self.draw.repeats(0.5, 5) {
            self.request(Some(agent), None);
        }
        let duration_ms = u32::try_from((self.at - begun).num_milliseconds()).unwrap_or(u32::MAX);
        let total_tokens = whole(self.draw.around(24_000.0, 0.5));
        if self.session.member.persona != Persona::OldClient {
            self.tell(Kind::SubagentCompleted { agent, total_tokens, duration_ms, model: &HAIKU });
        }
        let subject = Subject::Agent(agent);
        self.tell(Kind::ToolResult(ToolResult { tool: "Task", duration_ms, error: None, subject }));
    }

    fn pass(&mut self, milliseconds: f64) {
        self.at += TimeDelta::milliseconds(i64::from(whole(milliseconds)));
    }

    fn tell(&mut self, kind: Kind) {
        self.sequence += 1;
        let session = Arc::clone(&self.session);
        self.events.push(Event { at: self.at, session, sequence: self.sequence, prompt: self.prompt, kind });
        self.at += TimeDelta::milliseconds(1);
    }
}
