//! Time zones as somebody looks for them: by words of their name, or by how far they are from UTC.

use crate::interaction::{Choice, view::option};
use chrono::{DateTime, Offset, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};

/// Slack takes no more options.
const MOST: usize = 100;

/// The longest thing that is looked for; more was not typed by a person.
const LONGEST: usize = 100;

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
    let words: Vec<_> = typed.split_whitespace().collect();
    let mut found: Vec<_> = TZ_VARIANTS.iter().filter_map(|zone| Some((rank(zone.name(), &words)?, zone))).collect();
    found.sort_by_key(|(rank, zone)| (*rank, zone.name()));
    found.into_iter().take(MOST).map(|(_, zone)| choice(*zone, now)).collect()
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
fn rank(name: &str, words: &[&str]) -> Option<(bool, u8)> {
    let name_in_words = name.to_lowercase().replace('_', " ");
    if !words.iter().all(|word| name_in_words.contains(word)) {
        return None;
    }
    let whole = words.join(" ");
    let city = name_in_words.rsplit('/').next().unwrap_or_default();
    let starts = |part: &str| part.split([' ', '/', '-']).any(|part| words.iter().any(|word| part.starts_with(word)));
    let closeness = match () {
        () if name_in_words == whole => 0,
        () if city == whole => 1,
        () if city.starts_with(&whole) => 2,
        () if starts(city) => 3,
        () if starts(&name_in_words) => 4,
        () => 5,
    };
    Some((is_odd(name) && closeness > 1, closeness))
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
        }
    }
}
