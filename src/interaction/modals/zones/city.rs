//! Cities whose time zone is called after another one, and names as people type them.

use chrono_tz::Tz;
use std::sync::LazyLock;

/// A city that no zone is called after.
#[derive(Debug)]
pub(super) struct City {
    pub(super) name: &'static str,
    /// As it is looked for.
    pub(super) folded: String,
    pub(super) zone: Tz,
}

static CITIES: LazyLock<Vec<City>> = LazyLock::new(|| include_str!("cities.txt").lines().filter_map(city).collect());

/// All of them; a few hundred.
pub(super) fn cities() -> &'static [City] {
    &CITIES
}

/// Reads a line; comments are none.
fn city(line: &'static str) -> Option<City> {
    let (name, zone) = line.split_once('=').filter(|_| !line.starts_with('#'))?;
    let name = name.trim();
    Some(City { name, folded: folded(name), zone: zone.trim().parse().ok()? })
}

/// A name without case, accents and signs: `São Paulo`, `sao_paulo` and `SAO PAULO` are looked for alike.
pub(super) fn folded(name: &str) -> String {
    let mut bare = String::with_capacity(name.len());
    for letter in name.chars().flat_map(char::to_lowercase) {
        match letter {
            // Accents that stand behind their letter, and signs that are left out as often as not.
            '\u{300}'..='\u{36f}' | '.' | '\'' | '’' | 'ʻ' => {}
            ',' | '_' | '-' | '(' | ')' => bare.push(' '),
            'ß' => bare.push_str("ss"),
            'æ' => bare.push_str("ae"),
            'œ' => bare.push_str("oe"),
            letter => bare.push(without_accent(letter)),
        }
    }
    bare.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Letters with an accent, before each the one without.
const ACCENTED: [&str; 20] = [
    "aàáâãäåāăąạảấầ",
    "cçćĉċč",
    "dďđð",
    "eèéêëēĕėęěếềệ",
    "gĝğġģ",
    "hĥħ",
    "iìíîïĩīĭįıị",
    "jĵ",
    "kķ",
    "lĺļľŀł",
    "nñńņňŉ",
    "oòóôõöøōŏőồộ",
    "rŕŗř",
    "sśŝşšș",
    "tţťŧț",
    "uùúûüũūŭůűųư",
    "wŵ",
    "yýÿŷ",
    "zźżž",
    "tþ",
];

fn without_accent(letter: char) -> char {
    if letter.is_ascii() {
        return letter;
    }
    let of = ACCENTED.iter().find(|letters| letters.contains(letter));
    of.and_then(|letters| letters.chars().next()).unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::TZ_VARIANTS;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_line_is_a_city_once_whose_zone_exists_and_has_another_name() {
        let lines = include_str!("cities.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        assert_eq!(lines.count(), cities().len(), "a line without a zone that exists");
        let names: BTreeSet<_> = cities().iter().map(|city| &city.folded).collect();
        assert_eq!(names.len(), cities().len(), "a city stands there twice");
        for City { name, folded: city, zone } in cities() {
            assert!(city.is_ascii(), "{name} cannot be typed without accents");
            let own = TZ_VARIANTS.iter().find(|own| folded(own.name()).rsplit('/').next() == Some(city));
            assert!(own.is_none(), "{name} has {own:?}");
            assert!(zone.name().contains('/'));
        }
    }

    #[test]
    fn names_are_told_apart_by_their_letters_alone() {
        for (typed, bare) in [
            ("São Paulo", "sao paulo"),
            ("Sa\u{303}o_Paulo", "sao paulo"),
            ("ZÜRICH", "zurich"),
            ("Washington, D.C.", "washington dc"),
            ("Xi'an", "xian"),
            ("Łódź", "lodz"),
            ("İzmir", "izmir"),
            ("Cluj-Napoca", "cluj napoca"),
            ("東京", "東京"),
        ] {
            assert_eq!(folded(typed), bare, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn a_folded_name_stays_as_it_is(name in "\\PC{0,40}|[A-Za-zÀ-ž .,_-]{0,40}") {
            let once = folded(&name);
            prop_assert_eq!(folded(&once), once);
        }
    }
}
