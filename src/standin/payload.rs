//! What payloads say of people, conversations, messages and views.

use super::{
    elements::{Choice, Element, Offer, Unusable, action, chosen, with_ids},
    messages::Accepted,
    methods::chat,
    state::{Conversation, State},
    views::View,
    workspace::{APP_ID, BOT_ID, Person},
};
use serde_json::{Value, json};

/// The verification token that Slack still sends, and that nobody should go by.
pub(super) const TOKEN: &str = "standin-verification";

impl State {
    /// Somebody who can do something here.
    pub fn somebody(&self, id: &str) -> Result<&Person, Unusable> {
        let person = self.person_by_address(id).or_else(|| self.person(id));
        person.filter(|person| !person.deleted && !person.is_bot).ok_or_else(|| Unusable::Person(id.to_owned()))
    }

    /// What every interaction begins with.
    pub fn interaction(&self, kind: &str, person: &Person) -> Value {
        let workspace = self.workspace();
        let team = person.team_id.as_ref().unwrap_or(&workspace.team_id);
        let name = person.real_name.to_lowercase().replace(' ', ".");
        json!({
            "type": kind,
            "user": { "id": person.id, "username": name, "name": name, "team_id": team },
            "api_app_id": APP_ID,
            "token": TOKEN,
            "team": { "id": workspace.team_id, "domain": "example" },
            "enterprise": null,
            "is_enterprise_install": false,
        })
    }

    /// A message as an interaction carries it: with ids for each block and element.
    pub fn carried(&self, message: &Accepted) -> Value {
        let mut carried = chat::shown(message, &self.workspace().team_id, true);
        carried["blocks"] = json!(with_ids(&json!(message.blocks)));
        carried
    }

    pub fn view_shown(&self, view: &View) -> Value {
        view.shown(&self.workspace().team_id, APP_ID, BOT_ID)
    }

    /// A conversation's id and the name that Slack gives it, where `person` may be in it.
    pub fn place(&mut self, person: &str, name: &str) -> Result<(String, String), Unusable> {
        if name == person {
            return Ok((self.messages.open_direct(person).0, "directmessage".to_owned()));
        }
        match self.conversation(name) {
            Some(Conversation::Direct { id, person: with }) if with.id == person => {
                Ok((id, "directmessage".to_owned()))
            }
            Some(Conversation::Channel(channel)) if !channel.is_archived => {
                let name = if channel.is_private { "privategroup".to_owned() } else { channel.name };
                Ok((channel.id, name))
            }
            _ => Err(Unusable::Conversation(name.to_owned())),
        }
    }

    /// What an element holds after a choice.
    pub fn chosen(&self, element: &Element, choice: &Choice) -> Result<Value, Unusable> {
        self.offering(element, |offer| chosen(element, choice, offer))
    }

    /// The entry of `actions` for what was done.
    pub fn acted(&mut self, element: &Element, choice: &Choice) -> Result<Value, Unusable> {
        let now = self.now();
        let ts = self.messages.next_ts(now);
        self.offering(element, |offer| action(element, choice, offer, &ts))
    }

    fn offering<T>(&self, element: &Element, act: impl FnOnce(&Offer<'_>) -> T) -> T {
        let is_person = |id: &str| self.person(id).is_some();
        let is_conversation = |id: &str| self.conversation(id).is_some_and(|conversation| conversation.id() == id);
        let suggested = self.suggested.get(&element.action_id).map_or(&[][..], Vec::as_slice);
        act(&Offer { is_person: &is_person, is_conversation: &is_conversation, suggested })
    }
}
