//! Paths, and paths joined by `and`, `or`, `not`: read from the context at once, without the engine.
//!
//! Most conditions and lists are of this kind. Whatever is not found here is left to the compiled expression, so
//! that there is one source of errors.

use minijinja::Value;

/// An expression that needs no engine.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Simple {
    Path(Vec<String>),
    Not(Box<Simple>),
    And(Vec<Simple>),
    Or(Vec<Simple>),
}

const RESERVED: [&str; 11] = ["and", "or", "not", "in", "is", "if", "else", "true", "false", "none", "None"];

impl Simple {
    /// Reads `expression`, where it is of this kind.
    pub(super) fn parse(expression: &str) -> Option<Self> {
        let joined = |parts: Vec<&str>, join: fn(Vec<Self>) -> Self| {
            Some(join(parts.into_iter().map(Self::parse).collect::<Option<_>>()?))
        };
        if expression.contains(['(', ')', '\'', '"']) {
            return None;
        }
        let parts: Vec<_> = expression.split(" or ").collect();
        if parts.len() > 1 {
            return joined(parts, Self::Or);
        }
        let parts: Vec<_> = expression.split(" and ").collect();
        if parts.len() > 1 {
            return joined(parts, Self::And);
        }
        let expression = expression.trim();
        if let Some(inner) = expression.strip_prefix("not ") {
            return Some(Self::Not(Box::new(Self::parse(inner)?)));
        }
        let parts: Vec<_> = expression.split('.').map(str::to_owned).collect();
        parts.iter().all(|part| is_name(part)).then_some(Self::Path(parts))
    }

    /// Whether it holds; none where a name is not there.
    pub(super) fn holds(&self, context: &Value) -> Option<bool> {
        match self {
            Self::Path(_) => Some(self.value(context)?.is_true()),
            Self::Not(inner) => Some(!inner.holds(context)?),
            Self::And(parts) => Self::until(parts, context, false),
            Self::Or(parts) => Self::until(parts, context, true),
        }
    }

    fn until(parts: &[Self], context: &Value, decisive: bool) -> Option<bool> {
        for part in parts {
            if part.holds(context)? == decisive {
                return Some(decisive);
            }
        }
        Some(!decisive)
    }

    /// What a path leads to; none where a name is not there.
    pub(super) fn value(&self, context: &Value) -> Option<Value> {
        let Self::Path(path) = self else { return None };
        let mut value = context.clone();
        for name in path {
            value = value.get_attr(name).ok().filter(|value| !value.is_undefined())?;
        }
        Some(value)
    }
}

fn is_name(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|letter| letter.is_ascii_alphabetic() || letter == '_')
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        && !RESERVED.contains(&text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use minijinja::context;

    #[test]
    fn paths_and_their_combinations_hold_as_the_engine_says() {
        let context = context! { a => context! { yes => true, no => false, nothing => () }, list => [1] };
        let engine = minijinja::Environment::new();
        for expression in [
            "a.yes",
            "a.no",
            "list",
            "not a.no",
            "a.yes and not a.no",
            "a.no or list",
            "a.no or a.yes and a.no",
            "a.nothing or a.yes",
            "not a.nothing and list",
        ] {
            let expected = engine.compile_expression(expression).unwrap().eval(&context).unwrap().is_true();
            assert_eq!(Simple::parse(expression).unwrap().holds(&context), Some(expected), "{expression}");
        }
        assert_eq!(Simple::parse("a.maybe").unwrap().holds(&context), None);
        for other in ["a.b > 0", "a | length", "true", "(a)", "a is none", "'or '", "a[0]", "1"] {
            assert_eq!(Simple::parse(other), None, "{other}");
        }
    }
}
