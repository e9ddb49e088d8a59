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
    let nearest = TZ_VARIANTS.iter().map(|zone| (similarity(wanted, zone.name()), zone.name()));
    let nearest = nearest.filter(|(near, _)| *near >= NEAR).max_by(|(a, _), (b, _)| a.total_cmp(b));
    let hint = nearest.map(|(_, name)| format!("; did you mean `{name}`?")).unwrap_or_default();
    Err(ParseError(format!("`{}` is not an IANA time zone{hint}", wanted.escape_debug())))
}

/// What is less like a zone is not suggested.
const NEAR: f64 = 0.85;

/// How much `text` is like the zone `name`, or like its city: most people write that alone.
fn similarity(text: &str, name: &str) -> f64 {
    let like = |name: &str| strsim::jaro_winkler(&text.to_lowercase().replace(' ', "_"), &name.to_lowercase());
    let city = name.rsplit('/').next().unwrap_or(name);
    like(name).max(like(city))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_found_by_name_and_suggested_when_misspelt() {
        assert_eq!(parse_zone(" europe/berlin ").unwrap(), Tz::Europe__Berlin);
        let error = parse_zone("Europe/Berlni").unwrap_err().to_string();
        assert!(error.contains("did you mean `Europe/Berlin`?"), "{error}");
        for (city, zone) in [("Berlin", "Europe/Berlin"), ("new york", "America/New_York"), ("tokio", "Asia/Tokyo")] {
            let error = parse_zone(city).unwrap_err().to_string();
            assert!(error.contains(&format!("did you mean `{zone}`?")), "{error}");
        }
        for nowhere in ["Mars/Olympus", "Nowhere", "x", ""] {
            let error = parse_zone(nowhere).unwrap_err().to_string();
            assert!(!error.contains("did you mean"), "{error}");
        }
    }
}
