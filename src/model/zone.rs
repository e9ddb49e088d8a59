//! Time zones by their IANA names.

use super::ParseError;
use chrono_tz::{TZ_VARIANTS, Tz};

/// Reads an IANA zone name such as `Europe/Berlin`; case does not matter.
///
/// # Errors
/// When the tz database that chrono-tz carries has no zone of this name; the nearest name is suggested.
pub fn parse_zone(text: &str) -> Result<Tz, ParseError> {
    let wanted = text.trim();
    if let Some(zone) = TZ_VARIANTS.iter().find(|zone| zone.name().eq_ignore_ascii_case(wanted)) {
        return Ok(*zone);
    }
    let nearest =
        TZ_VARIANTS.iter().max_by(|a, b| similarity(wanted, a.name()).total_cmp(&similarity(wanted, b.name())));
    let hint = nearest.map(|zone| format!("; did you mean `{}`?", zone.name())).unwrap_or_default();
    Err(ParseError(format!("`{}` is not an IANA time zone{hint}", wanted.escape_debug())))
}

fn similarity(a: &str, b: &str) -> f64 {
    strsim::jaro_winkler(&a.to_lowercase(), &b.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_found_by_name_and_suggested_when_misspelt() {
        assert_eq!(parse_zone(" europe/berlin ").unwrap(), Tz::Europe__Berlin);
        let error = parse_zone("Europe/Berlni").unwrap_err().to_string();
        assert!(error.contains("did you mean `Europe/Berlin`?"), "{error}");
        assert!(parse_zone("Mars/Olympus").is_err());
    }
}
