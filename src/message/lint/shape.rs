//! How the shape of a JSON value is written down: tables of fields, each with its limit.

use super::walk::{Place, Walk};
use serde_json::{Map, Value};

/// What an object may hold. `type` is always known: it is how the shape was chosen.
pub(super) struct Shape {
    pub fields: &'static [Field],
    /// What a table cannot say.
    pub also: Option<Rule>,
}

/// Notes what is wrong with an object at a place.
pub(super) type Rule = fn(&mut Walk, &Map<String, Value>, &Place<'_>);

pub(super) struct Field {
    pub name: &'static str,
    pub required: bool,
    pub kind: Kind,
}

pub(super) enum Kind {
    /// Text that is shown, 1 to so many characters; it counts towards the whole message.
    Words(usize),
    /// Text that may be empty and that counts.
    Cell,
    /// A string that is not shown.
    Name(usize),
    /// A string that is not shown and may be empty.
    Note(usize),
    /// A `block_id` or `action_id`: at most 255 characters, unique among its like.
    BlockId,
    ActionId,
    Flag,
    Whole(i64, i64),
    Number,
    OneOf(&'static [&'static str]),
    /// A `plain_text` object.
    Plain(usize),
    /// A `plain_text` or `mrkdwn` object.
    Text(usize),
    Object(&'static Shape),
    /// An object by its `type`.
    Choice(&'static [(&'static str, &'static Shape)]),
    List(usize, usize, &'static Kind),
    /// What is written down elsewhere.
    In(&'static Kind),
    /// Slack's own business.
    Free,
}

pub(super) const fn need(name: &'static str, kind: Kind) -> Field {
    Field { name, required: true, kind }
}

pub(super) const fn may(name: &'static str, kind: Kind) -> Field {
    Field { name, required: false, kind }
}

pub(super) const fn shape(fields: &'static [Field]) -> Shape {
    Shape { fields, also: None }
}

/// The longest URL that Slack takes.
pub(super) const URL: usize = 3_000;
