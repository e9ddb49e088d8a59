//! `[digest]`: the personal daily digest's defaults.

use super::{TeamSection, forms, section::Section};
use crate::{
    digest::{Sections, TeamSections},
    model::{LocalTime, Weekdays, parse_zone},
};
use chrono_tz::Tz;

/// What holds for a member who chose nothing else.
#[derive(Debug, Clone)]
pub struct Digest {
    /// The file enables personal digests, without a preview in Slack.
    pub enabled: bool,
    pub enrollment: Enrollment,
    pub default_time: LocalTime,
    pub default_days: Weekdays,
    /// For members to whom Slack gives no zone that is known.
    pub default_zone: Tz,
    pub covers: Covers,
    /// As listed; `Digest::sections` is what is shown.
    pub listed: Vec<DailySection>,
    /// Off: costs are left out everywhere.
    pub show_cost: bool,
    pub catch_up_hours: u32,
    /// The local hour from which nothing late is sent; 24 is no limit.
    pub latest_local_hour: u32,
    pub jitter_minutes: u32,
}

/// Who gets a digest without having asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enrollment {
    /// Nobody.
    OptIn,
    /// Every full member with usage.
    OptOut,
}

/// Which form of window a digest covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Covers {
    /// By the time of day: evening from 12:00.
    Auto,
    Morning,
    Evening,
}

/// A part of the daily digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DailySection {
    Sessions,
    Cost,
    Tokens,
    Skills,
    Streak,
    Comparison,
    Cache,
    Chart,
    Models,
}

impl DailySection {
    /// The section of this name.
    ///
    /// # Errors
    /// When there is none: the reason names the nearest.
    pub fn parse(name: &str) -> Result<Self, String> {
        forms::one_of(name, &Self::ALL)
    }

    /// The name that settings use.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, section)| *section == self).map_or("", |(name, _)| name)
    }

    /// Every section with the name that settings use.
    pub const ALL: [(&str, Self); 9] = [
        ("sessions", Self::Sessions),
        ("cost", Self::Cost),
        ("tokens", Self::Tokens),
        ("skills", Self::Skills),
        ("streak", Self::Streak),
        ("comparison", Self::Comparison),
        ("cache", Self::Cache),
        ("chart", Self::Chart),
        ("models", Self::Models),
    ];
}

impl Digest {
    /// The sections that are shown to who chose nothing: the listed ones, without costs where `show_cost` is off.
    pub fn sections(&self) -> Sections {
        self.shown(&self.listed)
    }

    /// The sections of a member who chose these, by the names that settings use: a name that is none is passed over, and
    /// `show_cost` beats every choice.
    pub fn sections_of(&self, chosen: Option<&[String]>) -> Sections {
        let Some(chosen) = chosen else { return self.sections() };
        let known = |name: &String| DailySection::ALL.into_iter().find(|(known, _)| *known == name.trim());
        let chosen: Vec<_> = chosen.iter().filter_map(known).map(|(_, section)| section).collect();
        self.shown(&chosen)
    }

    /// What a team's summary shows, where these are listed; `show_cost` beats the list.
    pub fn team_sections(&self, sections: &[TeamSection]) -> TeamSections {
        let listed = |section| sections.contains(&section);
        TeamSections {
            sessions: listed(TeamSection::Sessions),
            cost: self.show_cost && listed(TeamSection::Cost),
            active: listed(TeamSection::Active),
            tokens: listed(TeamSection::Tokens),
            mvp: listed(TeamSection::Mvp),
            skills: listed(TeamSection::Skills),
            new_skills: listed(TeamSection::NewSkills),
            chart: listed(TeamSection::Chart),
            models: listed(TeamSection::Models),
        }
    }

    fn shown(&self, sections: &[DailySection]) -> Sections {
        let listed = |section| sections.contains(&section);
        Sections {
            sessions: listed(DailySection::Sessions),
            cost: self.show_cost && listed(DailySection::Cost),
            tokens: listed(DailySection::Tokens),
            skills: listed(DailySection::Skills),
            streak: listed(DailySection::Streak),
            comparison: listed(DailySection::Comparison),
            cache: listed(DailySection::Cache),
            chart: listed(DailySection::Chart),
            models: listed(DailySection::Models),
        }
    }

    pub(super) fn read(mut section: Section<'_>) -> Option<Self> {
        let enabled = section.switch("enabled");
        let enrollment = section.required_text("enrollment", |text| {
            forms::one_of(text, &[("opt_in", Enrollment::OptIn), ("opt_out", Enrollment::OptOut)])
        });
        let default_time = section.required_text("default_time", str::parse);
        let default_days = section.required_text("default_days", str::parse);
        let default_zone = section.required_text("default_zone", parse_zone);
        let covers = section.required_text("covers", |text| {
            let forms = [("auto", Covers::Auto), ("morning", Covers::Morning), ("evening", Covers::Evening)];
            forms::one_of(text, &forms)
        });
        let listed = section.filled_list("sections", |text| forms::one_of(text, &DailySection::ALL));
        let show_cost = section.switch("show_cost");
        let catch_up_hours = section.whole("catch_up_hours", 0..=24);
        let latest_local_hour = section.whole("latest_local_hour", 0..=24);
        let jitter_minutes = section.whole("jitter_minutes", 0..=720);
        section.finish();
        Some(Self {
            enabled: enabled?,
            enrollment: enrollment?,
            default_time: default_time?,
            default_days: default_days?,
            default_zone: default_zone?,
            covers: covers?,
            listed: listed?,
            show_cost: show_cost?,
            catch_up_hours: catch_up_hours?,
            latest_local_hour: latest_local_hour?,
            jitter_minutes: jitter_minutes?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;

    fn digest(set: &[(&str, &str)]) -> Digest {
        let environment = set.iter().map(|(key, value)| (format!("RECAP__DIGEST__{key}"), (*value).to_owned()));
        Settings::load(None, environment).unwrap().digest
    }

    fn names(sections: Sections) -> Vec<String> {
        let all = serde_json::to_value(sections).unwrap();
        all.as_object().unwrap().iter().filter(|(_, shown)| **shown == true).map(|(name, _)| name.clone()).collect()
    }

    #[test]
    fn a_members_own_sections_replace_the_listed_ones() {
        let digest = digest(&[]);
        let chosen = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(digest.sections_of(None), digest.sections());
        assert_eq!(names(digest.sections()), ["sessions", "cost", "tokens", "skills", "streak", "comparison"]);
        for (wanted, shown) in [
            (&["sessions", "models"][..], &["sessions", "models"][..]),
            (&["models", "weather", "Cost", " cost "], &["cost", "models"]),
            (&["weather"], &[]),
            (&[], &[]),
        ] {
            assert_eq!(names(digest.sections_of(Some(&chosen(wanted)))), shown, "{wanted:?}");
        }
        let everything = chosen(&DailySection::ALL.map(|(name, _)| name));
        assert_eq!(digest.sections_of(Some(&everything)), Sections::ALL);
    }

    #[test]
    fn costs_that_the_owner_does_not_show_no_member_can_choose() {
        let digest = digest(&[("SHOW_COST", "false")]);
        let chosen = ["cost".to_owned(), "chart".to_owned()];
        assert_eq!(names(digest.sections_of(Some(&chosen))), ["chart"]);
        assert!(!digest.sections().cost);
    }
}
