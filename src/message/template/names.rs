//! Variables that a template uses and a context does not have.

use super::{
    error::TemplateError,
    node::{Code, Node, Template},
    render::scope,
};
use minijinja::{Environment, Value as Context};

/// Contexts that one branch is followed with at most.
const MOST_CONTEXTS: usize = 100;

enum Found {
    Yes,
    /// Something on the way is null, so nobody can tell.
    Perhaps,
    /// The part that is missing, and what is there instead.
    No(String, Vec<String>),
}

/// The first variable of `code` that `context` does not have.
pub(super) fn missing(environment: &Environment<'_>, code: &Code, context: &Context) -> Option<TemplateError> {
    paths(environment, code).into_iter().find_map(|path| match find(&path, context) {
        Found::No(part, known) => Some(error(code, &path, &part, &known)),
        Found::Yes | Found::Perhaps => None,
    })
}

/// Every variable in `template`, also in branches that are not taken, that none of `contexts` has.
pub(super) fn unknown(environment: &Environment<'_>, template: &Template, contexts: &[Context]) -> Vec<TemplateError> {
    let mut errors = Vec::new();
    for node in [&template.text, &template.blocks] {
        visit(environment, node, contexts, &mut errors);
    }
    errors
}

fn visit(environment: &Environment<'_>, node: &Node, contexts: &[Context], errors: &mut Vec<TemplateError>) {
    let mut each_of = |nodes: &mut dyn Iterator<Item = &Node>, contexts: &[Context]| {
        nodes.for_each(|node| visit(environment, node, contexts, errors));
    };
    match node {
        Node::Fixed(_) => {}
        Node::Leaf(code) | Node::Number(code) => errors.extend(in_none(environment, code, contexts)),
        Node::Parts(nodes) | Node::List(nodes) => each_of(&mut nodes.iter(), contexts),
        Node::Object(fields) => each_of(&mut fields.iter().map(|(_, node)| node), contexts),
        Node::If { condition, then, otherwise } => {
            each_of(&mut [then].into_iter().chain(otherwise).map(AsRef::as_ref), contexts);
            errors.extend(in_none(environment, condition, contexts));
        }
        Node::Each { list, name, each, between } => {
            let items = |context: &Context| {
                let value = list.simple.as_ref().and_then(|simple| simple.value(context));
                value.and_then(|value| value.try_iter().ok()).into_iter().flatten().collect::<Vec<_>>()
            };
            let inner: Vec<_> = contexts
                .iter()
                .flat_map(|context| items(context).into_iter().map(|item| scope(context, name, item)))
                .take(MOST_CONTEXTS)
                .collect();
            each_of(&mut [each].into_iter().chain(between).map(AsRef::as_ref), &inner);
            errors.extend(in_none(environment, list, contexts));
        }
    }
}

/// The first variable of `code` that no context has and at least one lacks.
fn in_none(environment: &Environment<'_>, code: &Code, contexts: &[Context]) -> Option<TemplateError> {
    paths(environment, code).into_iter().find_map(|path| {
        let mut lacking = None;
        for context in contexts {
            match find(&path, context) {
                Found::Yes => return None,
                Found::Perhaps => {}
                Found::No(part, known) => lacking = Some((part, known)),
            }
        }
        lacking.map(|(part, known)| error(code, &path, &part, &known))
    })
}

fn paths(environment: &Environment<'_>, code: &Code) -> Vec<String> {
    let template = environment.get_template(&code.key);
    let mut paths: Vec<_> =
        template.map(|template| template.undeclared_variables(true).into_iter().collect()).unwrap_or_default();
    paths.sort();
    paths
}

fn find(path: &str, context: &Context) -> Found {
    let mut value = context.clone();
    for part in path.split('.') {
        if value.is_none() {
            return Found::Perhaps;
        }
        let next = value.get_attr(part).unwrap_or_default();
        if next.is_undefined() {
            let known = value.try_iter().into_iter().flatten().map(|name| name.to_string()).collect();
            return Found::No(part.to_owned(), known);
        }
        value = next;
    }
    Found::Yes
}

fn error(code: &Code, path: &str, part: &str, known: &[String]) -> TemplateError {
    TemplateError::new(&code.place, format!("variable `{path}` does not exist"))
        .nearest(part, known.iter().map(String::as_str))
}
