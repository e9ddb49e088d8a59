//! What is wrong with the settings, all of it at once.

use std::fmt;

/// One fault: the key, where its value came from, and a clause that says what is wrong. Never a secret's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    key: Option<String>,
    origin: String,
    reason: String,
}

impl Fault {
    /// A fault of the value of `key`, which came from `origin`.
    pub(super) fn of_key(key: &str, origin: &str, reason: impl fmt::Display) -> Self {
        // People choose some keys and every variable's name; none may break the line.
        let one_line = |text: &str| text.replace(char::is_control, "\u{fffd}");
        Self { key: Some(one_line(key)), origin: one_line(origin), reason: one_line(&reason.to_string()) }
    }

    /// The key whose value is wrong, where it is one.
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// A fault of a whole layer, such as a file that cannot be read.
    pub(super) fn of_layer(origin: impl Into<String>, reason: impl fmt::Display) -> Self {
        Self { key: None, origin: origin.into(), reason: reason.to_string() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.key {
            Some(key) => write!(formatter, "`{key}` ({}): {}", self.origin, self.reason),
            None => write!(formatter, "{}: {}", self.origin, self.reason),
        }
    }
}

/// Every fault of the settings, one a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults(pub(super) Vec<Fault>);

impl Faults {
    /// The faults in the order of the sections; never empty.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.0.iter()
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [only] = self.0.as_slice() {
            return write!(formatter, "{only}");
        }
        write!(formatter, "the settings have {} faults", self.0.len())?;
        self.0.iter().try_for_each(|fault| write!(formatter, "\n  {fault}"))
    }
}

impl std::error::Error for Faults {}

/// The name among `known` that is closest to `wanted`, where one is close enough to be meant.
pub fn nearest<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    /// Below this a suggestion confuses more than it helps (found by trying misspelt keys).
    const CLOSE_ENOUGH: f64 = 0.75;
    let wanted = wanted.to_lowercase();
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&wanted, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness >= CLOSE_ENOUGH)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_finds_its_neighbour_and_a_strange_one_finds_none() {
        let known = ["bot_token", "api_url", "listen"];
        for (wanted, found) in
            [("bot_tokne", Some("bot_token")), ("apiurl", Some("api_url")), ("Listen", Some("listen")), ("zzz", None)]
        {
            assert_eq!(nearest(wanted, known), found, "{wanted}");
        }
    }
}
