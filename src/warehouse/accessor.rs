//! How attributes are read in the shape that was found, and what their numbers are worth.

use super::shape::Shape;

/// A cost beyond this on one request is a broken row, not a bill; in US dollars.
const ABSURD_COST: &str = "1e4";
/// Tokens beyond this on one request are a broken row.
const ABSURD_TOKENS: &str = "1e12";

const TOKENS: [&str; 4] = ["input_tokens", "output_tokens", "cache_read_tokens", "cache_creation_tokens"];

/// How an attribute is read in the shape that was found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Accessor {
    shape: Shape,
}

impl Accessor {
    pub(super) fn of(shape: Shape) -> Self {
        Self { shape }
    }

    /// Whether a key of the settings counts in this shape.
    pub(super) fn knows(self, key: &str) -> bool {
        self.shape == Shape::Zeude || !key.starts_with("zeude.")
    }

    /// Keys are our own or checked by the settings against `[A-Za-z0-9_.-]+`.
    fn attribute(self, column: &str, key: &str) -> String {
        match self.shape {
            // What `{column}['{key}']` says, in a third of its time: comparing keys as numbers of their dictionary.
            Shape::Map | Shape::Zeude => format!("mapValues({column})[indexOf(mapKeys({column}), '{key}')]"),
            Shape::Json => format!("ifNull(toString({column}.`{key}`), '')"),
        }
    }

    pub(super) fn log(self, key: &str) -> String {
        self.attribute("LogAttributes", key)
    }

    pub(super) fn resource(self, key: &str) -> String {
        self.attribute("ResourceAttributes", key)
    }

    /// zeude sets its keys as resource attributes; Claude Code repeats those on each event, other senders may not.
    pub(super) fn either(self, key: &str) -> String {
        let log = self.log(key);
        if key.starts_with("zeude.") { format!("if({log} != '', {log}, {})", self.resource(key)) } else { log }
    }

    pub(super) fn is_event(self, name: &str) -> String {
        format!("(Body = 'claude_code.{name}' OR {} IN ('{name}', 'claude_code.{name}'))", self.log("event.name"))
    }

    /// What makes two rows the same request: delivery into ClickHouse is at least once.
    pub(super) fn request_key(self) -> String {
        let fallback = [
            "session.id",
            "event.timestamp",
            "event.sequence",
            "model",
            "input_tokens",
            "output_tokens",
            "cache_read_tokens",
            "cache_creation_tokens",
            "duration_ms",
            "cost_usd",
        ];
        let fallback: Vec<String> = fallback.iter().map(|key| self.log(key)).collect();
        let (id, is_request) = (self.log("request_id"), self.is_event("api_request"));
        format!("if({id} != '' OR NOT {is_request}, sipHash128({id}), sipHash128({}, Timestamp))", fallback.join(", "))
    }

    /// In billionths of a US dollar, so that sums are exact in any order.
    pub(super) fn cost_nanos(self) -> String {
        format!("toInt64(round(1e9 * {}))", self.cost().bounded())
    }

    pub(super) fn tokens(self, key: &str) -> String {
        format!("toUInt64({})", self.tokens_of(key).bounded())
    }

    /// Whether a request's cost or tokens cannot be. Made of what the sums are made of too, so it costs next to nothing.
    pub(super) fn implausible(self) -> String {
        let all = self.quantities().map(|quantity| quantity.implausible());
        all.reduce(|one, other| format!("bitOr({one}, {other})")).unwrap_or_default()
    }

    /// What is wrong with them, the worst of it: 0 nothing, 1 no number, 2 absurd, 3 negative.
    pub(super) fn flaw(self) -> String {
        let flaws: Vec<String> = self.quantities().map(|quantity| quantity.flaw()).collect();
        format!("greatest({})", flaws.join(", "))
    }

    fn quantities(self) -> impl Iterator<Item = Quantity> {
        std::iter::once(self.cost()).chain(TOKENS.iter().map(move |key| self.tokens_of(key)))
    }

    fn cost(self) -> Quantity {
        let (dollars, micros) = (self.log("cost_usd"), self.log("cost_usd_micros"));
        let text = format!("[{dollars}, {micros}][1 + ({dollars} = '')]");
        let value = format!("{} / [1e0, 1e6][1 + ({dollars} = '')]", number(&text));
        Quantity { text, value: format!("({value})"), limit: ABSURD_COST }
    }

    fn tokens_of(self, key: &str) -> Quantity {
        let text = self.log(key);
        Quantity { value: number(&text), text, limit: ABSURD_TOKENS }
    }
}

/// A number that a client tells as text.
struct Quantity {
    text: String,
    /// Not a number where the text is none.
    value: String,
    /// From here on it is absurd.
    limit: &'static str,
}

impl Quantity {
    /// Whether it can be: neither negative nor absurd; what is no number compares as false.
    fn possible(&self) -> String {
        let Self { value, limit, .. } = self;
        format!("(({value} >= 0) * ({value} < {limit}))")
    }

    /// Zero in place of what cannot be.
    fn bounded(&self) -> String {
        format!("(ifNotFinite({}, 0) * {})", self.value, self.possible())
    }

    /// Whether it is there and cannot be.
    fn implausible(&self) -> String {
        format!("(({} != '') > {})", self.text, self.possible())
    }

    /// As of [`Accessor::flaw`]; an absent one has none.
    fn flaw(&self) -> String {
        let Self { text, value, limit } = self;
        format!("({text} != '') * (isNaN({value}) + 2 * ({value} >= {limit}) + 3 * ({value} < 0))")
    }
}

fn number(text: &str) -> String {
    format!("ifNull(toFloat64OrNull({text}), nan)")
}

/// Whether it can stand in a statement as the key of an attribute; settings have no others.
pub(super) fn is_key(text: &str) -> bool {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | '-');
    !text.is_empty() && text.chars().all(allowed)
}
