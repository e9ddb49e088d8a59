//! Notices: what an owner or a member must be told outside of any report. Plain sentences, in English.
//!
//! Whatever is foreign stands alone in a line, after words of ours: no name can push our words out of a sentence.

use super::{
    label::Label,
    reasons::{code, reason_in_words},
};
use crate::model::{DeliveryId, MemberEmail};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

/// Owners whom somebody without an identity may ask.
const MOST_ASKED: usize = 3;
/// Teams that are named in one notice; the run report names more.
const MOST_TEAMS: usize = 5;
const TO_OWNERS: &str = "You get this as an owner of Recap.";
const TO_MEMBER: &str = "Only you see this.";

/// A short message in plain words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// Without a full stop.
    pub title: String,
    /// Sentences.
    pub paragraphs: Vec<String>,
    /// Facts, one each: `Address: ada@example.com`.
    pub lines: Vec<String>,
    /// The delivery that the reader can settle with two buttons.
    pub resolve: Option<String>,
    /// Why the reader gets it.
    pub context: String,
}

/// A message as a notice names it.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// `daily`, `weekly`.
    pub report: &'a str,
    /// A local date or an ISO week.
    pub period: &'a str,
    /// An address or a team's name.
    pub recipient: &'a str,
}

/// Deliveries that should have ended.
#[derive(Debug, Clone, Copy)]
pub struct Late<'a> {
    pub report: &'a str,
    pub period: &'a str,
    pub due: DateTime<Utc>,
    pub expected: u64,
    /// Not ended.
    pub open: u64,
    /// Of these the ones of which nobody knows whether they arrived.
    pub unknown: u64,
}

/// Why a team's channel cannot have its summary any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChannelTrouble {
    /// Deleted, or hidden from Recap.
    Gone,
    Archived,
    /// With another workspace, whose people would read the numbers.
    Shared,
    /// Recap was removed from it.
    Left,
}

impl ChannelTrouble {
    /// One word for it, the same in every release.
    pub fn word(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Archived => "archived",
            Self::Shared => "shared",
            Self::Left => "left",
        }
    }
}

impl Notice {
    /// To a team's owners: something happened to the channel that its summary is posted to.
    pub fn channel(team: &str, channel: &str, trouble: ChannelTrouble) -> Self {
        let (title, what, then) = match trouble {
            ChannelTrouble::Gone => (
                "A team's channel is gone",
                "The channel of this team's weekly summary was deleted, or Recap may no longer see it.",
                "No summary is posted until another channel is chosen, or Recap is invited there again.",
            ),
            ChannelTrouble::Archived => (
                "A team's channel was archived",
                "The channel of this team's weekly summary was archived.",
                "No summary is posted until another channel is chosen, or this one is brought back.",
            ),
            ChannelTrouble::Shared => (
                "A team's channel is shared with another workspace",
                "Another workspace shares the channel of this team's weekly summary, or is about to, and its people would \
                 read the numbers.",
                "No summary is posted until another channel is chosen, or this one is no longer shared.",
            ),
            ChannelTrouble::Left => (
                "Recap was removed from a team's channel",
                "Recap is no longer in the channel of this team's weekly summary.",
                "Slack may refuse the next summary: invite Recap again with /invite, or choose another channel.",
            ),
        };
        let team = format!("Team: {}", Label::of(team).0);
        let channel = (!channel.is_empty()).then(|| format!("Channel: {}", Label::of(channel).0));
        Self {
            title: title.to_owned(),
            paragraphs: vec![what.to_owned(), then.to_owned()],
            lines: std::iter::once(team).chain(channel).collect(),
            resolve: None,
            context: "You get this as an owner of the team, or of Recap.".to_owned(),
        }
    }

    /// To the owners: `refusals` messages in a row were refused, so nothing more is sent to this recipient.
    pub fn switched_off(report: &str, recipient: &str, refusals: u32, reason: &str) -> Self {
        let messages =
            if refusals == 1 { "the last message".to_owned() } else { format!("the last {refusals} messages") };
        Self {
            title: "A subscription was switched off".to_owned(),
            paragraphs: vec![
                format!("Slack refused {messages} for good: {}.", reason_in_words(reason)),
                "Recap sends nothing more to this recipient until the subscription is switched on again.".to_owned(),
            ],
            lines: vec![format!("Report: {}", one(report)), format!("Recipient: {}", shown(recipient))],
            resolve: None,
            context: TO_OWNERS.to_owned(),
        }
    }

    /// To the owners: `count` messages or more of one report and period failed for good with `reason`; of summaries, those
    /// of these `teams`.
    pub fn refused(report: &str, period: &str, reason: &str, count: u64, teams: &[String]) -> Self {
        let (what, they) = if count == 1 { (one(report), "It is") } else { (many(report), "They are") };
        Self {
            title: "A message was not taken".to_owned(),
            paragraphs: vec![
                format!("{count} {what} so far failed for good: {}.", reason_in_words(reason)),
                format!("{they} not sent again. A recipient whom Slack refuses three times in a row is switched off."),
            ],
            lines: std::iter::once(format!("Period: {}", date_or_week(period)))
                .chain(teams.iter().take(MOST_TEAMS).map(|team| format!("Team: {}", Label::of(team).0)))
                .collect(),
            resolve: None,
            context: TO_OWNERS.to_owned(),
        }
    }

    /// To the owners: Slack refused everything, for `reason`, until somebody mended the token. `hint` is a clause.
    pub fn workspace_refused(reason: &str, hint: &str) -> Self {
        Self {
            title: "Slack refused Recap".to_owned(),
            paragraphs: vec![
                format!("Nothing could be sent: {}.", reason_in_words(reason)),
                "What was due waited, as long as it would not arrive too late.".to_owned(),
                sentence(hint),
            ],
            lines: Vec::new(),
            resolve: None,
            context: TO_OWNERS.to_owned(),
        }
    }

    /// To the owners: whether a message arrived is unknown, and only a person can find out.
    pub fn unknown_outcome(delivery: &DeliveryId, subject: Subject<'_>) -> Self {
        let id = code(&delivery.0);
        Self {
            title: "A message may not have arrived".to_owned(),
            paragraphs: vec![
                "Slack gave no clear answer when Recap posted this message, and Recap could not find out by itself. It is \
                 not sent again without you, for it could then arrive twice."
                    .to_owned(),
                "Please look into the conversation, then choose one of the two buttons, or run one of the two commands."
                    .to_owned(),
            ],
            lines: vec![
                format!("Message: {}, {}", one(subject.report), date_or_week(subject.period)),
                format!("Recipient: {}", shown(subject.recipient)),
                format!("If it is there: recap resolve {id} arrived"),
                format!("If it is not: recap resolve {id} resend"),
            ],
            resolve: Some(id),
            context: TO_OWNERS.to_owned(),
        }
    }

    /// To the owners: deliveries did not end in time.
    pub fn overdue(late: Late<'_>) -> Self {
        let (open, expected, reports) = (late.open, late.expected, many(late.report));
        let of_which = match late.unknown {
            0 => String::new(),
            unknown => format!(" {unknown} of these may have arrived, for Slack gave no clear answer."),
        };
        Self {
            title: format!("{} are late", capitalised(&reports)),
            paragraphs: vec![
                format!("{open} of {expected} {reports} have neither arrived nor been given up.{of_which}"),
                "`recap check` shows whether ClickHouse and Slack can be reached.".to_owned(),
            ],
            lines: vec![
                format!("Period: {}", date_or_week(late.period)),
                format!("Due: {} UTC", late.due.format("%a, %b %-d, %Y, %H:%M")),
            ],
            resolve: None,
            context: TO_OWNERS.to_owned(),
        }
    }

    /// To a member who asked for digests: nothing was found under their address. `ask` are the owners.
    pub fn no_identity(email: &MemberEmail, ask: &[MemberEmail]) -> Self {
        let whom = match ask {
            [] => "whoever looks after Recap in your organisation",
            [_] => "the person below",
            _ => "one of the people below",
        };
        let asked = ask.iter().take(MOST_ASKED).map(|owner| format!("Whom to ask: {owner}"));
        Self {
            title: "No Claude Code usage under your address yet".to_owned(),
            paragraphs: vec![
                "Recap looked for your Claude Code sessions of the last 30 days by the address that you have in Slack, and \
                 found none."
                    .to_owned(),
                "If you have not used it lately, all is well: your digests begin with your next session.".to_owned(),
                format!(
                    "If you have, Claude Code may be signed in with another address, or with an API key, which tells no \
                     address at all. Then please ask {whom}."
                ),
            ],
            lines: std::iter::once(format!("Address looked for: {email}")).chain(asked).collect(),
            resolve: None,
            context: TO_MEMBER.to_owned(),
        }
    }
}

/// An address whole, for it is meant to be copied; another name as a label.
fn shown(recipient: &str) -> String {
    MemberEmail::parse(recipient).map_or_else(|_| Label::of(recipient).0, String::from)
}

/// A clause as a sentence.
fn sentence(clause: &str) -> String {
    format!("{}.", capitalised(clause.trim().trim_end_matches('.')))
}

pub(super) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn one(report: &str) -> String {
    match report {
        "daily" => "daily digest".to_owned(),
        "now.daily" => "daily digest sent by hand".to_owned(),
        "now.weekly" => "weekly summary sent by hand".to_owned(),
        "weekly" => "weekly summary".to_owned(),
        other => code(other),
    }
}

pub(super) fn many(report: &str) -> String {
    match report {
        "daily" => "daily digests".to_owned(),
        "now.daily" => "daily digests sent by hand".to_owned(),
        "now.weekly" => "weekly summaries sent by hand".to_owned(),
        "weekly" => "weekly summaries".to_owned(),
        other => format!("messages `{}`", code(other)),
    }
}

/// `2025-01-15` as `Wed, Jan 15, 2025`; a week stays `2025-W03`. What makes one sent by hand one of its kind is left out.
pub(super) fn date_or_week(period: &str) -> String {
    let period = period.split('.').next().unwrap_or(period);
    period.parse::<NaiveDate>().map_or_else(|_| code(period), |date| date.format("%a, %b %-d, %Y").to_string())
}
