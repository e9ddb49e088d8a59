//! Views: each person's App Home, and the modals that were opened, as a stack for each person.

use super::elements::{Filled, with_ids};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap, VecDeque};

/// A view as it was opened or published, and last updated.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    pub id: String,
    /// Who sees it.
    pub user: Option<String>,
    /// The trigger of a modal.
    pub trigger_id: Option<String>,
    pub view: Value,
    /// Changes with every update.
    pub hash: String,
    /// Whether a modal is no longer to be seen.
    pub closed: bool,
    /// What the app said is wrong, by block, when the modal was last submitted.
    pub errors: BTreeMap<String, String>,
    root: String,
    previous: Option<String>,
    pub(super) filled: Filled,
}

/// At most so many modals are kept; App Homes are as many as people.
const KEPT_MODALS: usize = 1_000;
/// How many modals may lie on top of each other.
pub(super) const MOST_STACKED: usize = 3;

#[derive(Debug, Default)]
pub(super) struct Views {
    homes: HashMap<String, View>,
    modals: VecDeque<View>,
    /// The open modals of each person, the topmost last.
    stacks: HashMap<String, Vec<String>>,
    count: u64,
}

impl Views {
    /// Opens a modal for `user` in place of those that are open.
    pub fn open(&mut self, user: &str, trigger_id: String, view: Value) -> View {
        self.clear(user);
        self.push(user, trigger_id, view)
    }

    /// Opens a modal on top of those that are open.
    pub fn push(&mut self, user: &str, trigger_id: String, view: Value) -> View {
        let id = format!("V{:08}", self.next());
        let stack = self.stacks.entry(user.to_owned()).or_default();
        let (root, previous) = (stack.first().unwrap_or(&id).clone(), stack.last().cloned());
        stack.push(id.clone());
        let opened = View {
            id,
            user: Some(user.to_owned()),
            trigger_id: Some(trigger_id),
            filled: Filled::of(&with_ids(&view["blocks"]), &Filled::default()),
            view,
            hash: self.next_hash(),
            closed: false,
            errors: BTreeMap::new(),
            root,
            previous,
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
        let before = known.map(|home| (home.id.clone(), home.filled.clone()));
        let (id, filled) = before.unwrap_or_else(|| (format!("V{:08}", self.next()), Filled::default()));
        let published = View {
            user: Some(user.to_owned()),
            trigger_id: None,
            filled: Filled::of(&with_ids(&view["blocks"]), &filled),
            view,
            hash: self.next_hash(),
            closed: false,
            errors: BTreeMap::new(),
            root: id.clone(),
            previous: None,
            id,
        };
        self.homes.insert(user.to_owned(), published.clone());
        Some(published)
    }

    /// Replaces what a view shows; what was filled in stays where the elements do.
    pub fn update(&mut self, id: &str, view: Value) -> Option<View> {
        let hash = self.next_hash();
        let found = self.find(id)?;
        found.filled = Filled::of(&with_ids(&view["blocks"]), &found.filled);
        (found.view, found.hash, found.errors) = (view, hash, BTreeMap::new());
        Some(found.clone())
    }

    /// A view that is to be seen, by its id or by the `external_id` it was opened with.
    pub fn find(&mut self, id: &str) -> Option<&mut View> {
        self.modals
            .iter_mut()
            .chain(self.homes.values_mut())
            .find(|view| !view.closed && (view.id == id || view.view["external_id"] == id))
    }

    pub fn home(&self, user: &str) -> Option<&View> {
        self.homes.get(user)
    }

    pub fn modals(&self) -> impl Iterator<Item = &View> {
        self.modals.iter()
    }

    /// The topmost modal of a person.
    pub fn top(&self, user: &str) -> Option<&View> {
        let id = self.stacks.get(user)?.last()?;
        self.modals.iter().find(|view| view.id == *id)
    }

    /// How many modals of a person's lie on each other.
    pub fn depth(&self, user: &str) -> usize {
        self.stacks.get(user).map_or(0, Vec::len)
    }

    /// Closes the topmost modal.
    pub fn pop(&mut self, user: &str) -> Option<View> {
        let id = self.stacks.get_mut(user)?.pop()?;
        let view = self.modals.iter_mut().find(|view| view.id == id)?;
        view.closed = true;
        Some(view.clone())
    }

    /// Closes every modal of a person; the topmost comes first.
    pub fn clear(&mut self, user: &str) -> Vec<View> {
        std::iter::from_fn(|| self.pop(user)).collect()
    }

    /// The view that `user` can use: their home, or their topmost modal.
    pub fn usable(&mut self, user: &str, id: &str) -> Option<&mut View> {
        let is_home = self.homes.get(user).is_some_and(|home| home.id == id);
        let is_top = self.top(user).is_some_and(|top| top.id == id);
        if is_home || is_top { self.find(id) } else { None }
    }

    fn next_hash(&mut self) -> String {
        format!("{:010}.hash", self.next())
    }

    fn next(&mut self) -> u64 {
        self.count += 1;
        self.count
    }
}

impl View {
    /// Whether it is a modal.
    pub fn is_modal(&self) -> bool {
        self.view["type"] == "modal"
    }

    /// The view as Slack returns it.
    pub(super) fn shown(&self, team_id: &str, app_id: &str, bot_id: &str) -> Value {
        let mut shown = self.view.clone();
        let Value::Object(fields) = &mut shown else { return shown };
        for name in ["private_metadata", "callback_id", "external_id"] {
            fields.entry(name).or_insert_with(|| json!(""));
        }
        for name in ["clear_on_close", "notify_on_close"] {
            fields.entry(name).or_insert_with(|| json!(false));
        }
        for name in ["title", "close", "submit"] {
            fields.entry(name).or_insert(Value::Null);
        }
        fields.insert("blocks".to_owned(), json!(with_ids(&self.view["blocks"])));
        let more = [
            ("id", json!(self.id)),
            ("team_id", json!(team_id)),
            ("app_id", json!(app_id)),
            ("app_installed_team_id", json!(team_id)),
            ("bot_id", json!(bot_id)),
            ("hash", json!(self.hash)),
            ("state", self.filled.state()),
            ("root_view_id", json!(self.root)),
            ("previous_view_id", json!(self.previous)),
        ];
        fields.extend(more.map(|(name, value)| (name.to_owned(), value)));
        shown
    }
}
