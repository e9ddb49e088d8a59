//! What a leaf says, read without running it: its filters and statements, for errors before anything is rendered.

/// The names in a leaf's code, in order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Names<'a> {
    pub filters: Vec<&'a str>,
    /// First words of `{% … %}`.
    pub statements: Vec<&'a str>,
}

/// Whether anything in `leaf` is to be filled in.
pub(super) fn has_code(leaf: &str) -> bool {
    leaf.contains("{{") || leaf.contains("{%") || leaf.contains("{#")
}

/// The expression of a leaf that is `{{ expression | number }}` and nothing else.
pub(super) fn number(leaf: &str) -> Option<&str> {
    let inside = leaf.trim().strip_prefix("{{")?.strip_suffix("}}")?;
    if inside.contains("}}") || inside.contains("{{") {
        return None;
    }
    let (_, last) = inside.rsplit_once('|')?;
    (last.trim() == "number").then_some(inside.trim())
}

/// An expression without a last `| number`.
pub(super) fn before_number(expression: &str) -> &str {
    match expression.rsplit_once('|') {
        Some((before, last)) if last.trim() == "number" => before.trim_end(),
        _ => expression,
    }
}

/// The filters and statements of `leaf`.
pub(super) fn leaf(leaf: &str) -> Names<'_> {
    let mut names = Names::default();
    let mut rest = leaf;
    while let Some((at, close)) = next_code(rest) {
        let inside = &rest[at + 2..];
        let end = close_of(inside, close);
        let code = &inside[..end];
        match close {
            "%}" => {
                let code = code.trim_start_matches(['-', '+', ' ', '\n', '\t']);
                names.statements.push(&code[..word_length(code)]);
                filters(code, &mut names.filters);
            }
            "}}" => filters(code, &mut names.filters),
            _ => {}
        }
        rest = inside.get(end + 2..).unwrap_or_default();
    }
    names
}

/// The filters of a bare `expression`.
pub(super) fn expression(expression: &str) -> Vec<&str> {
    let mut found = Vec::new();
    filters(expression, &mut found);
    found
}

fn next_code(text: &str) -> Option<(usize, &'static str)> {
    [("{{", "}}"), ("{%", "%}"), ("{#", "#}")]
        .into_iter()
        .filter_map(|(open, close)| text.find(open).map(|at| (at, close)))
        .min_by_key(|(at, _)| *at)
}

/// Where `close` stands outside of quotes, or the end.
fn close_of(code: &str, close: &str) -> usize {
    let comment = close == "#}";
    outside_quotes(code, !comment).find(|at| code[*at..].starts_with(close)).unwrap_or(code.len())
}

fn filters<'a>(code: &'a str, found: &mut Vec<&'a str>) {
    for at in outside_quotes(code, true).filter(|at| code[*at..].starts_with('|')) {
        let name = code[at + 1..].trim_start();
        found.push(&name[..word_length(name)]);
    }
}

fn word_length(text: &str) -> usize {
    text.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(text.len())
}

fn outside_quotes(code: &str, quotes_count: bool) -> impl Iterator<Item = usize> + '_ {
    let mut quote = None;
    let mut escaped = false;
    code.char_indices().filter_map(move |(at, letter)| match quote {
        Some(open) => {
            if !escaped && letter == open {
                quote = None;
            }
            escaped = letter == '\\' && !escaped;
            None
        }
        None if quotes_count && (letter == '"' || letter == '\'') => {
            quote = Some(letter);
            None
        }
        None => Some(at),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_and_statements_are_found_outside_of_quotes() {
        let names = leaf("a | b {{ x | count }}{% if y | plural('a | b', \"}}\") | full %}{# | no #}{%- endif %}");
        assert_eq!(names.filters, ["count", "plural", "full"]);
        assert_eq!(names.statements, ["if", "endif"]);
        assert_eq!(expression("a|length > 1 and '|b' == c | full"), ["length", "full"]);
    }

    #[test]
    fn a_number_stands_alone() {
        assert_eq!(number("{{ day.sessions | number }}"), Some("day.sessions | number"));
        assert_eq!(number("{{ a | number }}{{ b | number }}"), None);
        assert_eq!(number("{{ day.sessions }}"), None);
    }
}
