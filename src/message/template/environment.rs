//! The minijinja environment: strict, without loader, with only Recap's filters, and a formatter that escapes.

use super::{clean, dates, filters, numbers};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value};

/// Instructions that one leaf may take; the longest of ours takes about 150.
pub(super) const FUEL: u64 = 5_000;

/// The variable in which a compiled expression leaves its value.
pub(super) const RESULT: &str = "result";

/// Every filter that a template may use.
pub(super) const FILTERS: [&str; 22] = [
    "abs",
    "count",
    "date_range",
    "default",
    "first",
    "full",
    "join",
    "last",
    "length",
    "long_date",
    "lower",
    "money",
    "number",
    "plural",
    "round",
    "short_date",
    "signed",
    "signed_money",
    "time",
    "upper",
    "week_range",
    "weekday",
];

/// Every statement that a leaf may use.
pub(super) const STATEMENTS: [&str; 6] = ["if", "elif", "else", "endif", "for", "endfor"];

const PARSED: &str = "m";

/// The key under which the `number`th leaf is compiled: what Slack parses is escaped.
pub(super) fn key(number: usize, mrkdwn: bool) -> String {
    if mrkdwn { format!("{PARSED}{number}") } else { format!("{number}") }
}

/// An environment that knows every filter and no template.
pub(super) fn new() -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_debug(false);
    environment.set_recursion_limit(50);
    environment.set_auto_escape_callback(|key| {
        if key.starts_with(PARSED) { AutoEscape::Custom(PARSED.into()) } else { AutoEscape::None }
    });
    environment.set_formatter(write);
    add_filters(&mut environment);
    environment.add_test("defined", minijinja::tests::is_defined);
    environment.add_test("none", minijinja::tests::is_none);
    environment
}

fn add_filters(environment: &mut Environment<'static>) {
    environment.add_filter("abs", minijinja::filters::abs);
    environment.add_filter("default", minijinja::filters::default);
    environment.add_filter("first", minijinja::filters::first);
    environment.add_filter("join", filters::join);
    environment.add_filter("last", minijinja::filters::last);
    environment.add_filter("length", minijinja::filters::length);
    environment.add_filter("lower", minijinja::filters::lower);
    environment.add_filter("round", minijinja::filters::round);
    environment.add_filter("upper", minijinja::filters::upper);
    environment.add_filter("number", filters::number);
    environment.add_filter("plural", filters::plural);
    environment.add_filter("count", numbers::count);
    environment.add_filter("full", numbers::full);
    environment.add_filter("money", numbers::money);
    environment.add_filter("signed", numbers::signed);
    environment.add_filter("signed_money", numbers::signed_money);
    environment.add_filter("date_range", dates::date_range);
    environment.add_filter("long_date", dates::long_date);
    environment.add_filter("short_date", dates::short_date);
    environment.add_filter("time", dates::time);
    environment.add_filter("week_range", dates::week_range);
    environment.add_filter("weekday", dates::weekday);
}

fn write(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    if value.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    if value.is_none() {
        return Err(Error::new(ErrorKind::InvalidOperation, "there is no value to show"));
    }
    let parsed = matches!(state.auto_escape(), AutoEscape::Custom(_));
    let written = match value.as_str() {
        Some(text) => clean::write(out, text, parsed),
        None => clean::write(out, &value.to_string(), parsed),
    };
    written.map_err(Error::from)
}
