//! A compiled template as a tree: constants, leaves, and the two directives.

use super::simple::Simple;
use serde_json::Value;

/// One template file.
#[derive(Debug)]
pub(super) struct Template {
    pub text: Node,
    pub blocks: Node,
}

/// Something compiled, and where it was written.
#[derive(Debug)]
pub(super) struct Code {
    /// Of the compiled form in the environment.
    pub key: String,
    /// `daily.json#/blocks/2/fields/0/text`.
    pub place: String,
    /// The same without the engine, where it is simple enough.
    pub simple: Option<Simple>,
}

/// A part of a template.
#[derive(Debug)]
pub(super) enum Node {
    /// Nothing to fill in from here on.
    Fixed(Value),
    /// Text to fill in.
    Leaf(Code),
    /// `{{ … | number }}` alone: a JSON number.
    Number(Code),
    /// Under `text`, a list of parts that are joined.
    Parts(Vec<Node>),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
    If {
        condition: Code,
        then: Box<Node>,
        otherwise: Option<Box<Node>>,
    },
    Each {
        list: Code,
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
