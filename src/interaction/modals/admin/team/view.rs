//! A team's editor as it is shown. Pure.

use super::form::{
    ADDRESSES, ATTRIBUTE, CHANNEL, DAY, GROUP, KIND, Kind, MEMBERS, MIN_ACTIVE, NAME, OTHER_OWNERS, OWNERS, SECTIONS,
    TIME, ZONE,
};
use super::{
    super::{people::MOST_TYPED, round::marked},
    CALLBACK, Editor, Metadata, OFF, PREVIEW, REMOVE, TITLE,
};
use crate::{
    config::TeamSection,
    interaction::{
        Choice, home,
        modals::{every_day, zones},
        view::{
            Modal, actions, button, channels, checkboxes, confirmed, context, danger, external, hinted, input,
            listening, option, optional, people, radio, section, select, text, time,
        },
    },
    message::figures::foreign,
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::Value;

/// The longest name of a team, as in settings.
const LONGEST_NAME: usize = 64;
/// So many words stand above the form.
const MOST_NOTES: usize = 12;

impl Editor {
    /// The modal at `now`.
    pub(super) fn view(&self, now: DateTime<Utc>) -> Value {
        let metadata = Metadata {
            team: self.team.clone(),
            version: self.version,
            seen: self.team.is_some().then(|| self.seen.clone()),
            round: self.round,
            channel: None,
        };
        let mut modal = Modal::new(CALLBACK, TITLE).submit("Save").metadata(metadata.write());
        modal = modal.blocks(self.notes.iter().take(MOST_NOTES).map(|note| section(note)));
        modal = match &self.status {
            Some(status) => modal.block(section(status)).block(self.buttons()),
            None => modal.block(hinted(input(NAME, "Name", text(&self.form.name, LONGEST_NAME, false)), NAMING)),
        };
        if self.asks_all {
            modal = modal.blocks(self.membership()).blocks(self.channel());
        }
        modal = modal.blocks(self.schedule(now));
        if self.asks_all {
            modal = modal.blocks(self.governing());
        } else {
            modal = modal.block(context("Who is on the team, its channel and its owners are for admins to change."));
        }
        marked(modal.json(), self.round)
    }

    fn buttons(&self) -> Value {
        let mut buttons = vec![button(PREVIEW, "Preview")];
        if self.enabled {
            let what = "No summary comes any more until somebody enables it again.";
            buttons.push(confirmed(button(OFF, "Pause summaries"), "Pause summaries?", what, "Pause"));
        }
        if self.removable {
            let what = "The team and its schedule are removed. What was posted stays.";
            buttons.push(confirmed(danger(button(REMOVE, "Remove team")), "Remove the team?", what, "Remove"));
        }
        actions(buttons)
    }

    fn membership(&self) -> Vec<Value> {
        if self.too_many {
            return vec![context(
                "Too many people are on the list to change it here. Use the settings file or the API.",
            )];
        }
        let kinds = [
            option("A list of people", Kind::List.word()),
            option("A Slack user group", Kind::Group.word()),
            option("An attribute in the telemetry", Kind::Attribute.word()),
        ];
        let mut blocks = vec![listening(input(KIND, "Who is on it", radio(&kinds, Some(self.form.kind.word()))))];
        let form = &self.form;
        match form.kind {
            Kind::List => blocks.extend([
                optional(input(MEMBERS, "People", people(&form.members.chosen))),
                hinted(
                    optional(input(ADDRESSES, "And by address", text(&form.members.typed, MOST_TYPED, true))),
                    "E-mail addresses, one a line, of people whom you cannot choose above.",
                ),
            ]),
            Kind::Group => blocks.push(hinted(
                input(GROUP, "Id of the user group", text(&form.usergroup, 50, false)),
                "It begins with S; Slack shows it in the address of the user group's page.",
            )),
            Kind::Attribute => blocks.push(hinted(
                input(ATTRIBUTE, "Value of the attribute", text(&form.attribute, 300, false)),
                "Such as platform, or team.id=platform. Everybody can set it for themselves.",
            )),
        }
        blocks
    }

    fn channel(&self) -> Vec<Value> {
        let initial = Some(self.form.channel.as_str()).filter(|channel| !channel.is_empty());
        let select = listening(optional(input(CHANNEL, "Channel", channels(initial))));
        [select].into_iter().chain(self.channel_note.as_ref().map(|note| section(note))).collect()
    }

    fn schedule(&self, now: DateTime<Utc>) -> Vec<Value> {
        let form = &self.form;
        let zone = form.zone.parse::<Tz>().ok().map(|zone| zones::choice(zone, now));
        let find = external("Type a city, or an offset such as +5:30", zone.as_ref());
        let boxes = checkboxes(&sections(self.show_cost), &form.sections);
        vec![
            input(DAY, "Day", select(&every_day(), Some(&form.day))),
            input(TIME, "Time", time(form.time.parse().ok())),
            input(ZONE, "Time zone", find),
            input(SECTIONS, "What it shows", boxes),
        ]
    }

    fn governing(&self) -> Vec<Value> {
        let form = &self.form;
        let least = hinted(
            input(MIN_ACTIVE, "Least active people", text(&form.min_active, 7, false)),
            "With fewer, a summary only says how many were active.",
        );
        let owners = hinted(
            optional(input(OWNERS, "Owners", people(&form.owners.chosen))),
            "They may change the schedule, preview, enable and pause.",
        );
        let others = (!form.owners.typed.is_empty())
            .then(|| optional(input(OTHER_OWNERS, "Owners by address", text(&form.owners.typed, MOST_TYPED, true))));
        [least, owners].into_iter().chain(others).collect()
    }
}

const NAMING: &str = "It stands above the team's summary.";

/// The sections that can be chosen, with what they are called.
pub(super) fn sections(show_cost: bool) -> Vec<Choice> {
    let all = TeamSection::ALL.into_iter().filter(|(_, section)| show_cost || *section != TeamSection::Cost);
    all.map(|(name, section)| option(called(section), name)).collect()
}

fn called(section: TeamSection) -> &'static str {
    match section {
        TeamSection::Sessions => "Sessions",
        TeamSection::Cost => "Estimated cost",
        TeamSection::Active => "Active people",
        TeamSection::Tokens => "Tokens",
        TeamSection::Mvp => "MVP of the week",
        TeamSection::Skills => "Top skills",
        TeamSection::NewSkills => "New skills",
        TeamSection::Chart => "Chart of sessions by day",
        TeamSection::Models => "Models",
    }
}

/// How the team stands, for the top of its editor.
pub(super) fn status(team: &crate::admin::TeamOverview) -> String {
    let hint = match (team.weekly.enabled_at, team.previewed) {
        (Some(_), _) => "",
        (None, _) if team.weekly.channel.is_none() => "\nIt can be enabled from the preview once it has a channel.",
        (None, true) => "\nYou have seen the preview. It can be enabled from there.",
        (None, false) => "\nIt can be enabled from the preview.",
    };
    format!("{}\n{}{hint}", foreign(&team.name), home::status(team))
}
