//! Gathers prompts into blocks of zeude's `ai_prompts`.

use super::{
    event::{Agent, Command, Event, Kind},
    member::uuid_bits,
    native::{Block, Numbers, Texts},
    shape::PROMPT_COLUMNS,
};

/// Made-up prompts. Reports must never read them.
const TEXTS: [&str; 6] = [
    "made-up prompt: find out why the build is slow",
    "made-up prompt: add a test for the rounding of prices",
    "made-up prompt: rename this module and fix the imports",
    "made-up prompt: what does this function do",
    "made-up prompt: make the error say which file is missing",
    "made-up prompt: the page jumps when the list loads, please look",
];

/// What zeude's hook made of a prompt.
struct Invocation {
    kind: &'static str,
    name: &'static str,
    text: String,
}

/// A growing block of prompts.
#[derive(Debug, Default)]
pub(super) struct PromptsBlock {
    rows: usize,
    ids: Numbers,
    sessions: Texts,
    users: Texts,
    emails: Texts,
    teams: Texts,
    timestamps: Numbers,
    texts: Texts,
    lengths: Numbers,
    kinds: Texts,
    names: Texts,
    projects: Texts,
    folders: Texts,
}

impl PromptsBlock {
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Adds the prompt that `event` is, if it is one: at times twice, as on an update.
    pub fn push(&mut self, event: &Event) {
        let Kind::UserPrompt { length, command } = event.kind else { return };
        if event.session.agent != Agent::ClaudeCode {
            return;
        }
        let invocation = invocation(event.prompt, command);
        if !event.prompt.is_multiple_of(4) {
            self.add(event, length, &invocation, 0);
            return;
        }
        // The hook inserts at once, and again when it knows what was invoked.
        let first = Invocation { kind: "natural", name: "", text: invocation.text.clone() };
        self.add(event, length, &first, 0);
        self.add(event, length, &invocation, 1_500);
    }

    fn add(&mut self, event: &Event, length: u32, invocation: &Invocation, later_ms: i64) {
        let session = &event.session;
        let member = &session.member;
        let id = uuid_bits(event.prompt).to_be_bytes();
        // A UUID is two little-endian words, the high one first.
        for half in id.chunks_exact(8) {
            for byte in half.iter().rev() {
                self.ids.push([*byte]);
            }
        }
        self.sessions.push(&session.id);
        self.users.push(member.account.as_ref().unwrap_or(&member.installation));
        self.emails.push(member.email.as_deref().filter(|_| session.email_told).unwrap_or_default());
        self.teams.push(&member.team);
        self.timestamps.push((event.at.timestamp_millis() + later_ms).to_le_bytes());
        self.texts.push(&invocation.text);
        self.lengths.push(length.to_le_bytes());
        self.kinds.push(invocation.kind);
        self.names.push(invocation.name);
        self.projects.push_parts("/recap-sample/", session.repository);
        self.folders.push_parts("/recap-sample/", session.repository);
        self.rows += 1;
    }

    /// The block's bytes; afterwards it is empty.
    pub fn take(&mut self) -> Vec<u8> {
        let full = std::mem::take(self);
        let mut block = Block::new(PROMPT_COLUMNS.len(), full.rows, full.rows * 320);
        block.numbers(PROMPT_COLUMNS[0], &full.ids);
        for (column, texts) in (1..).zip([&full.sessions, &full.users, &full.emails, &full.teams]) {
            block.texts(as_text(column), texts);
        }
        block.numbers(PROMPT_COLUMNS[5], &full.timestamps);
        block.texts(as_text(6), &full.texts);
        block.numbers(PROMPT_COLUMNS[7], &full.lengths);
        for (column, texts) in (8..).zip([&full.kinds, &full.names, &full.projects, &full.folders]) {
            block.texts(as_text(column), texts);
        }
        block.finish()
    }
}

/// The server makes a dictionary of plain text itself.
fn as_text(column: usize) -> (&'static str, &'static str) {
    (PROMPT_COLUMNS[column].0, "String")
}

fn invocation(prompt: u128, command: Option<Command>) -> Invocation {
    match command {
        Some(Command::Skill(skill)) => {
            let kind = if skill.plugin.is_some() { "command" } else { "skill" };
            Invocation { kind, name: skill.name, text: format!("/{}", skill.name) }
        }
        Some(Command::Builtin(name)) => Invocation { kind: "natural", name: "", text: format!("/{name}") },
        // The hook takes a prompt that begins with a path for a command.
        None if prompt.is_multiple_of(67) => Invocation {
            kind: "command",
            name: "Users",
            text: String::from("/Users/somebody/shop/cart.rs made-up prompt: why does this fail"),
        },
        None => {
            let text = TEXTS[(prompt >> 8) as usize % TEXTS.len()];
            Invocation { kind: "natural", name: "", text: String::from(text) }
        }
    }
}
