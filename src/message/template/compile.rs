//! JSON with directives and leaves becomes a tree of [`Node`]s, or an error that names the place.

use super::{
    environment::{self, FILTERS, STATEMENTS},
    error::TemplateError,
    node::{Code, Node, Template},
    scan,
    simple::Simple,
};
use minijinja::Environment;
use serde_json::{Map, Value, json};

/// Longer leaves are refused, so that fuel bounds what a leaf can write.
const LONGEST_LEAF: usize = 4_000;

type Compiled = Result<Node, TemplateError>;

/// Compiles one file into `environment`.
pub(super) struct Compiler<'a> {
    environment: &'a mut Environment<'static>,
    file: &'a str,
}

/// Where a value stands, and whether Slack parses its text.
#[derive(Clone)]
struct Place {
    pointer: String,
    mrkdwn: bool,
}

impl Place {
    fn child(&self, key: impl std::fmt::Display) -> Self {
        let key = key.to_string().replace('~', "~0").replace('/', "~1");
        Self { pointer: format!("{}/{key}", self.pointer), mrkdwn: self.mrkdwn }
    }
}

impl<'a> Compiler<'a> {
    pub(super) fn new(environment: &'a mut Environment<'static>, file: &'a str) -> Self {
        Self { environment, file }
    }

    /// Compiles the file's `json`.
    pub(super) fn template(&mut self, json: &str) -> Result<Template, TemplateError> {
        let root: Value = serde_json::from_str(json)
            .map_err(|error| TemplateError::new(self.file, format!("is not valid JSON: {error}")))?;
        let top = Place { pointer: String::new(), mrkdwn: false };
        let Value::Object(root) = root else {
            return Err(self.fault(&top, "must be an object with `text` and `blocks`"));
        };
        self.known_keys(&root, &["text", "blocks"], &top)?;
        let part = |key: &str| root.get(key).ok_or_else(|| self.fault(&top, &format!("`{key}` is missing")));
        let (text, blocks) = (part("text")?, part("blocks")?);
        let parsed = Place { mrkdwn: true, ..top.child("text") };
        let text = if text.is_array() { self.parts(text, &parsed)? } else { self.part(text, &parsed)? };
        if !blocks.is_array() {
            return Err(self.fault(&top.child("blocks"), "must be a list of blocks"));
        }
        let blocks = self.node(blocks, &top.child("blocks"))?;
        Ok(Template { text, blocks })
    }

    fn node(&mut self, value: &Value, place: &Place) -> Compiled {
        match value {
            Value::String(leaf) => self.leaf(leaf, place),
            Value::Array(items) => {
                let nodes: Vec<_> = items
                    .iter()
                    .enumerate()
                    .map(|(index, item)| self.node(item, &place.child(index)))
                    .collect::<Result<_, _>>()?;
                Ok(fold_list(nodes))
            }
            Value::Object(object) => match directive(object) {
                Some("$if") => self.branch(object, place, Self::node),
                Some("$each") => self.each(object, place, Self::node),
                Some(other) => Err(self
                    .fault(&place.child(other), &format!("`{other}` is not a directive"))
                    .nearest(other, ["$if", "$each"])),
                None => self.object(object, place),
            },
            _ => Ok(Node::Fixed(value.clone())),
        }
    }

    fn object(&mut self, object: &Map<String, Value>, place: &Place) -> Compiled {
        if object.get("type").is_some_and(|kind| kind.as_str().is_none_or(scan::has_code)) {
            return Err(self.fault(&place.child("type"), "must be written out, for it decides what is escaped"));
        }
        let kind = object.get("type").and_then(Value::as_str).unwrap_or_default();
        let parsed = matches!(kind, "mrkdwn" | "markdown");
        let mut fields = Vec::with_capacity(object.len() + 1);
        for (key, value) in object {
            let below = Place { mrkdwn: parsed && key == "text", ..place.child(key) };
            let node =
                if key == "text" && value.is_array() { self.parts(value, &below)? } else { self.node(value, &below)? };
            fields.push((key.clone(), node));
        }
        // Slack must neither link names in template text nor turn `:word:` into an emoji, unless the file says so.
        match kind {
            "mrkdwn" if !object.contains_key("verbatim") => fields.push(fixed("verbatim", true)),
            "plain_text" if !object.contains_key("emoji") => fields.push(fixed("emoji", false)),
            _ => {}
        }
        Ok(fold_object(fields))
    }

    /// A list of text parts, joined as they are.
    fn parts(&mut self, value: &Value, place: &Place) -> Compiled {
        let Value::Array(items) = value else { return self.part(value, place) };
        let parts = items
            .iter()
            .enumerate()
            .map(|(index, item)| self.part(item, &place.child(index)))
            .collect::<Result<_, _>>()?;
        Ok(Node::Parts(parts))
    }

    fn part(&mut self, value: &Value, place: &Place) -> Compiled {
        match value {
            Value::String(leaf) => self.leaf(leaf, place),
            Value::Object(object) if directive(object) == Some("$if") => self.branch(object, place, Self::parts),
            Value::Object(object) if directive(object) == Some("$each") => self.each(object, place, Self::parts),
            _ => Err(self.fault(place, "a part of a text must be a string, `$if` or `$each`")),
        }
    }

    fn branch(
        &mut self,
        object: &Map<String, Value>,
        place: &Place,
        below: fn(&mut Self, &Value, &Place) -> Compiled,
    ) -> Compiled {
        self.known_keys(object, &["$if", "then", "else"], place)?;
        let condition = self.expression(object, "$if", place)?;
        let simple = Simple::parse(condition);
        let code = self.add(&format!("{{% if {condition} %}}1{{% endif %}}"), &place.child("$if"))?;
        let condition = Code { simple, ..code };
        let then = Box::new(below(self, self.required(object, "then", place)?, &place.child("then"))?);
        let otherwise = object.get("else").map(|value| below(self, value, &place.child("else"))).transpose()?;
        Ok(Node::If { condition, then, otherwise: otherwise.map(Box::new) })
    }

    fn each(
        &mut self,
        object: &Map<String, Value>,
        place: &Place,
        below: fn(&mut Self, &Value, &Place) -> Compiled,
    ) -> Compiled {
        self.known_keys(object, &["$each", "as", "do", "between"], place)?;
        let list = self.expression(object, "$each", place)?;
        let list = self.result(list, &place.child("$each"))?;
        let name = self.required(object, "as", place)?.as_str().unwrap_or_default().to_owned();
        if name.is_empty() || !name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_') {
            return Err(self.fault(&place.child("as"), "must be a name of small letters, such as `skill`"));
        }
        let each = Box::new(below(self, self.required(object, "do", place)?, &place.child("do"))?);
        let between = object.get("between").map(|value| below(self, value, &place.child("between"))).transpose()?;
        Ok(Node::Each { list, name, each, between: between.map(Box::new) })
    }

    fn expression<'v>(
        &self,
        object: &'v Map<String, Value>,
        key: &str,
        place: &Place,
    ) -> Result<&'v str, TemplateError> {
        let place = place.child(key);
        let Some(expression) = object.get(key).and_then(Value::as_str) else {
            return Err(self.fault(&place, "must be an expression in a string"));
        };
        self.known_filters(&scan::expression(expression), &place)?;
        self.environment.compile_expression(expression).map_err(|error| self.syntax(&error, &place))?;
        Ok(expression)
    }

    fn leaf(&mut self, leaf: &str, place: &Place) -> Compiled {
        if !scan::has_code(leaf) {
            return Ok(Node::Fixed(Value::from(leaf)));
        }
        if leaf.len() > LONGEST_LEAF {
            return Err(self.fault(place, &format!("is longer than {LONGEST_LEAF} characters")));
        }
        let names = scan::leaf(leaf);
        self.known_filters(&names.filters, place)?;
        if let Some(statement) = names.statements.iter().find(|name| !STATEMENTS.contains(name)) {
            let problem = format!("statement `{statement}` is not available here");
            return Err(self.fault(place, &problem).nearest(statement, STATEMENTS));
        }
        if let Some(expression) = scan::number(leaf) {
            return self.result(expression, place).map(Node::Number);
        }
        self.add(leaf, place).map(Node::Leaf)
    }

    /// Code that leaves its value in a variable.
    fn result(&mut self, expression: &str, place: &Place) -> Result<Code, TemplateError> {
        let simple = Simple::parse(scan::before_number(expression));
        let code = self.add(&format!("{{% set {} = ({expression}) %}}", environment::RESULT), place)?;
        Ok(Code { simple, ..code })
    }

    fn add(&mut self, source: &str, place: &Place) -> Result<Code, TemplateError> {
        let key = environment::key(self.environment.templates().count(), place.mrkdwn);
        self.environment
            .add_template_owned(key.clone(), source.to_owned())
            .map_err(|error| self.syntax(&error, place))?;
        Ok(Code { key, place: self.at(place), simple: None })
    }

    fn required<'v>(
        &self,
        object: &'v Map<String, Value>,
        key: &str,
        place: &Place,
    ) -> Result<&'v Value, TemplateError> {
        object.get(key).ok_or_else(|| self.fault(place, &format!("`{key}` is missing")))
    }

    fn known_keys(&self, object: &Map<String, Value>, known: &[&str], place: &Place) -> Result<(), TemplateError> {
        match object.keys().find(|key| !known.contains(&key.as_str())) {
            Some(key) => Err(self
                .fault(&place.child(key), &format!("key `{key}` is not known here"))
                .nearest(key, known.iter().copied())),
            None => Ok(()),
        }
    }

    fn known_filters(&self, used: &[&str], place: &Place) -> Result<(), TemplateError> {
        match used.iter().find(|name| !FILTERS.contains(name)) {
            Some(name) => Err(self.fault(place, &format!("filter `{name}` does not exist")).nearest(name, FILTERS)),
            None => Ok(()),
        }
    }

    fn syntax(&self, error: &minijinja::Error, place: &Place) -> TemplateError {
        self.fault(place, &format!("is not a valid expression: {}", error.detail().unwrap_or("it cannot be read")))
    }

    fn fault(&self, place: &Place, problem: &str) -> TemplateError {
        TemplateError::new(self.at(place), problem)
    }

    fn at(&self, place: &Place) -> String {
        format!("{}#{}", self.file, place.pointer)
    }
}

/// The key with a `$` that makes an object a directive; a known one first.
fn directive(object: &Map<String, Value>) -> Option<&str> {
    let dollars = || object.keys().map(String::as_str).filter(|key| key.starts_with('$'));
    dollars().find(|key| matches!(*key, "$if" | "$each")).or_else(|| dollars().next())
}

fn fixed(key: &str, value: bool) -> (String, Node) {
    (key.to_owned(), Node::Fixed(json!(value)))
}

fn fold_list(nodes: Vec<Node>) -> Node {
    match nodes.iter().map(|node| node.fixed().cloned()).collect::<Option<Vec<_>>>() {
        Some(values) => Node::Fixed(Value::Array(values)),
        None => Node::List(nodes),
    }
}

fn fold_object(fields: Vec<(String, Node)>) -> Node {
    let constant: Option<Map<_, _>> =
        fields.iter().map(|(key, node)| Some((key.clone(), node.fixed()?.clone()))).collect();
    match constant {
        Some(object) => Node::Fixed(Value::Object(object)),
        None => Node::Object(fields),
    }
}
