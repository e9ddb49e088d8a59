//! The address that joins telemetry to Slack.

use super::ParseError;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A member's e-mail address, trimmed and in lower case, with an `@` inside.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MemberEmail(String);

/// The longest address that SMTP can carry (RFC 5321, section 4.5.3.1.3).
const LONGEST: usize = 254;

impl MemberEmail {
    /// Reads an address as people type it: case and surrounding spaces do not matter.
    ///
    /// # Errors
    /// When there is no `@` with something on both sides, or white space or control characters inside.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let address = text.trim().to_lowercase();
        let refused = |why: &str| Err(ParseError(format!("`{}` is not an e-mail address: {why}", text.escape_debug())));
        if address.len() > LONGEST {
            return Err(ParseError(format!("an e-mail address has at most {LONGEST} characters")));
        }
        if address.chars().any(|letter| letter.is_whitespace() || letter.is_control()) {
            return refused("it has white space inside");
        }
        match address.rsplit_once('@') {
            Some((local, domain)) if !local.is_empty() && !domain.is_empty() => Ok(Self(address)),
            Some(_) => refused("a part is missing before or after the `@`"),
            None => refused("there is no `@`"),
        }
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for MemberEmail {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for MemberEmail {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, ParseError> {
        Self::parse(&text)
    }
}

impl From<MemberEmail> for String {
    fn from(email: MemberEmail) -> Self {
        email.0
    }
}

impl fmt::Display for MemberEmail {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_surrounding_spaces_do_not_matter() {
        let email = MemberEmail::parse("  Ada@Example.COM\n").unwrap();
        assert_eq!(email.as_str(), "ada@example.com");
    }

    #[test]
    fn what_is_not_an_address_is_refused() {
        for text in ["", "ada", "@example.com", "ada@", "a da@example.com", "ada@exa\u{0}mple.com"] {
            assert!(MemberEmail::parse(text).is_err(), "{text:?}");
        }
        assert!(MemberEmail::parse(&format!("{}@example.com", "a".repeat(300))).is_err());
    }
}
