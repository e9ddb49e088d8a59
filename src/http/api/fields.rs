//! A JSON body read field by field, so that all that is wrong with it is told at once.

use crate::{config, http::problem::FieldError};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// No more of a foreign name is repeated.
const LONGEST_NAME: usize = 40;

/// What of a body was not read yet, and what is wrong with what was.
pub(super) struct Fields {
    rest: Map<String, Value>,
    given: BTreeSet<String>,
    known: Vec<&'static str>,
    faults: Vec<FieldError>,
}

impl Fields {
    pub fn of(body: Map<String, Value>) -> Self {
        let given = body.iter().filter(|(_, value)| !value.is_null()).map(|(name, _)| name.clone()).collect();
        Self { rest: body, given, known: Vec::new(), faults: Vec::new() }
    }

    /// The value; `null` counts as absent.
    fn take(&mut self, name: &'static str) -> Option<Value> {
        self.known.push(name);
        self.rest.remove(name).filter(|value| !value.is_null())
    }

    /// Whether the body has it, read or not; `null` counts as absent.
    pub fn has(&self, name: &str) -> bool {
        self.given.contains(name)
    }

    pub fn fault(&mut self, name: &'static str, reason: impl Into<String>) {
        self.faults.push(FieldError::new(name, reason));
    }

    pub fn text(&mut self, name: &'static str) -> Option<String> {
        match self.take(name)? {
            Value::String(text) => Some(text),
            other => self.mistyped(name, "text", &other),
        }
    }

    /// One of these words.
    pub fn choice<T: Copy>(&mut self, name: &'static str, choices: &[(&str, T)]) -> Option<T> {
        let text = self.text(name)?;
        let found = choices.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let words: Vec<_> = choices.iter().map(|(word, _)| format!("`{word}`")).collect();
            self.fault(name, format!("must be {}", words.join(" or ")));
        }
        found
    }

    pub fn flag(&mut self, name: &'static str) -> Option<bool> {
        match self.take(name)? {
            Value::Bool(flag) => Some(flag),
            other => self.mistyped(name, "true or false", &other),
        }
    }

    pub fn whole<T: TryFrom<i64>>(&mut self, name: &'static str) -> Option<T> {
        let value = self.take(name)?;
        let whole = value.as_i64().and_then(|number| T::try_from(number).ok());
        if whole.is_none() && value.is_number() {
            self.fault(name, "must be a whole number that is not too large, and not negative");
            return None;
        }
        if whole.is_none() { self.mistyped(name, "a whole number", &value) } else { whole }
    }

    pub fn texts(&mut self, name: &'static str) -> Option<Vec<String>> {
        let value = self.take(name)?;
        let Value::Array(items) = &value else { return self.mistyped(name, "a list of texts", &value) };
        match items.iter().map(|item| item.as_str().map(str::to_owned)).collect() {
            Some(texts) => Some(texts),
            None => self.mistyped(name, "a list of texts", &Value::from("something else in the list")),
        }
    }

    fn mistyped<T>(&mut self, name: &'static str, expected: &str, value: &Value) -> Option<T> {
        let given = match value {
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::String(_) => "text",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
            Value::Null => "nothing",
        };
        let given = if expected == "a list of texts" && given == "text" { "something else in it" } else { given };
        self.fault(name, format!("must be {expected}, not {given}"));
        None
    }

    /// All faults, those of fields that nobody knows among them.
    pub fn finish(mut self) -> Vec<FieldError> {
        for name in self.rest.keys() {
            let shown: String = name.chars().filter(|letter| !letter.is_control()).take(LONGEST_NAME).collect();
            let nearest = config::nearest(name, self.known.iter().copied());
            let hint = nearest.map(|nearest| format!("; did you mean `{nearest}`?")).unwrap_or_default();
            self.faults.push(FieldError::new(shown, format!("is no field of this request{hint}")));
        }
        self.faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    type Read = (Option<String>, Option<bool>, Option<u32>, Option<Vec<String>>, Vec<FieldError>);

    fn read(body: &Value) -> Read {
        let mut fields = Fields::of(body.as_object().unwrap().clone());
        let read = (fields.text("text"), fields.flag("flag"), fields.whole("whole"), fields.texts("texts"));
        (read.0, read.1, read.2, read.3, fields.finish())
    }

    #[test]
    fn what_fits_is_read_and_null_is_absent() {
        let (text, flag, whole, texts, faults) = read(&json!({"text": "a", "flag": true, "whole": 3, "texts": ["b"]}));
        assert_eq!((text.as_deref(), flag, whole, texts.unwrap().len()), (Some("a"), Some(true), Some(3), 1));
        assert_eq!(faults, []);
        let (text, flag, whole, texts, faults) = read(&json!({"text": null, "flag": null, "texts": null}));
        assert_eq!((text, flag, whole, texts, faults.len()), (None, None, None, None, 0));
    }

    #[test]
    fn every_fault_is_told() {
        let (.., faults) = read(&json!({"text": 1, "flag": "yes", "whole": -1, "texts": ["a", 2], "txet": "x"}));
        let faults: Vec<_> = faults.iter().map(|fault| format!("{}: {}", fault.field, fault.reason)).collect();
        assert_eq!(
            faults,
            [
                "text: must be text, not a number",
                "flag: must be true or false, not text",
                "whole: must be a whole number that is not too large, and not negative",
                "texts: must be a list of texts, not something else in it",
                "txet: is no field of this request; did you mean `text`?",
            ]
        );
    }

    proptest! {
        #[test]
        fn no_body_is_too_odd(names in proptest::collection::vec(".{0,60}", 0..6), number in any::<f64>()) {
            let values = [json!(number), json!([[]]), json!({"a": []}), json!(null), json!(""), json!(true)];
            let body: Map<_, _> = names.into_iter().zip(values).collect();
            let count = body.values().len();
            let (.., faults) = read(&Value::Object(body));
            prop_assert!(faults.len() <= count);
            prop_assert!(faults.iter().all(|fault| fault.field.chars().count() <= LONGEST_NAME));
        }
    }
}
