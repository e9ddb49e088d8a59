//! The people whose usage is made up: eight with a story, and as many others as wanted.

use super::{
    catalog::{MODELS, Model, OLD_VERSION, SKILLS, Skill, TERMINALS, VERSIONS},
    draw::{Draw, Purpose},
    names,
};
use chrono_tz::Tz;

/// The story of a person, each a case that reports must get right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Persona {
    /// Works every weekday in Berlin, with a streak; whom the demo shows.
    Steady,
    /// Works in Kathmandu, five hours and three quarters east of UTC.
    Kathmandu,
    /// Began two days ago.
    New,
    /// Did nothing in the last ten days.
    Stopped,
    /// Logs in with an API key, so no e-mail and no account are known.
    ApiKey,
    /// Runs a client that leaves out newer attributes.
    OldClient,
    /// Has sessions without an e-mail, but with the account.
    EmailSometimesEmpty,
    /// Writes the e-mail in capitals.
    UpperCase,
    /// Everybody else.
    Regular,
}

/// A made-up person.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// From 0; the personas come first.
    pub index: u32,
    pub persona: Persona,
    /// As the directory shows it.
    pub real_name: String,
    /// As the client writes it; `None` for the API-key login.
    pub email: Option<String>,
    pub zone: Tz,
    pub team: String,
    /// `user.account_uuid`; `None` for the API-key login.
    pub account: Option<String>,
    /// `user.id`, one per installation.
    pub installation: String,
    /// Whether the client runs with `OTEL_LOG_TOOL_DETAILS=1`, so that names of skills are told.
    pub details: bool,
    /// Whether the client tells costs only as `cost_usd_micros`.
    pub micros_only: bool,
    /// Whether another agent is used too.
    pub codex: bool,
    /// Mean sessions on a working day, before scaling.
    pub sessions_per_day: f64,
    pub(super) model: &'static Model,
    /// The skill that this person reaches for first.
    pub(super) favourite: &'static Skill,
    pub(super) terminal: &'static str,
    pub(super) version: &'static str,
}

const STORIES: [(Persona, &str, &str, Tz, f64); 8] = [
    (Persona::Steady, "Ada Berger", "ada.berger@example.com", Tz::Europe__Berlin, 9.0),
    (Persona::Kathmandu, "Bina Gurung", "bina.gurung@example.com", Tz::Asia__Kathmandu, 6.0),
    (Persona::New, "Chidi Eze", "chidi.eze@example.com", Tz::Africa__Lagos, 5.0),
    (Persona::Stopped, "Dora Keller", "dora.keller@example.com", Tz::America__New_York, 5.0),
    (Persona::ApiKey, "Eli Stone", "eli.stone@example.com", Tz::America__Los_Angeles, 4.0),
    (Persona::OldClient, "Fatima Zahra", "fatima.zahra@example.com", Tz::Europe__London, 5.0),
    (Persona::EmailSometimesEmpty, "Goran Petrov", "goran.petrov@example.com", Tz::Europe__Berlin, 6.0),
    (Persona::UpperCase, "Harriet Lowe", "HARRIET.LOWE@Example.com", Tz::Asia__Kolkata, 5.0),
];

/// Half of the others have fewer sessions on a working day than this.
const MEDIAN_SESSIONS: f64 = 1.4;
/// How heavy the tail is: at 0.9 one in a hundred has eight times the median.
const SPREAD: f64 = 0.9;
/// More sessions on a day than this nobody has.
pub(super) const MOST_SESSIONS: f64 = 60.0;

impl Member {
    /// The `index`th person of the sample `seed`.
    pub(super) fn nth(seed: u64, index: u32) -> Self {
        let mut draw = Draw::new(seed, Purpose::Member, u64::from(index), 0);
        let sessions_per_day = draw.around(MEDIAN_SESSIONS, SPREAD);
        let story = STORIES.get(index as usize);
        let persona = story.map_or(Persona::Regular, |story| story.0);
        let (real_name, email, zone, sessions_per_day) = if let Some((_, name, email, zone, sessions)) = story {
            (String::from(*name), String::from(*email), *zone, *sessions)
        } else {
            let (name, email) = names::person(index);
            (name, email, names::zone(&mut draw), sessions_per_day)
        };
        let known = persona != Persona::ApiKey;
        let regular = persona == Persona::Regular;
        let old = persona == Persona::OldClient;
        Self {
            index,
            persona,
            real_name,
            email: known.then_some(email),
            zone,
            team: names::team(index),
            account: known.then(|| uuid(draw.id())),
            installation: format!("{:032x}{:032x}", draw.id(), draw.id()),
            details: !regular || draw.chance(0.85),
            micros_only: regular && draw.chance(0.03),
            codex: persona == Persona::Steady || (regular && draw.chance(0.08)),
            sessions_per_day,
            model: draw.weighted(&MODELS),
            favourite: if persona == Persona::Steady { SKILLS[0].1 } else { draw.weighted(&SKILLS) },
            terminal: draw.pick(&TERMINALS),
            version: if old { OLD_VERSION } else { draw.weighted(&VERSIONS) },
        }
    }

    /// Mean sessions on a working day of the `index`th person, scaled by `factor` where there is no story.
    pub(super) fn activity(seed: u64, index: u32, factor: f64) -> f64 {
        if let Some(story) = STORIES.get(index as usize) {
            story.4
        } else {
            let drawn = Draw::new(seed, Purpose::Member, u64::from(index), 0).around(MEDIAN_SESSIONS, SPREAD);
            (drawn * factor).min(MOST_SESSIONS)
        }
    }

    /// The persona of the `index`th person.
    pub(super) fn persona_of(index: u32) -> Persona {
        STORIES.get(index as usize).map_or(Persona::Regular, |story| story.0)
    }
}

/// `id` as text, marked as a random UUID (RFC 9562, version 4).
pub(super) fn uuid(id: u128) -> String {
    let mut text = String::with_capacity(36);
    write_uuid(id, &mut text);
    text
}

/// Appends `id` as the text of a random UUID.
pub(super) fn write_uuid(id: u128, text: &mut String) {
    for (place, byte) in uuid_bits(id).to_be_bytes().into_iter().enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from(b"0123456789abcdef"[usize::from(digit)]));
        }
    }
}

/// `id` with the version and variant bits of a random UUID.
pub(super) fn uuid_bits(id: u128) -> u128 {
    id & !(0xF000_u128 << 64) & !(0xC000_u128 << 48) | 0x4000_u128 << 64 | 0x8000_u128 << 48
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_written_as_random_uuids() {
        assert_eq!(uuid(0), "00000000-0000-4000-8000-000000000000");
        assert_eq!(uuid(u128::MAX), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }

    #[test]
    fn the_first_eight_have_a_story_and_the_api_key_has_no_address() {
        let members: Vec<_> = (0..40).map(|index| Member::nth(1, index)).collect();
        assert_eq!(members[0].email.as_deref(), Some("ada.berger@example.com"));
        assert_eq!(members[1].zone, Tz::Asia__Kathmandu);
        for member in &members {
            let known = member.persona != Persona::ApiKey;
            assert_eq!((member.email.is_some(), member.account.is_some()), (known, known), "{member:?}");
            assert!(member.email.iter().all(|email| email.to_lowercase().ends_with("@example.com")));
            assert_eq!(member.persona == Persona::Regular, member.index >= 8);
        }
    }
}
