//! The names that made-up usage is made of: models with their prices, tools, skills, sub-agents, errors.

/// A model as clients name it, with API prices in billionths of a US dollar per token.
#[derive(Debug, PartialEq, Eq)]
pub struct Model {
    /// With vendor prefix, date and suffix where such a client writes them.
    pub name: &'static str,
    /// Price of an input token.
    pub input: u64,
    /// Price of an output token.
    pub output: u64,
    /// Price of a token read from the cache.
    pub cache_read: u64,
    /// Price of a token written to the cache.
    pub cache_creation: u64,
}

const fn model(name: &'static str, input: u64) -> Model {
    // Anthropic's price list keeps these ratios to the input price for every model.
    Model { name, input, output: input * 5, cache_read: input / 10, cache_creation: input * 5 / 4 }
}

static SONNET: Model = model("claude-sonnet-4-5-20250929", 3_000);
static SONNET_LONG: Model = model("claude-sonnet-4-5-20250929[1m]", 3_000);
static SONNET_BEDROCK: Model = model("eu.anthropic.claude-sonnet-4-5-20250929-v1:0", 3_000);
static OPUS: Model = model("claude-opus-4-5-20251101", 5_000);
static OPUS_BEDROCK: Model = model("us.anthropic.claude-opus-4-1-20250805-v1:0", 15_000);
/// The small model that clients use for sub-agents and titles.
pub(super) static HAIKU: Model = model("claude-haiku-4-5-20251001", 1_000);
/// What the other agent uses; it reports no cost.
pub(super) static CODEX: Model = model("gpt-5.1-codex", 0);

pub(super) static MODELS: [(u32, &Model); 6] =
    [(50, &SONNET), (20, &OPUS), (14, &HAIKU), (6, &SONNET_BEDROCK), (6, &SONNET_LONG), (4, &OPUS_BEDROCK)];

/// A skill, by what a client says of it.
#[derive(Debug, PartialEq, Eq)]
pub struct Skill {
    /// Without the leading `/`.
    pub name: &'static str,
    /// `skill.source`.
    pub source: &'static str,
    /// `plugin.name`, of a plugin's skill.
    pub plugin: Option<&'static str>,
}

const fn skill(name: &'static str, source: &'static str) -> Skill {
    Skill { name, source, plugin: None }
}

const fn plugin_skill(name: &'static str, plugin: &'static str) -> Skill {
    Skill { name, source: "plugin", plugin: Some(plugin) }
}

/// A skill that appears only in the last days of the sample, so that something is new.
pub(super) static NEW_SKILL: Skill = skill("terraform-plan", "projectSettings");

pub(super) static SKILLS: [(u32, &Skill); 11] = [
    (32, &skill("commit", "userSettings")),
    (15, &skill("review-pr", "projectSettings")),
    (9, &plugin_skill("tdd:ci", "tdd")),
    (7, &skill("autopilot", "userSettings")),
    (7, &skill("fix", "projectSettings")),
    (5, &skill("write-tests", "projectSettings")),
    (4, &skill("explain", "userSettings")),
    (4, &skill("changelog", "projectSettings")),
    (3, &plugin_skill("debug:trace", "debug")),
    (2, &skill("release-notes", "projectSettings")),
    (2, &skill("security-audit", "projectSettings")),
];

pub(super) static BUILTIN_COMMANDS: [&str; 5] = ["clear", "compact", "model", "cost", "resume"];

pub(super) static TOOLS: [(u32, &str); 10] = [
    (28, "Bash"),
    (25, "Read"),
    (18, "Edit"),
    (9, "Grep"),
    (5, "Glob"),
    (5, "Write"),
    (5, "TodoWrite"),
    (2, "WebFetch"),
    (2, "mcp__github__get_pull_request"),
    (1, "mcp__linear__search_issues"),
];

pub(super) static BASH_COMMANDS: [&str; 6] =
    ["git status", "cargo test", "npm run build", "ls -la", "rg -n TODO src", "make lint"];

pub(super) static TOOL_ERRORS: [&str; 4] = ["Error", "ShellError", "FileNotFound", "Timeout"];

pub(super) static AGENTS: [(u32, &str); 3] = [(6, "Explore"), (3, "general-purpose"), (1, "code-reviewer")];

/// `status_code` and `error` of a refused request.
pub(super) static API_ERRORS: [(u32, (u16, &str)); 4] = [
    (6, (529, "Overloaded")),
    (3, (429, "This request would exceed your account's rate limit. Please try again later.")),
    (2, (500, "Internal server error")),
    (1, (400, "prompt is too long: 204310 tokens > 200000 maximum")),
];

pub(super) static TERMINALS: [&str; 6] = ["iTerm.app", "vscode", "ghostty", "tmux", "WarpTerminal", "cursor"];

pub(super) static REPOSITORIES: [&str; 8] =
    ["webshop", "billing", "mobile-app", "data-pipeline", "infrastructure", "design-system", "search", "gateway"];

pub(super) static VERSIONS: [(u32, &str); 3] = [(6, "2.1.44"), (3, "2.1.38"), (1, "2.1.12")];

/// A client too old to send `request_id`, `event.sequence`, `prompt.id`, `skill.name` and `app.version`.
pub(super) const OLD_VERSION: &str = "2.0.73";
