//! The member's own part of App Home: whether a digest comes, when, and what can be changed about it.

use crate::{
    digest::reasons::reason_in_words,
    interaction::view::{actions, button, confirmed, danger, header, primary, section},
    personal::{self, PersonalError, Standing},
    store::MemberRecord,
    workspace::Workspace,
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::Value;

/// How things stand with a member.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mine {
    pub standing: Standing,
    /// When this was read.
    pub now: DateTime<Utc>,
}

pub(super) async fn of(workspace: &Workspace, member: &MemberRecord) -> Result<Mine, PersonalError> {
    Ok(Mine { standing: personal::standing(workspace, member).await?, now: workspace.now() })
}

/// `Thu, Jan 16 at 09:00 (Europe/Berlin)`.
pub(in crate::interaction) fn at(instant: DateTime<Utc>, zone: Tz) -> String {
    let local = instant.with_timezone(&zone).format("%a, %b %-d at %H:%M");
    format!("{local} ({})", zone.name().replace('_', " "))
}

impl Mine {
    pub(super) fn zone(&self) -> Tz {
        self.standing.schedule.zone
    }

    fn is_paused(&self) -> Option<DateTime<Utc>> {
        self.standing.paused_until.filter(|until| *until > self.now)
    }

    /// Whether a digest comes, as sentences.
    fn status(&self) -> String {
        let Standing { subscribed, held_by, next, .. } = &self.standing;
        if !subscribed {
            return "Off. A daily digest comes only if you want it, and only you see it.".to_owned();
        }
        if let Some(until) = self.is_paused() {
            let date = until.with_timezone(&self.zone()).format("%a, %b %-d");
            let next = match (held_by, next) {
                (Some(reason), _) => format!("None comes as long as this holds: {}.", reason_in_words(reason)),
                (None, Some(next)) => format!("The next one comes {}.", at(*next, self.zone())),
                (None, None) => return format!("Paused until {date}."),
            };
            return format!("Paused until {date}. {next}");
        }
        match (held_by, next) {
            (Some(reason), _) => format!("On, but none comes for now: {}.", reason_in_words(reason)),
            (None, Some(next)) => format!("On. The next one comes {}.", at(*next, self.zone())),
            (None, None) => "On. When the next one comes is not known yet.".to_owned(),
        }
    }

    pub(super) fn blocks(&self) -> Vec<Value> {
        let Standing { subscribed, consents, .. } = &self.standing;
        let named = if consents.named {
            "Team summaries name you when you are MVP of the week."
        } else {
            "Team summaries do not name you."
        };
        let mut toggles = if *subscribed {
            vec![button("home_off", "Turn off")]
        } else {
            vec![primary(button("home_on", "Turn on my daily digest"))]
        };
        toggles.extend(match (subscribed, self.is_paused()) {
            (false, _) => Vec::new(),
            (true, Some(_)) => vec![button("home_resume", "Resume")],
            (true, None) => {
                vec![button("home_pause", "Pause until Monday"), button("home_pause_week", "Pause a week")]
            }
        });
        toggles.push(if consents.named {
            button("home_unname", "Do not name me")
        } else {
            button("home_name", "Name me")
        });
        vec![
            header("Daily digest"),
            section(&self.status()),
            section(named),
            actions(toggles),
            actions(vec![button("home_preferences", "Preferences"), button("home_week", "My week")]),
        ]
    }
}

/// What is read, what never is, and how to be forgotten.
pub(super) fn privacy() -> Vec<Value> {
    vec![
        header("Your privacy"),
        section(
            "Recap reads what Claude Code sends to your company's telemetry: when sessions were, tokens, estimated costs, \
             and the names of skills and models. It never reads prompts, answers or code. Your numbers are shown to you \
             alone; a team's summary has the team's.",
        ),
        actions(vec![danger(button("home_delete", "Delete my data"))]),
    ]
}

/// A button that turns something off for many.
pub(super) fn turning_off(action: &str, text: &str, what: &str) -> Value {
    confirmed(button(action, text), "Are you sure?", what, text)
}
