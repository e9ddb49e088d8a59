//! What is wrong with a template: where, what, and the nearest name that would be right.

use std::{fmt, io};

/// A template that cannot be used, as file and JSON pointer with a clause.
#[derive(Debug, thiserror::Error)]
pub struct TemplateError {
    /// `daily.json#/blocks/2/fields/0/text`.
    pub place: String,
    /// A clause without a full stop.
    pub problem: String,
    /// The nearest name that exists.
    pub suggestion: Option<String>,
    source: Option<io::Error>,
}

/// A template that compiled and still could not be rendered over a context.
pub type RenderError = TemplateError;

/// Below this likeness a suggestion would be a guess.
const ALIKE: f64 = 0.7;

impl TemplateError {
    pub(super) fn new(place: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { place: place.into(), problem: problem.into(), suggestion: None, source: None }
    }

    pub(super) fn unreadable(place: impl fmt::Display, source: io::Error) -> Self {
        let problem = "cannot be read".to_owned();
        Self { place: place.to_string(), problem, suggestion: None, source: Some(source) }
    }

    /// Suggests the one of `known` that is most like `wrong`.
    pub(super) fn nearest<'a>(mut self, wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        self.suggestion = known
            .into_iter()
            .map(|name| (likeness(wrong, name), name))
            .filter(|(likeness, _)| *likeness >= ALIKE)
            .max_by(|(a, _), (b, _)| a.total_cmp(b))
            .map(|(_, name)| name.to_owned());
        self
    }
}

/// From 0 to 1; one slip of the finger counts as very much alike, also in a short name.
fn likeness(wrong: &str, name: &str) -> f64 {
    let likeness = strsim::jaro_winkler(wrong, name);
    if strsim::damerau_levenshtein(wrong, name) <= 1 { likeness.max(0.95) } else { likeness }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}`: {}", self.place, self.problem)?;
        match &self.suggestion {
            Some(name) => write!(formatter, "; did you mean `{name}`?"),
            None => Ok(()),
        }
    }
}
