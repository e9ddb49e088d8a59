//! Filters on numbers: counts, money and differences, as English (US) writes them.

use minijinja::{Error, ErrorKind, Value};

const UNITS: [(u128, &str); 4] = [(1_000, "K"), (1_000_000, "M"), (1_000_000_000, "B"), (1_000_000_000_000, "T")];

/// `999`, `1K`, `6.5K`, `142K`, `4.5B`: one decimal, dropped when zero, half away from zero.
pub(super) fn count(value: &Value) -> Result<String, Error> {
    let number = whole(value)?;
    Ok(format!("{}{}", if number < 0 { "−" } else { "" }, short(number.unsigned_abs())))
}

pub(in crate::message) fn short(number: u128) -> String {
    let Some(mut unit) = UNITS.iter().rposition(|(size, _)| number >= *size) else { return number.to_string() };
    let mut tenths = tenths_of(number, UNITS[unit].0);
    // 999,950 rounds to a thousand thousands, which is a million.
    if tenths >= 10_000 && unit + 1 < UNITS.len() {
        unit += 1;
        tenths = tenths_of(number, UNITS[unit].0);
    }
    let (whole, tenth, name) = (tenths / 10, tenths % 10, UNITS[unit].1);
    if tenth == 0 { format!("{whole}{name}") } else { format!("{whole}.{tenth}{name}") }
}

fn tenths_of(number: u128, size: u128) -> u128 {
    (number * 10 + size / 2) / size
}

/// `1,234,567`.
pub(super) fn full(value: &Value) -> Result<String, Error> {
    let number = whole(value)?;
    Ok(format!("{}{}", if number < 0 { "−" } else { "" }, grouped(number.unsigned_abs())))
}

/// `$1,234.56`, half away from zero; what costs something and less than half a cent is `<$0.01`, never `$0.00`.
pub(super) fn money(value: &Value) -> Result<String, Error> {
    Ok(dollars(decimal(value)?))
}

/// As [`money`], of a number that is finite.
pub(in crate::message) fn dollars(dollars: f64) -> String {
    if dollars != 0.0 && cents(dollars) == 0 {
        return "<$0.01".to_owned();
    }
    format!("{}{}", if dollars < 0.0 { "−" } else { "" }, amount(dollars))
}

/// `+3`, `−2`, `±0`; from 1,000 on as `count` writes it.
pub(super) fn signed(value: &Value) -> Result<String, Error> {
    let number = whole(value)?;
    Ok(format!("{}{}", sign(number), short(number.unsigned_abs())))
}

/// `+$0.74`, `−$1,234.56`, `±$0.00`.
pub(super) fn signed_money(value: &Value) -> Result<String, Error> {
    let dollars = decimal(value)?;
    Ok(format!("{}{}", sign(cents(dollars)), amount(dollars)))
}

fn sign(number: i128) -> &'static str {
    match number {
        0 => "±",
        1.. => "+",
        _ => "−",
    }
}

fn amount(dollars: f64) -> String {
    let cents = cents(dollars).unsigned_abs();
    format!("${}.{:02}", grouped(cents / 100), cents % 100)
}

#[expect(clippy::cast_possible_truncation, reason = "a float becomes the nearest integer, and 10^38 cents suffice")]
fn cents(dollars: f64) -> i128 {
    // A price such as 1.005 is stored a hair below: a billionth is what costs are exact to.
    let nanos = (dollars * 1e9).round() as i128;
    let half = 5_000_000 * nanos.signum();
    (nanos + half) / 10_000_000
}

pub(in crate::message) fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn whole(value: &Value) -> Result<i128, Error> {
    i128::try_from(value.clone())
        .map_err(|_| Error::new(ErrorKind::InvalidOperation, format!("`{value}` is not a whole number")))
}

fn decimal(value: &Value) -> Result<f64, Error> {
    f64::try_from(value.clone())
        .ok()
        .filter(|number| number.is_finite())
        .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("`{value}` is not an amount")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_from_a_thousand_have_a_unit_and_at_most_one_decimal() {
        for (number, shown) in [
            (0_u64, "0"),
            (999, "999"),
            (1_000, "1K"),
            (1_049, "1K"),
            (1_050, "1.1K"),
            (6_500, "6.5K"),
            (99_949, "99.9K"),
            (142_000, "142K"),
            (142_340, "142.3K"),
            (999_949, "999.9K"),
            (999_950, "1M"),
            (1_000_000, "1M"),
            (8_100_000, "8.1M"),
            (3_000_000_000, "3B"),
            (4_500_000_000, "4.5B"),
            (1_500_000_000_000, "1.5T"),
        ] {
            assert_eq!(count(&Value::from(number)).unwrap(), shown, "{number}");
        }
        assert_eq!(count(&Value::from(u64::MAX)).unwrap(), "18446744.1T");
        assert_eq!(full(&Value::from(1_234_567)).unwrap(), "1,234,567");
        assert_eq!(full(&Value::from(0)).unwrap(), "0");
        assert!(count(&Value::from("12")).is_err());
    }

    #[test]
    fn money_has_cents_and_never_claims_that_something_was_free() {
        for (dollars, shown) in [
            (0.0, "$0.00"),
            (0.004, "<$0.01"),
            (0.005, "$0.01"),
            (0.01, "$0.01"),
            (1.005, "$1.01"),
            (4.82, "$4.82"),
            (1234.56, "$1,234.56"),
            (12_345.0, "$12,345.00"),
            (999.995, "$1,000.00"),
            (-0.5, "−$0.50"),
        ] {
            assert_eq!(money(&Value::from(dollars)).unwrap(), shown, "{dollars}");
        }
        assert!(money(&Value::from(f64::NAN)).is_err());
    }

    #[test]
    fn differences_carry_their_sign() {
        for (number, shown) in [(3, "+3"), (-2, "−2"), (0, "±0"), (1_500, "+1.5K")] {
            assert_eq!(signed(&Value::from(number)).unwrap(), shown);
        }
        for (dollars, shown) in [(0.74, "+$0.74"), (-1234.56, "−$1,234.56"), (0.0, "±$0.00"), (-0.004, "±$0.00")] {
            assert_eq!(signed_money(&Value::from(dollars)).unwrap(), shown);
        }
    }
}
