//! The attribute keys that clients write, numbered so that a block can hold each name once.

macro_rules! keys {
    ($($key:ident = $name:literal),+ $(,)?) => {
        /// An attribute's key.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Key { $(#[doc = $name] $key),+ }

        impl Key {
            /// All keys, in the order of their numbers.
            pub const ALL: &'static [Key] = &[$(Key::$key),+];

            /// As it is written.
            pub fn name(self) -> &'static str {
                match self { $(Key::$key => $name),+ }
            }
        }
    };
}

keys! {
    EventName = "event.name",
    EventTimestamp = "event.timestamp",
    EventSequence = "event.sequence",
    PromptId = "prompt.id",
    SessionId = "session.id",
    OrganizationId = "organization.id",
    AccountUuid = "user.account_uuid",
    UserId = "user.id",
    UserEmail = "user.email",
    TerminalType = "terminal.type",
    AppVersion = "app.version",
    RepositoryName = "vcs.repository.name",
    TeamId = "team.id",
    Department = "department",
    ZeudeUserEmail = "zeude.user.email",
    ZeudeUserId = "zeude.user.id",
    ZeudeTeam = "zeude.team",
    PromptLength = "prompt_length",
    CommandName = "command_name",
    CommandSource = "command_source",
    Model = "model",
    CostUsd = "cost_usd",
    CostUsdMicros = "cost_usd_micros",
    DurationMs = "duration_ms",
    InputTokens = "input_tokens",
    OutputTokens = "output_tokens",
    CacheReadTokens = "cache_read_tokens",
    CacheCreationTokens = "cache_creation_tokens",
    RequestId = "request_id",
    QuerySource = "query_source",
    AgentName = "agent.name",
    SkillName = "skill.name",
    SkillSource = "skill.source",
    PluginName = "plugin.name",
    InvocationTrigger = "invocation_trigger",
    Error = "error",
    StatusCode = "status_code",
    Attempt = "attempt",
    ToolName = "tool_name",
    Success = "success",
    ErrorType = "error_type",
    DecisionType = "decision_type",
    ToolParameters = "tool_parameters",
    Decision = "decision",
    Source = "source",
    AgentType = "agent_type",
    TotalTokens = "total_tokens",
    ServiceName = "service.name",
    ServiceVersion = "service.version",
    OsType = "os.type",
    HostArch = "host.arch",
    Marker = "recap.sample",
}
