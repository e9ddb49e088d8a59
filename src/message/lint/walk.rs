//! Walks a message's blocks along their shapes and notes every fault with its place.

use super::{
    Fault, blocks,
    shape::{Kind, Shape},
    views,
};
use serde_json::Value;
use std::fmt::{self, Write};

const MOST_BLOCKS: usize = 50;

/// All text of all blocks stays under this; Slack refuses somewhat later, undocumented.
const MOST_TEXT: usize = 12_000;

const LONGEST_ID: usize = 255;

const MOST_VIEW_BLOCKS: usize = 100;

/// Bytes of a whole view as JSON.
const LARGEST_VIEW: usize = 250_000;

/// Where a value stands; written out only when there is a fault.
pub(super) struct Place<'a> {
    pub above: Option<&'a Place<'a>>,
    pub step: Step<'a>,
}

pub(super) enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

impl<'a> Place<'a> {
    pub(super) fn key(&'a self, key: &'a str) -> Place<'a> {
        Place { above: Some(self), step: Step::Key(key) }
    }

    pub(super) fn index(&'a self, index: usize) -> Place<'a> {
        Place { above: Some(self), step: Step::Index(index) }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(above) = self.above {
            above.fmt(formatter)?;
        }
        match self.step {
            Step::Key(key) => write!(formatter, "/{}", key.replace('~', "~0").replace('/', "~1")),
            Step::Index(index) => write!(formatter, "/{index}"),
        }
    }
}

/// One walk over one message.
#[derive(Default)]
pub(super) struct Walk {
    pub faults: Vec<Fault>,
    /// Characters of all text seen so far.
    pub characters: usize,
    block_ids: Vec<String>,
    action_ids: Vec<String>,
}

impl Walk {
    /// Checks the blocks of a message and what holds for all of them together.
    pub(super) fn message(&mut self, blocks: &[Value]) {
        let root = Place { above: None, step: Step::Key("blocks") };
        if blocks.len() > MOST_BLOCKS {
            self.fault(&root, format_args!("a message has at most {MOST_BLOCKS} blocks, not {}", blocks.len()));
        }
        for (index, block) in blocks.iter().enumerate() {
            self.kind(&blocks::BLOCK, block, &root.index(index));
        }
        blocks::together(self, blocks, &root);
        if self.characters >= MOST_TEXT {
            let characters = self.characters;
            self.fault(
                &root,
                format_args!("all text together must stay under {MOST_TEXT} characters, not {characters}"),
            );
        }
    }

    /// Checks a modal or an App Home; the limit for all text together is one of messages.
    pub(super) fn view(&mut self, view: &Value) {
        let root = Place { above: None, step: Step::Key("view") };
        let blocks = view.get("blocks").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        if blocks.len() > MOST_VIEW_BLOCKS {
            let count = blocks.len();
            self.fault(&root, format_args!("a view has at most {MOST_VIEW_BLOCKS} blocks, not {count}"));
        }
        self.kind(&views::VIEW, view, &root);
        blocks::together(self, blocks, &root);
        let bytes = view.to_string().len();
        if bytes > LARGEST_VIEW {
            self.fault(&root, format_args!("a view has at most {LARGEST_VIEW} bytes, not {bytes}"));
        }
    }

    pub(super) fn fault(&mut self, place: &Place<'_>, problem: fmt::Arguments<'_>) {
        self.faults.push(Fault { pointer: place.to_string(), problem: problem.to_string() });
    }

    fn kind(&mut self, kind: &'static Kind, value: &Value, place: &Place<'_>) {
        match kind {
            Kind::Words(most) => self.words(value, place, 1, *most),
            Kind::Cell => self.words(value, place, 0, usize::MAX),
            Kind::Name(most) => {
                self.string(value, place, 1, *most);
            }
            Kind::Note(most) => {
                self.string(value, place, 0, *most);
            }
            Kind::BlockId | Kind::ActionId => self.id(matches!(kind, Kind::BlockId), value, place),
            Kind::Flag => self.expect(value.is_boolean(), place, "must be true or false"),
            Kind::Number => self.expect(value.is_number(), place, "must be a number"),
            Kind::Whole(least, most) => {
                if !value.as_i64().is_some_and(|number| (*least..=*most).contains(&number)) {
                    self.fault(place, format_args!("must be a whole number from {least} to {most}"));
                }
            }
            Kind::OneOf(words) => {
                if !value.as_str().is_some_and(|word| words.contains(&word)) {
                    self.fault(place, format_args!("must be one of {}", listed(words.iter().copied())));
                }
            }
            Kind::Plain(most) => self.text(value, place, *most, false),
            Kind::Text(most) => self.text(value, place, *most, true),
            Kind::Object(shape) => self.shape(shape, value, place),
            Kind::Choice(shapes) => self.choice(shapes, value, place),
            Kind::List(least, most, of) => self.list((*least, *most), of, value, place),
            Kind::In(kind) => self.kind(kind, value, place),
            Kind::Free => {}
        }
    }

    fn choice(&mut self, shapes: &'static [(&'static str, &'static Shape)], value: &Value, place: &Place<'_>) {
        let Some(kind) = value.get("type").and_then(Value::as_str) else {
            return self.fault(place, format_args!("must be an object with a `type`"));
        };
        if let Some((_, shape)) = shapes.iter().find(|(name, _)| *name == kind) {
            return self.shape(shape, value, place);
        }
        let known = listed(shapes.iter().map(|(name, _)| *name));
        let kind = kind.chars().take(40).collect::<String>();
        self.fault(&place.key("type"), format_args!("`{}` is not one of {known}", kind.escape_debug()));
    }

    fn shape(&mut self, shape: &'static Shape, value: &Value, place: &Place<'_>) {
        let Value::Object(object) = value else {
            return self.fault(place, format_args!("must be an object"));
        };
        for (key, value) in object {
            match shape.fields.iter().find(|field| field.name == key) {
                Some(field) => self.kind(&field.kind, value, &place.key(key)),
                None if key == "type" => {}
                None => self.fault(&place.key(key), format_args!("is not known here")),
            }
        }
        for field in shape.fields.iter().filter(|field| field.required && !object.contains_key(field.name)) {
            self.fault(place, format_args!("`{}` is missing", field.name));
        }
        if let Some(also) = shape.also {
            also(self, object, place);
        }
    }

    fn list(&mut self, (least, most): (usize, usize), of: &'static Kind, value: &Value, place: &Place<'_>) {
        let Value::Array(items) = value else { return self.fault(place, format_args!("must be a list")) };
        if !(least..=most).contains(&items.len()) {
            self.fault(place, format_args!("must have {least} to {most} entries, not {}", items.len()));
        }
        for (index, item) in items.iter().enumerate() {
            self.kind(of, item, &place.index(index));
        }
    }

    fn text(&mut self, value: &Value, place: &Place<'_>, most: usize, mrkdwn_too: bool) {
        let Value::Object(object) = value else { return self.fault(place, format_args!("must be a text object")) };
        let parsed = match object.get("type").and_then(Value::as_str) {
            Some("plain_text") => false,
            Some("mrkdwn") if mrkdwn_too => true,
            Some("mrkdwn") => return self.fault(&place.key("type"), format_args!("must be `plain_text` here")),
            _ => return self.fault(&place.key("type"), format_args!("must be `plain_text` or `mrkdwn`")),
        };
        let flag = if parsed { "verbatim" } else { "emoji" };
        for (key, value) in object {
            match key.as_str() {
                "type" => {}
                "text" => self.words(value, &place.key("text"), 1, most),
                key if key == flag => self.expect(value.is_boolean(), &place.key(flag), "must be true or false"),
                key => self.fault(&place.key(key), format_args!("is not known here")),
            }
        }
        self.expect(object.contains_key("text"), place, "`text` is missing");
    }

    fn words(&mut self, value: &Value, place: &Place<'_>, least: usize, most: usize) {
        if let Some(text) = self.string(value, place, least, most) {
            self.characters += text.chars().count();
        }
    }

    fn string<'v>(&mut self, value: &'v Value, place: &Place<'_>, least: usize, most: usize) -> Option<&'v str> {
        let Value::String(text) = value else {
            self.fault(place, format_args!("must be a string"));
            return None;
        };
        if text.len() < least {
            self.fault(place, format_args!("must not be empty"));
        } else if text.len() > most && text.chars().count() > most {
            self.fault(place, format_args!("has {} characters, more than {most}", text.chars().count()));
        }
        Some(text)
    }

    fn id(&mut self, block: bool, value: &Value, place: &Place<'_>) {
        let Some(id) = self.string(value, place, 1, LONGEST_ID) else { return };
        let seen = if block { &mut self.block_ids } else { &mut self.action_ids };
        if seen.iter().any(|other| other == id) {
            self.fault(place, format_args!("is used twice"));
        } else {
            seen.push(id.to_owned());
        }
    }

    pub(super) fn expect(&mut self, holds: bool, place: &Place<'_>, problem: &str) {
        if !holds {
            self.fault(place, format_args!("{problem}"));
        }
    }
}

fn listed<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.fold(String::new(), |mut list, word| {
        let _ = write!(list, "{}`{word}`", if list.is_empty() { "" } else { ", " });
        list
    })
}
