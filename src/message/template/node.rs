//! A compiled template as a tree: constants, leaves, and the two directives.

use serde_json::Value;

/// One template file.
#[derive(Debug)]
pub(super) struct Template {
    pub text: Node,
    pub blocks: Node,
}

/// A part of a template.
#[derive(Debug)]
pub(super) enum Node {
    /// Nothing to fill in from here on.
    Fixed(Value),
    /// Text to fill in; the key of its compiled form.
    Leaf(String),
    /// `{{ … | number }}` alone: a JSON number.
    Number(String),
    /// Under `text`, a list of parts that are joined.
    Parts(Vec<Node>),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
    If {
        condition: String,
        then: Box<Node>,
        otherwise: Option<Box<Node>>,
    },
    Each {
        list: String,
        name: String,
        each: Box<Node>,
        between: Option<Box<Node>>,
    },
}

impl Node {
    /// The constant below this node, where nothing in it is to be filled in.
    pub(super) fn fixed(&self) -> Option<&Value> {
        match self {
            Self::Fixed(value) => Some(value),
            _ => None,
        }
    }
}
