//! A modal: its title, what is in it, and how it is sent off.

use super::block::{plain, section};
use serde_json::{Value, json};

/// The longest title and button of a modal.
const TITLE: usize = 24;

/// A modal that is being built.
#[derive(Debug, Clone)]
pub(in crate::interaction) struct Modal {
    callback: &'static str,
    title: String,
    submit: Option<&'static str>,
    close: &'static str,
    metadata: String,
    clears: bool,
    blocks: Vec<Value>,
}

impl Modal {
    pub(in crate::interaction) fn new(callback: &'static str, title: &str) -> Self {
        let (title, metadata) = (title.to_owned(), String::new());
        Self { callback, title, submit: None, close: "Close", metadata, clears: false, blocks: Vec::new() }
    }

    /// With a button that sends it off; the other one then takes nothing over.
    pub(in crate::interaction) fn submit(mut self, submit: &'static str) -> Self {
        self.submit = Some(submit);
        self.close = "Cancel";
        self
    }

    /// With a note for whoever answers it. What comes back is checked like everything that was typed.
    pub(in crate::interaction) fn metadata(mut self, metadata: String) -> Self {
        self.metadata = metadata;
        self
    }

    /// Closing it closes those beneath it too, for they show what was.
    pub(in crate::interaction) fn clears(mut self) -> Self {
        self.clears = true;
        self
    }

    pub(in crate::interaction) fn block(mut self, block: Value) -> Self {
        self.blocks.push(block);
        self
    }

    pub(in crate::interaction) fn blocks(mut self, blocks: impl IntoIterator<Item = Value>) -> Self {
        self.blocks.extend(blocks);
        self
    }

    pub(in crate::interaction) fn json(self) -> Value {
        let mut modal = json!({
            "type": "modal",
            "callback_id": self.callback,
            "title": plain(&self.title, TITLE),
            "close": plain(self.close, TITLE),
            "private_metadata": self.metadata,
            "clear_on_close": self.clears,
            "blocks": self.blocks,
        });
        if let Some(submit) = self.submit {
            modal["submit"] = plain(submit, TITLE);
        }
        modal
    }
}

/// A modal that only says something.
pub(in crate::interaction) fn notice(title: &str, words: &[&str]) -> Value {
    Modal::new("notice", title).clears().blocks(words.iter().map(|words| section(words))).json()
}
