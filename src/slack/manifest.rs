//! The app manifest: what Recap's app is in Slack, with exactly the scopes that are used.

use super::EVERY_SCOPE;
use std::fmt::Write;
use url::Url;

/// The events that Recap listens to, each with the scope that Slack wants for it
/// (<https://docs.slack.dev/reference/events>).
const EVENTS: [(&str, Option<&str>); 20] = [
    ("app_home_opened", None),
    ("app_uninstalled", None),
    ("tokens_revoked", None),
    ("channel_archive", Some("channels:read")),
    ("channel_deleted", Some("channels:read")),
    ("channel_left", Some("channels:read")),
    ("channel_rename", Some("channels:read")),
    ("channel_shared", Some("channels:read")),
    ("channel_unarchive", Some("channels:read")),
    ("channel_unshared", Some("channels:read")),
    ("group_archive", Some("groups:read")),
    ("group_deleted", Some("groups:read")),
    ("group_left", Some("groups:read")),
    ("group_rename", Some("groups:read")),
    ("group_unarchive", Some("groups:read")),
    ("member_left_channel", Some("channels:read")),
    ("subteam_members_changed", Some("usergroups:read")),
    ("subteam_updated", Some("usergroups:read")),
    ("team_join", Some("users:read")),
    ("user_change", Some("users:read")),
];

/// What differs from installation to installation.
#[derive(Debug, Clone)]
pub struct Manifest<'a> {
    /// How Slack reaches `http.listen`; none where Socket Mode is all there is.
    pub url: Option<&'a Url>,
    /// The slash command.
    pub command: &'a str,
    /// Events come over Socket Mode, not to the URL.
    pub socket: bool,
}

impl Manifest<'_> {
    /// The manifest as YAML, to be pasted where Slack makes an app from one.
    pub fn yaml(&self) -> String {
        let mut yaml = ABOUT.to_owned();
        let _ =
            write!(yaml, "{}    - command: {}\n{}", FEATURES, quoted(self.command), self.address("url", "commands", 6));
        yaml.push_str(COMMAND);
        yaml.push_str("oauth_config:\n  scopes:\n    bot:\n");
        for scope in EVERY_SCOPE {
            let _ = writeln!(yaml, "      - {scope}");
        }
        yaml.push_str("settings:\n  event_subscriptions:\n");
        yaml.push_str(&self.address("request_url", "events", 4));
        yaml.push_str("    bot_events:\n");
        for (event, _) in EVENTS {
            let _ = writeln!(yaml, "      - {event}");
        }
        yaml.push_str("  interactivity:\n    is_enabled: true\n");
        yaml.push_str(&self.address("request_url", "interactions", 4));
        yaml.push_str(&self.address("message_menu_options_url", "interactions", 4));
        let socket = self.socket;
        let _ = write!(
            yaml,
            "  org_deploy_enabled: false\n  socket_mode_enabled: {socket}\n  token_rotation_enabled: false\n"
        );
        yaml
    }

    /// A line with one of the addresses below `/slack`.
    fn address(&self, key: &str, path: &str, indent: usize) -> String {
        let Some(url) = self.url else { return String::new() };
        let url = format!("{}/slack/{path}", url.as_str().trim_end_matches('/'));
        format!("{:indent$}{key}: {}\n", "", quoted(&url))
    }
}

const ABOUT: &str = "_metadata:
  major_version: 1
  minor_version: 1
display_information:
  name: Recap
  description: Tells you how you use Claude Code
  long_description: >-
    Recap tells people how they use Claude Code, from the telemetry that their company collects anyway: a daily digest
    for those who ask for one, and a weekly summary for teams that want it. It reads counts, costs and names of skills.
    It never reads prompts.
  background_color: \"#4a154b\"
";

const FEATURES: &str = "features:
  app_home:
    home_tab_enabled: true
    messages_tab_enabled: true
    messages_tab_read_only_enabled: false
  bot_user:
    display_name: Recap
    always_online: true
  slash_commands:
";

const COMMAND: &str = "      description: How you use Claude Code
      usage_hint: \"[week | team | preview | on | off | pause 1w | time 09:30 | settings | why | help]\"
      should_escape: true
";

/// Text as YAML reads it as nothing but text.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_is_allowed_by_a_scope_that_is_asked_for() {
        for (event, scope) in EVENTS {
            assert!(scope.is_none_or(|scope| EVERY_SCOPE.contains(&scope)), "{event}");
        }
    }

    #[test]
    fn what_is_foreign_is_quoted() {
        let url = Url::parse("https://recap.example.com/x%22:%20y/").unwrap();
        let yaml = Manifest { url: Some(&url), command: "/usage", socket: false }.yaml();
        assert_eq!(yaml.matches("\"https://recap.example.com/x%22:%20y/slack/").count(), 4, "{yaml}");
        assert!(yaml.contains("    - command: \"/usage\"\n      url: \""), "{yaml}");
        assert!(yaml.contains("socket_mode_enabled: false"));
    }

    #[test]
    fn socket_mode_needs_no_address() {
        let yaml = Manifest { url: None, command: "/recap", socket: true }.yaml();
        assert!(!yaml.contains("url:") && yaml.contains("socket_mode_enabled: true"), "{yaml}");
    }

    #[test]
    fn it_keeps_to_slacks_lengths() {
        let long = ABOUT.split(">-\n").nth(1).unwrap().split("  background").next().unwrap();
        assert!((174..4_000).contains(&long.split_whitespace().collect::<Vec<_>>().join(" ").len()));
        let line = |text: &str, key: &str| {
            let value = text.lines().find_map(|line| line.trim().strip_prefix(key)).unwrap();
            value.trim().trim_matches('"').len()
        };
        assert!(line(ABOUT, "name:") <= 35 && line(ABOUT, "description:") <= 140);
        assert!(line(COMMAND, "description:") <= 2_000 && line(COMMAND, "usage_hint:") <= 1_000);
    }
}
