//! The forms that values must have. Each refusal is a clause that says what is wanted.

use super::fault::nearest;
use crate::model::{ParseError, Weekdays};
use chrono::Weekday;
use std::{net::SocketAddr, path::PathBuf};
use url::{Host, Url};

type Read<T> = Result<T, String>;

/// `text` as it may stand in a message: escaped, and cut where it is long.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut cut: String = text.chars().take(LONGEST).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut.escape_debug().to_string()
}

/// The value that `text` names.
pub(super) fn one_of<T: Copy>(text: &str, known: &[(&str, T)]) -> Read<T> {
    let wanted = text.trim();
    if let Some((_, value)) = known.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)) {
        return Ok(*value);
    }
    let names: Vec<_> = known.iter().map(|(name, _)| *name).collect();
    Err(match nearest(wanted, names.iter().copied()) {
        Some(name) => format!("`{}` is none of {}; did you mean `{name}`?", shown(wanted), names.join(", ")),
        None => format!("`{}` is none of {}", shown(wanted), names.join(", ")),
    })
}

/// Text with something in it that shows, and no control characters.
pub(super) fn line(text: &str) -> Read<String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("must not be empty".to_owned());
    }
    if text.chars().any(char::is_control) {
        return Err(format!("`{}` holds control characters", shown(text)));
    }
    Ok(text.to_owned())
}

/// A `line` without white space, such as an id.
pub(super) fn word(text: &str) -> Read<String> {
    let text = line(text)?;
    if text.contains(char::is_whitespace) {
        return Err(format!("`{}` has white space inside", shown(&text)));
    }
    Ok(text)
}

/// A channel's id. Slack posts to a name or a member too, of which nobody can say whether another workspace reads along.
///
/// # Errors
/// When it is none.
pub fn channel(text: &str) -> Read<String> {
    let id = word(text)?;
    let is_id = id.starts_with(['C', 'G']) && id.chars().all(|one| one.is_ascii_uppercase() || one.is_ascii_digit());
    if is_id { Ok(id) } else { Err(format!("`{}` is not a channel's id, as in C0123456789", shown(&id))) }
}

/// The id of a Slack user group.
///
/// # Errors
/// When it is none.
pub fn usergroup(text: &str) -> Read<String> {
    let id = word(text)?;
    let is_id = id.starts_with('S') && id.chars().all(|one| one.is_ascii_uppercase() || one.is_ascii_digit());
    if is_id { Ok(id) } else { Err(format!("`{}` is not a user group's id, as in S0123456789", shown(&id))) }
}

pub(super) fn path(text: &str) -> Read<PathBuf> {
    if text.is_empty() || text.contains('\0') { Err("must be a path".to_owned()) } else { Ok(PathBuf::from(text)) }
}

fn is_identifier(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

/// A name that needs no quotes in SQL.
pub(super) fn identifier(text: &str) -> Read<String> {
    if is_identifier(text) {
        return Ok(text.to_owned());
    }
    Err(format!("`{}` must be letters, digits and `_`, and not begin with a digit", shown(text)))
}

/// A table's name, or `database.table`.
pub(super) fn table(text: &str) -> Read<String> {
    let (database, table) = text.split_once('.').unwrap_or(("_", text));
    if is_identifier(database) && is_identifier(table) {
        return Ok(text.to_owned());
    }
    Err(format!("`{}` must be a table, or `database.table`, of letters, digits and `_`", shown(text)))
}

/// The key of a telemetry attribute; a JSON path cannot be a bound parameter, so its letters are few.
pub(super) fn attribute_key(text: &str) -> Read<String> {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | '-');
    if !text.is_empty() && text.chars().all(allowed) {
        return Ok(text.to_owned());
    }
    Err(format!("`{}` must be an attribute key of letters, digits, `.`, `_` and `-`", shown(text)))
}

pub(super) fn socket(text: &str) -> Read<SocketAddr> {
    let text = text.trim();
    text.parse().map_err(|_| format!("`{}` must be an address and a port, as in 127.0.0.1:8080", shown(text)))
}

/// The one day of a weekly report.
///
/// # Errors
/// When it is none, or several.
pub fn one_day(text: &str) -> Read<Weekday> {
    let days: Weekdays = text.parse().map_err(|error: ParseError| error.to_string())?;
    let mut days = days.days();
    match (days.next(), days.next()) {
        (Some(day), None) => Ok(day),
        _ => Err(format!("`{}` must be one day, as in mon", shown(text))),
    }
}

/// An `http` or `https` URL without credentials. What is refused is not quoted: it may hold a secret.
pub(super) fn web_url(text: &str) -> Read<Url> {
    let url = Url::parse(text.trim()).map_err(|error| format!("is not a URL: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err("must be an http or https URL".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not hold a user or password".to_owned());
    }
    Ok(url)
}

/// A `web_url` to which paths are appended, so without a query or fragment.
pub(super) fn base_url(text: &str) -> Read<Url> {
    let url = web_url(text)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err("must not hold a `?` or `#`".to_owned());
    }
    Ok(url)
}

/// A `base_url` that is safe on the way: https, or http to this machine.
pub(super) fn private_url(text: &str) -> Read<Url> {
    let url = base_url(text)?;
    if url.scheme() == "http" && !is_loopback(&url) {
        return Err("must be https unless its host is this machine".to_owned());
    }
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http_is_for_this_machine_only() {
        for good in ["https://slack.com/api", "http://localhost:1/api/", "http://127.8.0.1", "http://[::1]:90"] {
            assert!(private_url(good).is_ok(), "{good}");
        }
        for bad in [
            "http://slack.com/api",
            "http://slack.localhost",
            "ftp://localhost",
            "https://u:p@slack.com",
            "slack.com",
            "https://a/?t=1",
        ] {
            let reason = private_url(bad).unwrap_err();
            assert!(!reason.contains("u:p"), "{reason}");
        }
    }

    #[test]
    fn names_for_sql_need_no_quotes() {
        for good in ["otel_logs", "_x", "telemetry.otel_logs"] {
            assert!(table(good).is_ok(), "{good}");
        }
        for bad in ["", "1x", "a b", "a.b.c", ".a", "a.", "otel_logs; DROP", "ä"] {
            assert!(table(bad).is_err() && identifier(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn attribute_keys_cannot_break_out_of_a_path() {
        assert!(attribute_key("user.e-mail_2").is_ok());
        for bad in ["", "a`b", "a'b", "a b", "a\nb", "é"] {
            assert!(attribute_key(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_weekly_report_has_one_day() {
        assert_eq!(one_day("Monday"), Ok(Weekday::Mon));
        for bad in ["mon-tue", "mon,wed", "someday", ""] {
            assert!(one_day(bad).is_err(), "{bad}");
        }
    }
}
