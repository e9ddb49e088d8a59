//! `[slack]`: the app's secrets and how its API is reached.

use super::{forms, section::Section};
use secrecy::SecretString;

/// How Recap talks with Slack.
#[derive(Debug, Clone)]
pub struct Slack {
    pub bot_token: Option<SecretString>,
    pub signing_secret: Option<SecretString>,
    pub app_token: Option<SecretString>,
    /// Without a slash at the end.
    pub api_url: String,
    /// The slash command's name, `/usage` unless another app owns it.
    pub command: String,
    pub mode: Mode,
    /// Where the workspace's budget starts.
    pub messages_per_minute: u32,
}

/// How Slack's events arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Socket Mode where an app token is set, else HTTP.
    Auto,
    Http,
    Socket,
}

/// No bot token is set, and the command at hand needs one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("`slack.bot_token` is not set")]
pub struct BotTokenMissing;

impl BotTokenMissing {
    /// What the reader can do.
    pub const HINT: &str = "set RECAP__SLACK__BOT_TOKEN, or RECAP__SLACK__BOT_TOKEN_FILE to a file that holds it";
}

impl Slack {
    /// The bot token, for commands that cannot do without.
    ///
    /// # Errors
    /// When none is set.
    pub fn require_bot_token(&self) -> Result<&SecretString, BotTokenMissing> {
        self.bot_token.as_ref().ok_or(BotTokenMissing)
    }

    /// The app token, where events arrive by Socket Mode.
    pub fn socket_token(&self) -> Option<&SecretString> {
        match self.mode {
            Mode::Auto | Mode::Socket => self.app_token.as_ref(),
            Mode::Http => None,
        }
    }

    pub(super) fn read(mut section: Section<'_>) -> Option<Self> {
        let bot_token = section.secret("bot_token");
        let signing_secret = section.secret("signing_secret");
        let app_token = section.secret("app_token");
        let api_url = section.required_text("api_url", |text| {
            forms::private_url(text).map(|url| url.as_str().trim_end_matches('/').to_owned())
        });
        let command = section.required_text("command", command);
        let mode = section.required_text("mode", |text| {
            let mode = forms::one_of(text, &[("auto", Mode::Auto), ("http", Mode::Http), ("socket", Mode::Socket)])?;
            match (mode, &app_token) {
                (Mode::Socket, None) => Err("Socket Mode needs `slack.app_token`".to_owned()),
                _ => Ok(mode),
            }
        });
        let messages_per_minute = section.whole("messages_per_minute", 1..=100_000);
        section.finish();
        Some(Self {
            bot_token,
            signing_secret,
            app_token,
            api_url: api_url?,
            command: command?,
            mode: mode?,
            messages_per_minute: messages_per_minute?,
        })
    }
}

/// Slack takes at most 32 characters, lower case.
fn command(text: &str) -> Result<String, String> {
    let allowed = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-_".contains(letter);
    match text.strip_prefix('/') {
        Some(name) if (1..=31).contains(&name.len()) && name.chars().all(allowed) => Ok(text.to_owned()),
        _ => Err(format!("`{}` must be a slash command in lower case, as in /usage", forms::shown(text))),
    }
}
