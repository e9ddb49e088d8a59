//! Queries of requests: every parameter known, named once, and of a form that can be used.

use crate::http::problem::{FieldError, Problem};
use std::collections::BTreeMap;

/// The parameters that were not read yet, and what is wrong with those that were.
pub(super) struct Query {
    rest: BTreeMap<String, String>,
    faults: Vec<FieldError>,
}

impl Query {
    pub fn of(query: Option<&str>) -> Self {
        let (mut rest, mut faults) = (BTreeMap::new(), Vec::new());
        for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            if rest.insert(name.to_string(), value.into_owned()).is_some() {
                faults.push(FieldError::new(name.into_owned(), "stands there more than once"));
            }
        }
        Self { rest, faults }
    }

    /// The text, if it is there and not empty.
    pub fn text(&mut self, name: &'static str) -> Option<String> {
        self.rest.remove(name).filter(|value| !value.is_empty())
    }

    /// The text, if `fits` it; `expected` says what does.
    pub fn fitting(&mut self, name: &'static str, fits: impl Fn(&str) -> bool, expected: &str) -> Option<String> {
        let text = self.rest.remove(name)?;
        if !fits(&text) {
            self.faults.push(FieldError::new(name, format!("must be {expected}")));
            return None;
        }
        Some(text)
    }

    /// # Errors
    /// With every fault, unknown parameters among them.
    pub fn finish(mut self) -> Result<(), Problem> {
        self.faults.extend(self.rest.into_keys().map(|name| {
            let name: String = name.chars().filter(|letter| !letter.is_control()).take(40).collect();
            FieldError::new(name, "is no parameter of this address")
        }));
        if self.faults.is_empty() {
            return Ok(());
        }
        Err(Problem::malformed("The query has parameters that cannot be used.").with(self.faults))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_unknown_repeated_or_unfit_is_told_at_once() {
        let mut query = Query::of(Some("limit=many&report=daily&report=weekly&colour=red"));
        assert_eq!(query.text("report").as_deref(), Some("weekly"));
        assert_eq!(query.fitting("limit", |text| text.parse::<u8>().is_ok(), "a number"), None);
        let problem = query.finish().unwrap_err();
        let fields: Vec<_> = problem.errors().iter().map(|fault| fault.field.as_ref()).collect();
        assert_eq!(fields, ["report", "limit", "colour"]);
    }

    proptest! {
        #[test]
        fn no_query_is_too_odd(query in ".{0,200}") {
            let mut read = Query::of(Some(&query));
            read.text("report");
            let _ = read.finish();
        }
    }
}
