//! What somebody typed after the command, read forgivingly. Pure.

use super::{dates::Date, tokens};
use crate::{
    config::nearest,
    model::{LocalTime, MemberEmail, MemberId},
};

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Words {
    Today,
    Week,
    /// A team by its name; none: their own.
    Team(Option<String>),
    Preview(Preview),
    On,
    Off,
    Pause(For),
    Resume,
    /// None: which one it is.
    Time(Option<LocalTime>),
    Settings,
    Why(Option<Date>),
    Help,
    NameMe(bool),
    Delete,
    /// A word that is known, and something after it that makes no sense: how it is written.
    Unusable(Form),
    Unknown {
        typed: String,
        nearest: Option<&'static str>,
    },
}

/// What is previewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Preview {
    Own,
    Of(Who),
    /// A team's summary; none: their own.
    Weekly(Option<String>),
}

/// Somebody who is mentioned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    Id(MemberId),
    Email(MemberEmail),
    Name(String),
}

/// How long a pause lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum For {
    Days(u32),
    Weeks(u32),
    Until(Date),
}

/// What is not written as it has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Pause,
    Time,
    Why,
}

/// Each word with what people say in its place.
const KEYWORDS: [(&str, &[&str]); 14] = [
    ("today", &["now", "usage", "stats", "numbers", "me", "mine"]),
    ("week", &["my week", "this week"]),
    ("team", &["teams", "my team"]),
    ("preview", &[]),
    ("on", &["opt-in", "opt in", "optin", "start", "subscribe", "enable", "yes"]),
    ("off", &["opt-out", "opt out", "optout", "stop", "unsubscribe", "disable", "no", "quit"]),
    ("pause", &["snooze", "mute"]),
    ("resume", &["continue", "unpause", "go on"]),
    ("time", &["at"]),
    ("settings", &["setting", "preferences", "preference", "prefs", "options", "configure"]),
    ("why", &[]),
    ("help", &["?", "-h", "--help", "commands"]),
    ("name me", &["name-me", "nameme"]),
    (
        "unname me",
        &["unname", "don't name me", "dont name me", "do not name me", "no name", "name me not", "unname-me"],
    ),
];
/// Said politely, they change nothing.
const FILLERS: [&str; 12] =
    ["please", "pls", "thanks", "it", "these", "this", "messages", "digest", "digests", "daily", "so", "far"];

/// Reads `text`; `commands` are the names by which the command goes.
pub fn read(text: &str, commands: &[&str]) -> Words {
    let mut words = tokens::of(text);
    let is_command = |word: &tokens::Word| {
        commands.iter().any(|name| word.lower.trim_start_matches('/') == name.trim_start_matches('/'))
    };
    let repeated = words.iter().take_while(|word| is_command(word)).count();
    words.drain(..repeated);
    if let Some(first) = words.first_mut() {
        first.lower = first.lower.trim_start_matches('/').to_owned();
    }
    words.retain(|word| !word.lower.is_empty());
    if words.is_empty() {
        return Words::Today;
    }
    match keyword(&words) {
        Some((keyword, length)) => known(keyword, &words[length..])
            .unwrap_or_else(|| Words::Unknown { typed: typed(&words), nearest: Some(keyword) }),
        None => unknown(&words),
    }
}

/// The word that the text begins with, and of how many words it is; of several the longest.
fn keyword(words: &[tokens::Word]) -> Option<(&'static str, usize)> {
    let plain: Vec<_> = words.iter().map(tokens::Word::plain).collect();
    let begins = |said: &str| {
        // Nearly all end here.
        let mut parts = said.strip_prefix(*plain.first()?)?.split(' ');
        if parts.next() != Some("") {
            return None;
        }
        let mut length = 1;
        for part in parts {
            if plain.get(length) != Some(&part) {
                return None;
            }
            length += 1;
        }
        Some(length)
    };
    let all =
        KEYWORDS.iter().flat_map(|(keyword, said)| said.iter().chain([keyword]).map(move |said| (*keyword, *said)));
    all.filter_map(|(keyword, said)| Some((keyword, begins(said)?))).max_by_key(|(_, length)| *length)
}

fn known(keyword: &str, rest: &[tokens::Word]) -> Option<Words> {
    let alone = rest.iter().all(|word| FILLERS.contains(&word.plain()));
    match keyword {
        "today" => alone.then_some(Words::Today),
        "week" => alone.then_some(Words::Week),
        "on" => alone.then_some(Words::On),
        "off" => alone.then_some(Words::Off),
        "resume" => alone.then_some(Words::Resume),
        "settings" => alone.then_some(Words::Settings),
        "help" => Some(Words::Help),
        "name me" => alone.then_some(Words::NameMe(true)),
        "unname me" => alone.then_some(Words::NameMe(false)),
        "team" => Some(Words::Team(tokens::name(rest))),
        "preview" => Some(Words::Preview(preview(rest))),
        "pause" => Some(pause(rest).map_or(Words::Unusable(Form::Pause), Words::Pause)),
        "time" if rest.is_empty() => Some(Words::Time(None)),
        "time" => Some(time(rest).map_or(Words::Unusable(Form::Time), |time| Words::Time(Some(time)))),
        "why" if alone => Some(Words::Why(None)),
        "why" => Some(Date::of(rest).map_or(Words::Unusable(Form::Why), |date| Words::Why(Some(date)))),
        _ => None,
    }
}

/// What is shown of it.
fn typed(words: &[tokens::Word]) -> String {
    words.iter().take(4).map(tokens::Word::plain).collect::<Vec<_>>().join(" ").chars().take(60).collect()
}

fn unknown(words: &[tokens::Word]) -> Words {
    let typed = typed(words);
    if ["delete", "forget", "erase"].contains(&words.first().map_or("", |word| word.plain())) {
        return Words::Delete;
    }
    let first = words.first().map_or("", |word| word.plain());
    let said = |wanted: &str| {
        let all =
            KEYWORDS.iter().flat_map(|(keyword, said)| said.iter().chain([keyword]).map(|said| (*said, *keyword)));
        let all: Vec<_> = all.collect();
        let near = nearest(wanted, all.iter().map(|(said, _)| *said))?;
        all.iter().find(|(said, _)| *said == near).map(|(_, keyword)| *keyword)
    };
    // The whole first, for some words are two.
    let nearest = said(&typed).or_else(|| said(first));
    Words::Unknown { typed, nearest }
}

fn preview(rest: &[tokens::Word]) -> Preview {
    let Some(first) = rest.first() else { return Preview::Own };
    match first.plain() {
        "daily" | "digest" | "me" | "mine" | "personal" => match rest.get(1) {
            None => Preview::Own,
            Some(_) => who(&rest[1..]).map_or(Preview::Own, Preview::Of),
        },
        "weekly" | "team" | "summary" => {
            let rest = &rest[1..];
            let skip = usize::from(rest.first().is_some_and(|word| ["team", "of", "for"].contains(&word.plain())));
            Preview::Weekly(tokens::name(&rest[skip.min(rest.len())..]))
        }
        _ => match who(rest) {
            Some(who) if !matches!(who, Who::Name(_)) || first.text.starts_with('@') => Preview::Of(who),
            _ => Preview::Weekly(tokens::name(rest)),
        },
    }
}

/// `<@U123|name>`, `<mailto:a@b|a@b>`, an address, or a name with or without `@`.
fn who(rest: &[tokens::Word]) -> Option<Who> {
    let whole = tokens::name(rest)?;
    if let Some(inside) = whole.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
        let target = inside.split('|').next().unwrap_or_default();
        if let Some(id) = target.strip_prefix('@') {
            let is_id = !id.is_empty() && id.len() <= 32 && id.chars().all(|letter| letter.is_ascii_alphanumeric());
            return is_id.then(|| Who::Id(MemberId(id.to_uppercase())));
        }
        return MemberEmail::parse(target.strip_prefix("mailto:").unwrap_or(target)).ok().map(Who::Email);
    }
    let name = whole.trim_start_matches('@').trim();
    match MemberEmail::parse(&whole) {
        Ok(email) => Some(Who::Email(email)),
        Err(_) if name.is_empty() => None,
        Err(_) => Some(Who::Name(name.to_owned())),
    }
}

/// `1w`, `2 weeks`, `3d`, `a day`, `until monday`, `until 2026-12-01`, `tomorrow`; nothing: a week.
fn pause(rest: &[tokens::Word]) -> Option<For> {
    let rest = match rest.first().map(tokens::Word::plain) {
        None => return Some(For::Weeks(1)),
        Some("for") => &rest[1..],
        Some("until" | "till" | "til" | "to") => return Date::of(&rest[1..]).map(For::Until),
        Some(_) => rest,
    };
    let joined: String = rest.iter().map(tokens::Word::plain).collect();
    let length = |digits: &str, unit: &str| {
        let number: u32 = if ["a", "one", "an"].contains(&digits) { 1 } else { digits.parse().ok()? };
        match unit {
            "d" | "day" | "days" => Some(For::Days(number)),
            "w" | "wk" | "week" | "weeks" => Some(For::Weeks(number)),
            _ => None,
        }
    };
    let digits = joined.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(joined.len());
    let words = || match rest {
        [unit] => length("a", unit.plain()).filter(|_| unit.plain().len() > 1),
        [number, unit] => length(number.plain(), unit.plain()),
        _ => None,
    };
    length(&joined[..digits], &joined[digits..]).or_else(words).or_else(|| Date::of(rest).map(For::Until))
}

/// `09:30`, `9.30`, `9h30`, `0930`, `9am`, `9:30 pm`, `9`, `noon`.
fn time(rest: &[tokens::Word]) -> Option<LocalTime> {
    let rest = match rest.first().map(tokens::Word::plain) {
        Some("to" | "at") => &rest[1..],
        _ => rest,
    };
    let joined: String = rest.iter().map(|word| word.lower.trim_end_matches([',', '!'])).collect();
    match joined.as_str() {
        "noon" | "midday" => return "12:00".parse().ok(),
        "midnight" => return "00:00".parse().ok(),
        _ => {}
    }
    let joined = joined.replace("a.m.", "am").replace("p.m.", "pm");
    let joined = joined.trim_end_matches('.');
    let (clock, half) = match (joined.strip_suffix("am"), joined.strip_suffix("pm")) {
        (Some(clock), _) => (clock, Some(0)),
        (_, Some(clock)) => (clock, Some(12)),
        _ => (joined, None),
    };
    let clock = clock.trim_end_matches('h');
    let (hours, minutes) = match clock.split_once([':', '.', 'h']) {
        Some((hours, minutes)) => (hours, minutes),
        None if clock.len() == 4 && clock.is_ascii() => clock.split_at(2),
        None => (clock, "00"),
    };
    let is_number = |text: &str| !text.is_empty() && text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(hours) || !is_number(minutes) || minutes.len() != 2 {
        return None;
    }
    let hour: u32 = hours.parse().ok()?;
    let hour = match half {
        None => hour,
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
    };
    format!("{hour:02}:{minutes}").parse().ok()
}

#[cfg(test)]
mod tests;
