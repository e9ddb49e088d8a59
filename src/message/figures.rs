//! Numbers and foreign names in views, written as templates write them in messages.

use super::template::{clean, numbers};

/// `999`, `6.5K`, `142K`.
pub fn count(number: u64) -> String {
    numbers::short(number.into())
}

/// `1,234,567`.
pub fn full(number: u64) -> String {
    numbers::grouped(number.into())
}

/// More dollars are none that anybody spent.
const LARGEST: f64 = 1e15;

/// `$1,234.56`; what costs something and less than half a cent is `<$0.01`.
pub fn money(dollars: f64) -> String {
    numbers::dollars(if dollars.is_finite() { dollars.clamp(-LARGEST, LARGEST) } else { 0.0 })
}

/// Foreign text for a place where nothing is parsed: without characters that steer others, and not endless.
pub fn foreign(text: &str) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = clean::write(&mut out, text, false);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_are_written_as_in_messages() {
        assert_eq!((count(142_340), full(1_234_567)), ("142.3K".to_owned(), "1,234,567".to_owned()));
        assert_eq!((money(4.82), money(0.001), money(f64::NAN)), ("$4.82".into(), "<$0.01".into(), "$0.00".into()));
        assert_eq!(foreign("<!channel>\u{202e} & co\n"), "<!channel> & co");
    }
}
