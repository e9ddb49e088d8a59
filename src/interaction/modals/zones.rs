//! Time zones as somebody looks for them: by words of their name, by a city in them, or by how far they are from UTC. Of what
//! is nowhere no option is offered, and Slack says "No results".

mod city;

use crate::interaction::{Choice, view::option};
use chrono::{DateTime, Offset, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};
use city::{City, cities, folded};

/// Slack takes no more options.
const MOST: usize = 100;

/// The longest thing that is looked for; more was not typed by a person.
const LONGEST: usize = 100;

/// The longest text of an option.
const LONGEST_OPTION: usize = 75;

/// How well something fits what was typed, the best first; what is odd comes last.
type Rank = (bool, u8);

/// The zones that `typed` may mean, best first; their offsets are those at `now`.
pub(super) fn suggest(typed: &str, now: DateTime<Utc>) -> Vec<Choice> {
    let typed: String = typed.chars().take(LONGEST).collect();
    let typed = typed.to_lowercase().replace('_', " ").replace('\u{2212}', "-");
    if let Some(offset) = offset(&typed) {
        let there = TZ_VARIANTS.iter().filter(|zone| seconds(**zone, now) == offset);
        let mut there: Vec<_> = there.map(|zone| (is_odd(zone.name()), zone)).collect();
        there.sort_by_key(|(odd, zone)| (*odd, zone.name()));
        return there.into_iter().take(MOST).map(|(_, zone)| choice(*zone, now)).collect();
    }
    let typed = folded(&typed);
    let words: Vec<_> = typed.split_whitespace().collect();
    let mut found: Vec<_> = TZ_VARIANTS.iter().filter_map(|zone| Found::of(*zone, &words)).collect();
    found.sort_by_key(|found| (found.rank, found.zone.name()));
    found.into_iter().take(MOST).map(|found| found.choice(now)).collect()
}

/// A zone that was found, once: by its name, or by cities in it.
struct Found {
    rank: Rank,
    zone: Tz,
    cities: Vec<&'static str>,
}

impl Found {
    fn of(zone: Tz, words: &[&str]) -> Option<Self> {
        let by_name = rank(zone.name(), words);
        let there = cities().iter().filter(|city| city.zone == zone);
        let there: Vec<_> = there.filter_map(|city| Some((of_city(city, words)?, city.name))).collect();
        let best = there.iter().map(|(rank, _)| *rank).min();
        let rank = by_name.into_iter().chain(best).min()?;
        let cities = match by_name {
            Some(by_name) if by_name == rank => Vec::new(),
            _ => there.into_iter().filter(|(rank, _)| Some(*rank) == best).map(|(_, name)| name).collect(),
        };
        Some(Self { rank, zone, cities })
    }

    /// `Mumbai — Asia/Kolkata (UTC+5:30)`, with as many cities as can be shown.
    fn choice(self, now: DateTime<Utc>) -> Choice {
        let zone = choice(self.zone, now);
        let named = |count: usize| {
            let more = if count < self.cities.len() { ", …" } else { "" };
            format!("{}{more} — {}", self.cities[..count].join(", "), zone.text)
        };
        let fits = |count: &usize| named(*count).chars().count() <= LONGEST_OPTION;
        match (1..=self.cities.len()).rev().find(fits) {
            Some(count) => option(&named(count), &zone.value),
            None => zone,
        }
    }
}

fn of_city(city: &City, words: &[&str]) -> Option<Rank> {
    let is_meant = words.iter().any(|word| city.folded.contains(word));
    // `hyderabad asia` is told apart from nothing, and yet found.
    let whole = format!("{} {}", city.folded, folded(city.zone.name()));
    let fits = is_meant && words.iter().all(|word| whole.contains(word));
    fits.then(|| (false, closeness(&whole, &city.folded, words)))
}

/// The option of a zone: `Europe/Berlin (UTC+1)`, with its name as value.
pub(super) fn choice(zone: Tz, now: DateTime<Utc>) -> Choice {
    option(&format!("{} ({})", zone.name().replace('_', " "), shown(seconds(zone, now))), zone.name())
}

fn seconds(zone: Tz, now: DateTime<Utc>) -> i32 {
    now.with_timezone(&zone).offset().fix().local_minus_utc()
}

fn shown(seconds: i32) -> String {
    let (sign, minutes) = (if seconds < 0 { '\u{2212}' } else { '+' }, seconds.abs() / 60);
    match (minutes / 60, minutes % 60) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}

/// How well a zone fits all the words; none where one of them is not in it. Lower is better.
fn rank(name: &str, words: &[&str]) -> Option<Rank> {
    let name_in_words = folded(name);
    if !words.iter().all(|word| name_in_words.contains(word)) {
        return None;
    }
    let city = name_in_words.rsplit('/').next().unwrap_or_default();
    let closeness = closeness(&name_in_words, city, words);
    Some((is_odd(name) && closeness > 1, closeness))
}

/// How close the words are to a name and the city in it.
fn closeness(name: &str, city: &str, words: &[&str]) -> u8 {
    let whole = words.join(" ");
    let starts = |part: &str| part.split([' ', '/']).any(|part| words.iter().any(|word| part.starts_with(word)));
    match () {
        () if name == whole => 0,
        () if city == whole => 1,
        () if city.starts_with(&whole) => 2,
        () if starts(city) => 3,
        () if starts(name) => 4,
        () => 5,
    }
}

/// Names for machines, and names that the tz database keeps for old times' sake.
fn is_odd(name: &str) -> bool {
    !name.contains('/') || ["Etc/", "US/", "SystemV/"].iter().any(|start| name.starts_with(start))
}

/// Reads `+5:30`, `utc-3`, `gmt +0530` as seconds; nothing else is an offset.
fn offset(typed: &str) -> Option<i32> {
    let typed = typed.trim();
    let bare = typed.strip_prefix("utc").or_else(|| typed.strip_prefix("gmt")).unwrap_or(typed).trim();
    let (sign, digits) = match bare.strip_prefix('+') {
        Some(digits) => (1, digits),
        None => (-1, bare.strip_prefix('-')?),
    };
    let (hours, minutes) = match digits.trim().split_once([':', '.']) {
        Some((hours, minutes)) => (hours, minutes),
        None if digits.trim().len() == 4 => digits.trim().split_at_checked(2)?,
        None => (digits.trim(), "0"),
    };
    let number = |text: &str, most: i32| {
        let fits = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<i32>().ok().filter(|number| fits && *number <= most)
    };
    Some(sign * (number(hours, 18)? * 3_600 + number(minutes, 59)? * 60))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn now() -> DateTime<Utc> {
        "2026-01-15T12:00:00Z".parse().unwrap()
    }

    fn names(typed: &str) -> Vec<String> {
        suggest(typed, now()).into_iter().map(|choice| choice.value).collect()
    }

    #[test]
    fn zones_are_found_by_words_whatever_their_case_and_with_spaces_for_underscores() {
        for (typed, first) in [
            ("berlin", "Europe/Berlin"),
            ("BERL", "Europe/Berlin"),
            ("new york", "America/New_York"),
            ("new_york", "America/New_York"),
            ("york new", "America/New_York"),
            ("europe/lon", "Europe/London"),
            ("ho chi", "Asia/Ho_Chi_Minh"),
            ("utc", "UTC"),
            ("kolkata", "Asia/Kolkata"),
        ] {
            assert_eq!(names(typed).first().map(String::as_str), Some(first), "{typed}");
        }
        assert_eq!(names("atlantis"), Vec::<String>::new());
        assert_eq!(names("europe").len(), names("Europe ").len());
    }

    #[test]
    fn a_city_whose_zone_has_another_name_is_found_and_says_both() {
        let first = |typed| suggest(typed, now()).into_iter().next().map(|choice| (choice.text, choice.value));
        for (typed, text) in [
            ("Mumbai", "Mumbai — Asia/Kolkata (UTC+5:30)"),
            ("bangal", "Bangalore — Asia/Kolkata (UTC+5:30)"),
            ("San Francisco", "San Francisco — America/Los Angeles (UTC\u{2212}8)"),
            ("beijing", "Beijing — Asia/Shanghai (UTC+8)"),
            ("washington", "Washington, D.C. — America/New York (UTC\u{2212}5)"),
            ("Washington DC", "Washington, D.C. — America/New York (UTC\u{2212}5)"),
            ("munchen", "München — Europe/Berlin (UTC+1)"),
            ("san jose cal", "San José (California) — America/Los Angeles (UTC\u{2212}8)"),
            // Zones of that name stay as they are.
            ("São Paulo", "America/Sao Paulo (UTC\u{2212}3)"),
            ("sao paulo", "America/Sao Paulo (UTC\u{2212}3)"),
            ("Zürich", "Europe/Zurich (UTC+1)"),
            ("port-au-prince", "America/Port-au-Prince (UTC\u{2212}5)"),
            ("london", "Europe/London (UTC)"),
            ("calcutta", "Asia/Calcutta (UTC+5:30)"),
        ] {
            assert_eq!(first(typed).map(|(text, _)| text).as_deref(), Some(text), "{typed}");
        }
        assert_eq!(first("mumbai").unwrap().1, "Asia/Kolkata");
        let two = suggest("hyderabad", now());
        assert_eq!(two.iter().map(|choice| &*choice.value).collect::<Vec<_>>(), ["Asia/Karachi", "Asia/Kolkata"]);
        // Several of one zone are one option, or one value would stand there twice.
        let many: Vec<_> = suggest("san", now()).into_iter().filter(|choice| choice.text.contains("San D")).collect();
        assert_eq!(many.len(), 1);
        assert_eq!(many[0].text, "San Diego, San Francisco, … — America/Los Angeles (UTC\u{2212}8)");
        assert!(names("asia").iter().all(|name| name.starts_with("Asia/")), "a zone's word is no city's");
    }

    #[test]
    fn zones_are_found_by_their_offset_now() {
        for (typed, contained) in [
            ("+5:30", "Asia/Kolkata"),
            ("utc+5:45", "Asia/Kathmandu"),
            ("GMT -3", "America/Sao_Paulo"),
            ("-0330", "America/St_Johns"),
            ("+1", "Europe/Berlin"),
            ("+0", "Europe/London"),
        ] {
            assert!(names(typed).contains(&contained.to_owned()), "{typed}: {:?}", names(typed));
        }
        assert!(!names("+2").contains(&"Europe/Berlin".to_owned()));
        assert_eq!(names("+17"), Vec::<String>::new());
    }

    #[test]
    fn an_option_shows_where_the_zone_is_now() {
        let shown = |zone| choice(zone, now()).text;
        assert_eq!(shown(Tz::America__New_York), "America/New York (UTC\u{2212}5)");
        assert_eq!(shown(Tz::Asia__Kathmandu), "Asia/Kathmandu (UTC+5:45)");
        assert_eq!(shown(Tz::Europe__London), "Europe/London (UTC)");
        assert!(TZ_VARIANTS.iter().all(|zone| shown(*zone).chars().count() <= 75 && !shown(*zone).ends_with('…')));
    }

    proptest! {
        #[test]
        fn whatever_is_typed_slack_can_draw_the_options(typed in "\\PC{0,120}|[+-]?[0-9:. ]{0,8}") {
            let found = suggest(&typed, now());
            prop_assert!(found.len() <= MOST);
            prop_assert!(found.iter().all(|choice| choice.value.parse::<Tz>().is_ok()));
            prop_assert!(found.iter().all(|choice| choice.text.chars().count() <= LONGEST_OPTION));
            let values: std::collections::BTreeSet<_> = found.iter().map(|choice| &choice.value).collect();
            prop_assert_eq!(values.len(), found.len());
        }
    }
}
