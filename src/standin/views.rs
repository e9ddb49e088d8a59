//! Views: each person's App Home, and the modals that were opened.

use serde_json::{Value, json};
use std::collections::{HashMap, VecDeque};

/// A view as it was opened or published, and last updated.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    pub id: String,
    /// The person of an App Home.
    pub user: Option<String>,
    /// The trigger of a modal.
    pub trigger_id: Option<String>,
    pub view: Value,
    /// Changes with every update.
    pub hash: String,
}

/// At most so many modals are kept; App Homes are as many as people.
const KEPT_MODALS: usize = 1_000;

#[derive(Debug, Default)]
pub(super) struct Views {
    homes: HashMap<String, View>,
    modals: VecDeque<View>,
    count: u64,
}

impl Views {
    pub fn open(&mut self, trigger_id: String, view: Value) -> View {
        let opened = View {
            id: format!("V{:08}", self.next()),
            user: None,
            trigger_id: Some(trigger_id),
            view,
            hash: self.next_hash(),
        };
        self.modals.push_back(opened.clone());
        if self.modals.len() > KEPT_MODALS {
            self.modals.pop_front();
        }
        opened
    }

    /// Publishes an App Home, unless `hash` names an older one.
    pub fn publish(&mut self, user: &str, view: Value, hash: Option<&str>) -> Option<View> {
        let known = self.homes.get(user);
        if let (Some(hash), Some(home)) = (hash, known)
            && hash != home.hash
        {
            return None;
        }
        let id = known.map(|home| home.id.clone());
        let published = View {
            id: id.unwrap_or_else(|| format!("V{:08}", self.next())),
            user: Some(user.to_owned()),
            trigger_id: None,
            view,
            hash: self.next_hash(),
        };
        self.homes.insert(user.to_owned(), published.clone());
        Some(published)
    }

    /// A view by its id or by the `external_id` it was opened with.
    pub fn find(&mut self, id: &str) -> Option<&mut View> {
        self.modals
            .iter_mut()
            .chain(self.homes.values_mut())
            .find(|view| view.id == id || view.view["external_id"] == id)
    }

    pub fn home(&self, user: &str) -> Option<&View> {
        self.homes.get(user)
    }

    pub fn modals(&self) -> impl Iterator<Item = &View> {
        self.modals.iter()
    }

    pub fn next_hash(&mut self) -> String {
        format!("{:010}.hash", self.next())
    }

    fn next(&mut self) -> u64 {
        self.count += 1;
        self.count
    }
}

impl View {
    /// The view as Slack returns it.
    pub(super) fn shown(&self, team_id: &str, app_id: &str, bot_id: &str) -> Value {
        let mut shown = self.view.clone();
        if let Value::Object(fields) = &mut shown {
            let state = json!({ "values": {} });
            let more = [
                ("id", &self.id[..]),
                ("team_id", team_id),
                ("app_id", app_id),
                ("bot_id", bot_id),
                ("hash", &self.hash),
            ];
            fields.extend(more.map(|(name, value)| (name.to_owned(), json!(value))));
            fields.insert("state".to_owned(), state);
            fields.insert("root_view_id".to_owned(), json!(self.id));
            fields.insert("previous_view_id".to_owned(), Value::Null);
        }
        shown
    }
}
