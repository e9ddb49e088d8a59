//! What is said about somebody's digests: after a yes, a no, a pause, and as things stand.

use super::{
    Button, GET_DIGEST, MY_WEEK, NAME_ME, RESUME, SETTINGS, START_AGAIN, STOP, context, introduced, plain, with_buttons,
};
use crate::{
    digest::reasons::reason_in_words,
    message::Message,
    model::LocalTime,
    personal::{Found, OptedIn, Standing, told},
    schedule::date_at,
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::{Value, json};

/// The reason of who agreed before anything is enabled.
const NOT_ENABLED: &str = "not_enabled";
/// What is said where nothing comes of it for now.
const AGREED: &str = "You agreed to a daily digest.";
const STOPPED: &str = "You get no more digests, and team summaries do not name you.";

/// After a yes: the next one, the latest one, and the offer to be named.
pub(in crate::interaction) fn opted_in(opted: &OptedIn, found: Found, zone: Tz, now: DateTime<Utc>) -> Message {
    let began = match (&opted.held_by, opted.already) {
        (Some(_), _) => AGREED,
        (None, true) => "You get a daily digest already.",
        (None, false) => "You get a daily digest from now on.",
    };
    let comes = comes(opted.next.map(|(next, _)| next), opted.held_by.as_deref(), zone);
    let over = if opted.pause_ended { " Your pause is over." } else { "" };
    let intro = format!("{began}{over} {comes}");
    let buttons = if opted.named { &[SETTINGS][..] } else { &[NAME_ME, SETTINGS][..] };
    let message = match found {
        Found::Usage(numbers) => {
            let mut message = introduced(&[intro, "This is your latest one.".to_owned()], numbers.message);
            if let Some(newest) = numbers.data_to {
                message.blocks.push(context(&data_to(newest, zone, now)));
            }
            message
        }
        Found::Nothing { looked_for, ask } => {
            told::paragraphs(&[intro, told::nothing_found(&looked_for, told::LAST_30_DAYS, &ask)])
        }
        Found::Unknown => {
            let unknown = "The usage data does not answer right now, so your latest digest cannot be shown yet.";
            told::paragraphs(&[intro, unknown.to_owned()])
        }
    };
    with_buttons(message, buttons)
}

/// What is said below a digest of somebody who began again: only what they would wonder about.
pub(in crate::interaction) fn not_found(found: &Found) -> Option<Message> {
    match found {
        Found::Nothing { looked_for, ask } => Some(plain(&told::nothing_found(looked_for, told::LAST_30_DAYS, ask))),
        Found::Usage(_) | Found::Unknown => None,
    }
}

/// When the next one comes, or why none does.
fn comes(next: Option<DateTime<Utc>>, held_by: Option<&str>, zone: Tz) -> String {
    match (next, held_by) {
        (_, Some(NOT_ENABLED)) => {
            "Personal digests are not enabled in this workspace yet; yours comes once an admin has enabled them."
                .to_owned()
        }
        (_, Some(reason)) => format!("None comes as long as this holds: {}.", reason_in_words(reason)),
        (Some(next), None) => format!("The next one comes on {}.", told::moment(next, zone)),
        (None, None) => "None is due for now.".to_owned(),
    }
}

/// `Data to 14:32`.
pub(in crate::interaction) fn data_to(newest: DateTime<Utc>, zone: Tz, now: DateTime<Utc>) -> String {
    let local = newest.with_timezone(&zone);
    if date_at(zone, newest) == date_at(zone, now) {
        format!("Data to {}", local.format("%H:%M"))
    } else {
        format!("Data to {}, {}", told::day(local.date_naive()), local.format("%H:%M"))
    }
}

/// After a no.
pub(in crate::interaction) fn opted_out(recorded: bool) -> Message {
    let words =
        if recorded { STOPPED } else { "You get no digests, and team summaries do not name you. Nothing has changed." };
    with_buttons(plain(words), &[START_AGAIN])
}

/// After a pause.
pub(in crate::interaction) fn paused(standing: &Standing) -> Message {
    with_buttons(plain(&line(standing, Did::Pause)), &[RESUME])
}

/// After a pause was ended.
pub(in crate::interaction) fn resumed(was_paused: bool, standing: &Standing) -> Message {
    if !was_paused {
        return stands(standing);
    }
    with_buttons(plain(&line(standing, Did::GoOn)), &[SETTINGS])
}

/// After a change of the time, or when it was asked for.
pub(in crate::interaction) fn with_time(time: Option<LocalTime>, standing: &Standing, command: &str) -> Message {
    let zone = standing.schedule.zone;
    let words = if let Some(time) = time {
        format!("Your digest comes at {time} from now on ({zone}).")
    } else {
        let now = standing.schedule.time;
        format!("Your digest comes at {now} ({zone}). To change that, write for example \"{command} time 09:30\".")
    };
    if !standing.subscribed {
        return with_buttons(plain(&format!("{words} You do not get one so far.")), &[GET_DIGEST]);
    }
    let comes = comes(standing.next, standing.held_by.as_deref(), zone);
    with_buttons(plain(&format!("{words} {comes}")), &[SETTINGS])
}

/// As things stand, where nothing changes.
pub(in crate::interaction) fn stands(standing: &Standing) -> Message {
    let button = match (standing.subscribed, standing.paused_until) {
        (false, _) => GET_DIGEST,
        (true, Some(_)) => RESUME,
        (true, None) => SETTINGS,
    };
    with_buttons(plain(&status(standing)), &[button])
}

/// What somebody just did about their digests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::interaction) enum Did {
    Nothing,
    Stop,
    Pause,
    GoOn,
}

/// How things stand, in words.
pub(in crate::interaction) fn status(standing: &Standing) -> String {
    line(standing, Did::Nothing)
}

/// How things stand after somebody did this; what others did meanwhile counts, and when the next one comes is always said.
pub(in crate::interaction) fn line(standing: &Standing, did: Did) -> String {
    if !standing.subscribed {
        let words = match did {
            Did::Stop => STOPPED,
            Did::Pause => "You get no digests, so there is nothing to pause.",
            Did::GoOn | Did::Nothing => "You get no digests.",
        };
        return words.to_owned();
    }
    let zone = standing.schedule.zone;
    let gets = match (standing.paused_until, &standing.held_by) {
        (Some(until), _) => format!("Paused until {}.", told::day(date_at(zone, until))),
        (None, _) if did == Did::GoOn => "Your digests go on.".to_owned(),
        (None, Some(_)) => AGREED.to_owned(),
        (None, None) => "You get a daily digest.".to_owned(),
    };
    format!("{gets} {}", comes(standing.next, standing.held_by.as_deref(), zone))
}

/// What a digest offers as things stand: it can always be looked into, changed, and stopped or begun again.
pub(in crate::interaction) fn offers(standing: &Standing) -> Vec<Value> {
    let buttons = match (standing.subscribed, standing.paused_until) {
        (false, _) => &[START_AGAIN, MY_WEEK, SETTINGS][..],
        (true, Some(_)) => &[RESUME, MY_WEEK, SETTINGS, STOP],
        (true, None) => &[MY_WEEK, SETTINGS],
    };
    let mut offers: Vec<_> = buttons.iter().map(Button::json).collect();
    if standing.subscribed && standing.paused_until.is_none() {
        offers.push(menu());
    }
    offers
}

/// The menu of a digest, as it came with.
fn menu() -> Value {
    let option = |(value, label): (&str, &str)| json!({"value": value, "text": {"type": "plain_text", "text": label, "emoji": false}});
    let options = [("pause_until_monday", "Pause until Monday"), ("pause_week", "Pause a week"), ("stop", STOP.label)];
    json!({"type": "overflow", "action_id": "digest_more", "options": options.map(option)})
}
