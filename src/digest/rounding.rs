//! Exact arithmetic, rounded once, half away from zero.

/// Billionths of a dollar in one dollar.
pub(super) const NANOS: i128 = 1_000_000_000;

/// `part / whole`, rounded half away from zero and held within `i64`; none unless `whole` is positive.
pub(super) fn ratio(part: i128, whole: i128) -> Option<i64> {
    if whole <= 0 {
        return None;
    }
    let (floor, rest) = (part / whole, part % whole);
    let rounded = if 2 * rest.abs() >= whole { floor + part.signum() } else { floor };
    Some(i64::try_from(rounded).unwrap_or(if rounded < 0 { i64::MIN } else { i64::MAX }))
}

/// `part` of `whole` in whole percent.
pub(super) fn percent(part: i128, whole: i128) -> Option<i64> {
    ratio(part.saturating_mul(100), whole)
}

/// Dollars from billionths of a dollar, exact to the nearest float.
pub(super) fn dollars(nanos: i64) -> f64 {
    nanos as f64 / NANOS as f64
}

/// A count as it is compared; one beyond `i64` is held at its end.
pub(super) fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_away_from_zero() {
        for (part, whole, expected) in [
            (5, 2, 3),
            (-5, 2, -3),
            (1, 2, 1),
            (-1, 2, -1),
            (1, 3, 0),
            (-1, 3, 0),
            (2, 3, 1),
            (-2, 3, -1),
            (499, 1000, 0),
            (0, 7, 0),
            (9, 3, 3),
        ] {
            assert_eq!(ratio(part, whole), Some(expected), "{part}/{whole}");
        }
    }

    #[test]
    fn nothing_to_divide_by_gives_nothing_and_too_much_is_held() {
        assert_eq!(ratio(1, 0), None);
        assert_eq!(ratio(1, -3), None);
        assert_eq!(percent(i128::MAX, 1), Some(i64::MAX));
        assert_eq!(percent(i128::MIN + 1, 1), Some(i64::MIN));
        assert_eq!(count(u64::MAX), i64::MAX);
    }

    #[test]
    fn dollars_are_the_float_nearest_to_the_exact_amount() {
        assert_eq!(dollars(4_000_000).to_string(), "0.004");
        assert_eq!(dollars(12_345_000_000_000).to_string(), "12345");
        assert_eq!(dollars(4_820_000_001).to_string(), "4.820000001");
    }
}
