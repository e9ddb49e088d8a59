//! The workspace that the stand-in plays: its people, channels, groups and what the app was granted.

use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeSet;

/// The bot scopes that Recap's manifest asks for.
pub const BOT_SCOPES: [&str; 10] = [
    "chat:write",
    "commands",
    "im:write",
    "im:history",
    "users:read",
    "users:read.email",
    "usergroups:read",
    "team:read",
    "channels:read",
    "groups:read",
];

/// The ids of the app's own bot, the same in every workspace.
pub(super) const BOT_USER: &str = "U0RECAPBOT";
pub(super) const BOT_ID: &str = "B0RECAPBOT";
pub(super) const APP_ID: &str = "A0RECAPAPP";

/// Who is in a workspace and what the app may do there.
#[derive(Debug, Clone)]
pub struct Workspace {
    pub team_id: String,
    pub name: String,
    /// The bot token that calls must carry.
    pub token: SecretString,
    /// The app-level token, for sockets alone; `xapp-` and the workspace's id, to begin with.
    pub app_token: SecretString,
    /// What calls with the bot token are answered once it is good no more.
    pub revoked: Option<&'static str>,
    pub scopes: BTreeSet<String>,
    pub people: Vec<Person>,
    pub channels: Vec<Channel>,
    pub groups: Vec<UserGroup>,
    /// Whether `users.lookupByEmail` finds deactivated people as well: Slack has been seen to do both.
    pub finds_deactivated: bool,
}

impl Workspace {
    /// A workspace with nobody in it, where the app was granted [`BOT_SCOPES`].
    pub fn new(team_id: impl Into<String>, token: impl Into<String>) -> Self {
        let team_id = team_id.into();
        Self {
            app_token: SecretString::from(format!("xapp-{team_id}")),
            revoked: None,
            team_id,
            name: "Example".to_owned(),
            token: SecretString::from(token.into()),
            scopes: BOT_SCOPES.map(str::to_owned).into(),
            people: Vec::new(),
            channels: Vec::new(),
            groups: Vec::new(),
            finds_deactivated: false,
        }
    }

    /// Adds a person.
    #[must_use]
    pub fn person(mut self, person: Person) -> Self {
        self.people.push(person);
        self
    }

    /// Adds people.
    #[must_use]
    pub fn people(mut self, people: impl IntoIterator<Item = Person>) -> Self {
        self.people.extend(people);
        self
    }

    /// Adds a channel.
    #[must_use]
    pub fn channel(mut self, channel: Channel) -> Self {
        self.channels.push(channel);
        self
    }

    /// Adds channels.
    #[must_use]
    pub fn channels(mut self, channels: impl IntoIterator<Item = Channel>) -> Self {
        self.channels.extend(channels);
        self
    }

    /// Adds a user group.
    #[must_use]
    pub fn group(mut self, group: UserGroup) -> Self {
        self.groups.push(group);
        self
    }

    /// Grants exactly these scopes.
    #[must_use]
    pub fn scopes<'a>(mut self, scopes: impl IntoIterator<Item = &'a str>) -> Self {
        self.scopes = scopes.into_iter().map(str::to_owned).collect();
        self
    }

    /// Whether a call with this token is let in, or the code that says why not.
    pub(super) fn admit(&self, token: &str, by_app: bool) -> Result<(), &'static str> {
        let is_app = self.app_token.expose_secret() == token;
        match (self.is_token(token), self.revoked) {
            (true, Some(code)) => Err(code),
            (true, None) if !by_app => Ok(()),
            _ if is_app && by_app => Ok(()),
            (true, None) => Err("not_allowed_token_type"),
            _ if is_app => Err("not_allowed_token_type"),
            _ => Err("invalid_auth"),
        }
    }

    pub(super) fn is_token(&self, token: &str) -> bool {
        self.token.expose_secret() == token
    }

    /// The granted scopes as Slack's `x-oauth-scopes` header lists them.
    pub(super) fn granted(&self) -> String {
        self.scopes.iter().map(String::as_str).collect::<Vec<_>>().join(",")
    }

    /// Everybody as `users.list` shows them: people, the app's bot and Slackbot.
    pub(super) fn everybody(&self) -> impl Iterator<Item = Person> + '_ {
        self.everybody_from(0)
    }

    /// As [`Self::everybody`], from one place on; who stands before it is not copied.
    pub(super) fn everybody_from(&self, place: usize) -> impl Iterator<Item = Person> + '_ {
        let first = built_in().skip(place);
        first.chain(self.people.iter().skip(place.saturating_sub(BUILT_IN)).cloned())
    }

    /// The place of a person among everybody.
    pub(super) fn place_of(&self, id: &str) -> Option<usize> {
        let built_in = built_in().position(|person| person.id == id);
        built_in.or_else(|| self.people.iter().position(|person| person.id == id).map(|place| place + BUILT_IN))
    }
}

/// How many people [`built_in`] are.
const BUILT_IN: usize = 2;

/// Slackbot and the app's bot. Slack says `is_bot: false` of Slackbot.
fn built_in() -> impl Iterator<Item = Person> {
    let people: [Person; BUILT_IN] =
        [Person::new("USLACKBOT", "Slackbot"), Person { is_bot: true, ..Person::new(BOT_USER, "Recap") }];
    people.into_iter()
}

/// A person, or a bot.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "these are Slack's own flags")]
pub struct Person {
    pub id: String,
    pub email: Option<String>,
    pub real_name: String,
    /// An IANA zone.
    pub tz: Option<String>,
    pub locale: String,
    /// Deactivated.
    pub deleted: bool,
    pub is_bot: bool,
    /// A guest of several channels.
    pub is_restricted: bool,
    /// A guest of one channel.
    pub is_ultra_restricted: bool,
    pub is_admin: bool,
    pub is_owner: bool,
    pub is_primary_owner: bool,
    /// Belongs to another workspace, when not this one's.
    pub team_id: Option<String>,
}

impl Person {
    /// An active full member without an address, in UTC.
    pub fn new(id: impl Into<String>, real_name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            email: None,
            real_name: real_name.into(),
            tz: Some("Etc/UTC".to_owned()),
            locale: "en-US".to_owned(),
            deleted: false,
            is_bot: false,
            is_restricted: false,
            is_ultra_restricted: false,
            is_admin: false,
            is_owner: false,
            is_primary_owner: false,
            team_id: None,
        }
    }

    /// With this e-mail address.
    #[must_use]
    pub fn email(self, email: impl Into<String>) -> Self {
        Self { email: Some(email.into()), ..self }
    }

    /// In this IANA zone.
    #[must_use]
    pub fn tz(self, zone: impl Into<String>) -> Self {
        Self { tz: Some(zone.into()), ..self }
    }

    /// An admin of the workspace.
    #[must_use]
    pub fn admin(self) -> Self {
        Self { is_admin: true, ..self }
    }

    /// Deactivated.
    #[must_use]
    pub fn deactivated(self) -> Self {
        Self { deleted: true, ..self }
    }
}

/// A channel.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "these are Slack's own flags")]
pub struct Channel {
    pub id: String,
    /// Without the `#`.
    pub name: String,
    pub is_private: bool,
    pub is_archived: bool,
    pub recap_is_member: bool,
    pub is_ext_shared: bool,
    pub is_pending_ext_shared: bool,
}

impl Channel {
    /// A public channel that Recap was invited to.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            is_private: false,
            is_archived: false,
            recap_is_member: true,
            is_ext_shared: false,
            is_pending_ext_shared: false,
        }
    }

    /// Whether it has this id or this name.
    pub(super) fn is(&self, name: &str) -> bool {
        self.id == name || self.name == name
    }

    /// One that Recap was not invited to.
    #[must_use]
    pub fn without_recap(self) -> Self {
        Self { recap_is_member: false, ..self }
    }

    /// A private one.
    #[must_use]
    pub fn private(self) -> Self {
        Self { is_private: true, ..self }
    }

    /// One that another workspace is in as well.
    #[must_use]
    pub fn shared(self) -> Self {
        Self { is_ext_shared: true, ..self }
    }

    /// One that another workspace was invited to.
    #[must_use]
    pub fn about_to_be_shared(self) -> Self {
        Self { is_pending_ext_shared: true, ..self }
    }

    /// An archived one.
    #[must_use]
    pub fn archived(self) -> Self {
        Self { is_archived: true, ..self }
    }
}

/// A user group (`@platform`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserGroup {
    pub id: String,
    pub handle: String,
    pub name: String,
    /// The ids of its members.
    pub members: Vec<String>,
    /// Switched off; Slack then says that there is none.
    pub is_disabled: bool,
}

impl UserGroup {
    /// A group of these people, by their ids.
    pub fn new<'a>(
        id: impl Into<String>,
        handle: impl Into<String>,
        members: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let handle = handle.into();
        Self {
            id: id.into(),
            name: handle.clone(),
            handle,
            members: members.into_iter().map(str::to_owned).collect(),
            is_disabled: false,
        }
    }
}
