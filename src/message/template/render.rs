//! A compiled template and a context become a [`Message`], within a budget.

use super::{
    Message,
    environment::RESULT,
    error::RenderError,
    names,
    node::{Code, Node, Template},
};
use minijinja::{
    Environment, Error, ErrorKind, Value as Context,
    value::{Object, ValueKind},
};
use serde_json::{Map, Value};
use std::{fmt::Write, sync::Arc};

/// Leaves and directives that one message may evaluate; a digest takes about 60.
const BUDGET: usize = 2_000;

type Done<T = ()> = Result<T, RenderError>;

pub(super) fn message(environment: &Environment<'static>, template: &Template, context: &Context) -> Done<Message> {
    let mut renderer = Renderer { environment, left: BUDGET };
    let mut text = String::with_capacity(512);
    renderer.write(&template.text, context, &mut text)?;
    let mut blocks = Vec::new();
    renderer.splice(&template.blocks, context, &mut blocks)?;
    Ok(Message { text, blocks })
}

struct Renderer<'a> {
    environment: &'a Environment<'static>,
    left: usize,
}

impl Renderer<'_> {
    /// The value of `node`; none where an `$if` without `else` does not hold.
    fn value(&mut self, node: &Node, context: &Context) -> Done<Option<Value>> {
        Ok(Some(match node {
            Node::Fixed(value) => value.clone(),
            Node::Leaf(key) => Value::String(self.leaf(key, context)?),
            Node::Number(key) => self.number(key, context)?,
            Node::Parts(_) => {
                let mut text = String::new();
                self.write(node, context, &mut text)?;
                Value::String(text)
            }
            Node::List(_) | Node::Each { .. } => {
                let mut items = Vec::new();
                self.splice(node, context, &mut items)?;
                Value::Array(items)
            }
            Node::Object(fields) => {
                let mut object = Map::with_capacity(fields.len());
                for (key, field) in fields {
                    if let Some(value) = self.value(field, context)? {
                        object.insert(key.clone(), value);
                    }
                }
                Value::Object(object)
            }
            Node::If { .. } => {
                return match self.choose(node, context)? {
                    Some(branch) => self.value(branch, context),
                    None => Ok(None),
                };
            }
        }))
    }

    /// Adds what `node` stands for to a list: a directive's list item by item.
    fn splice(&mut self, node: &Node, context: &Context, items: &mut Vec<Value>) -> Done {
        match node {
            Node::List(nodes) => {
                for node in nodes {
                    match node {
                        Node::If { .. } | Node::Each { .. } => self.splice(node, context, items)?,
                        _ => items.extend(self.value(node, context)?),
                    }
                }
            }
            Node::Fixed(Value::Array(values)) => items.extend(values.iter().cloned()),
            Node::If { .. } => {
                if let Some(branch) = self.choose(node, context)? {
                    self.splice(branch, context, items)?;
                }
            }
            Node::Each { list, name, each, between } => {
                for (index, item) in self.list(list, context)?.into_iter().enumerate() {
                    let inner = scope(context, name, item);
                    if let Some(between) = between.as_ref().filter(|_| index > 0) {
                        self.splice(between, &inner, items)?;
                    }
                    self.splice(each, &inner, items)?;
                }
            }
            _ => items.extend(self.value(node, context)?),
        }
        Ok(())
    }

    /// Appends the text that `node` stands for.
    fn write(&mut self, node: &Node, context: &Context, text: &mut String) -> Done {
        match node {
            Node::Fixed(Value::String(part)) => text.push_str(part),
            Node::Leaf(key) => text.push_str(&self.leaf(key, context)?),
            Node::Parts(parts) => {
                for part in parts {
                    self.write(part, context, text)?;
                }
            }
            Node::If { .. } => {
                if let Some(branch) = self.choose(node, context)? {
                    self.write(branch, context, text)?;
                }
            }
            Node::Each { list, name, each, between } => {
                for (index, item) in self.list(list, context)?.into_iter().enumerate() {
                    let inner = scope(context, name, item);
                    if let Some(between) = between.as_ref().filter(|_| index > 0) {
                        self.write(between, &inner, text)?;
                    }
                    self.write(each, &inner, text)?;
                }
            }
            Node::Number(key) => {
                let number = self.number(key, context)?;
                let _ = write!(text, "{number}");
            }
            Node::Fixed(_) | Node::List(_) | Node::Object(_) => {}
        }
        Ok(())
    }

    fn choose<'n>(&mut self, node: &'n Node, context: &Context) -> Done<Option<&'n Node>> {
        let Node::If { condition, then, otherwise } = node else { return Ok(Some(node)) };
        let holds = match condition.simple.as_ref().and_then(|simple| simple.holds(context)) {
            Some(holds) => holds,
            None => !self.leaf(condition, context)?.is_empty(),
        };
        Ok(if holds { Some(then) } else { otherwise.as_deref() })
    }

    fn leaf(&mut self, code: &Code, context: &Context) -> Done<String> {
        self.spend(code)?;
        self.environment
            .get_template(&code.key)
            .and_then(|template| template.render(context.clone()))
            .map_err(|error| explain(&error, code, self, context))
    }

    fn result(&mut self, code: &Code, context: &Context) -> Done<Context> {
        self.spend(code)?;
        if let Some(value) = code.simple.as_ref().and_then(|simple| simple.value(context)) {
            return Ok(value);
        }
        let captured = self
            .environment
            .get_template(&code.key)
            .and_then(|template| template.render_captured(context.clone()))
            .map_err(|error| explain(&error, code, self, context))?;
        let value = captured.state().lookup(RESULT);
        value
            .filter(|value| !value.is_undefined())
            .ok_or_else(|| explain(&Error::from(ErrorKind::UndefinedError), code, self, context))
    }

    fn list(&mut self, code: &Code, context: &Context) -> Done<Vec<Context>> {
        let value = self.result(code, context)?;
        if !matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable) {
            return Err(RenderError::new(&code.place, format!("{} is not a list", value.kind())));
        }
        let items = value.try_iter().map_err(|error| explain(&error, code, self, context))?;
        Ok(items.take(BUDGET + 1).collect())
    }

    fn number(&mut self, code: &Code, context: &Context) -> Done<Value> {
        let value = self.result(code, context)?;
        serde_json::to_value(&value)
            .ok()
            .filter(Value::is_number)
            .ok_or_else(|| RenderError::new(&code.place, "is not a number"))
    }

    fn spend(&mut self, code: &Code) -> Done {
        self.left = self.left.checked_sub(1).ok_or_else(|| {
            RenderError::new(&code.place, format!("the message has more than {BUDGET} parts to fill in"))
        })?;
        Ok(())
    }
}

/// The names of a context, and one more.
#[derive(Debug)]
struct Scope {
    outer: Context,
    name: String,
    item: Context,
}

impl Object for Scope {
    fn get_value(self: &Arc<Self>, key: &Context) -> Option<Context> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Context> {
        if key == self.name {
            return Some(self.item.clone());
        }
        self.outer.get_attr(key).ok().filter(|value| !value.is_undefined())
    }

    fn enumerate(self: &Arc<Self>) -> minijinja::value::Enumerator {
        let outer = self.outer.try_iter().into_iter().flatten();
        minijinja::value::Enumerator::Values(outer.chain([Context::from(self.name.as_str())]).collect())
    }
}

/// `outer` and one more name.
pub(super) fn scope(outer: &Context, name: &str, item: Context) -> Context {
    Context::from_object(Scope { outer: outer.clone(), name: name.to_owned(), item })
}

fn explain(error: &Error, code: &Code, renderer: &Renderer<'_>, context: &Context) -> RenderError {
    let place = &code.place;
    match error.kind() {
        ErrorKind::UndefinedError => names::missing(renderer.environment, code, context)
            .unwrap_or_else(|| RenderError::new(place, "uses a value that is not there")),
        ErrorKind::OutOfFuel => RenderError::new(place, "takes too long to fill in"),
        kind => {
            let problem = error.detail().map_or_else(|| kind.to_string(), str::to_owned);
            RenderError::new(place, problem.replace('\n', " "))
        }
    }
}
