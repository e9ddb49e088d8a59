//! The daily digest and the weekly summary as they are read, and templates that are wrong.

mod daily;
mod foreign;
mod weekly;
mod wrong;

use super::{Message, Templates, check, lint};
use serde_json::Value;
use std::sync::LazyLock;

static TEMPLATES: LazyLock<Templates> = LazyLock::new(Templates::embedded);

/// The context of a sample.
fn sample(name: &str) -> Value {
    let samples = check::samples_of("daily");
    samples.into_iter().find(|(sample, _)| *sample == name).map(|(_, context)| context).unwrap()
}

/// The daily digest over `context`, which Slack would accept.
fn daily(context: &Value) -> Message {
    let message = TEMPLATES.render("daily", context).unwrap();
    assert_eq!(lint::faults(&message), []);
    message
}
