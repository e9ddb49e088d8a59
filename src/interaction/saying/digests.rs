//! What is said about somebody's digests: after a yes, a no, a pause, and as things stand.

use super::{GET_DIGEST, NAME_ME, RESUME, SETTINGS, START_AGAIN, context, introduced, plain, with_buttons};
use crate::{
    digest::reasons::reason_in_words,
    message::Message,
    model::{LocalTime, MemberEmail},
    personal::{Found, OptedIn, Standing, told},
    schedule::date_at,
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// The reason of who agreed before anything is enabled.
const NOT_ENABLED: &str = "not_enabled";
/// What is said where nothing comes of it for now.
const AGREED: &str = "You agreed to a daily digest.";
/// So many owners are named.
const MOST_OWNERS: usize = 5;

/// After a yes: the next one, the latest one, and the offer to be named.
pub(in crate::interaction) fn opted_in(opted: OptedIn, zone: Tz, now: DateTime<Utc>) -> Message {
    let began = match (&opted.held_by, opted.already) {
        (Some(_), _) => AGREED,
        (None, true) => "You get a daily digest already.",
        (None, false) => "You get a daily digest from now on.",
    };
    let comes = comes(opted.next.map(|(next, _)| next), opted.held_by.as_deref(), zone);
    let intro = format!("{began} {comes}");
    let buttons = if opted.named { &[SETTINGS][..] } else { &[NAME_ME, SETTINGS][..] };
    let message = match opted.found {
        Found::Usage(numbers) => {
            let mut message = introduced(&[intro, "This is your latest one.".to_owned()], numbers.message);
            if let Some(newest) = numbers.data_to {
                message.blocks.push(context(&data_to(newest, zone, now)));
            }
            message
        }
        Found::Nothing { looked_for, ask } => told::paragraphs(&[intro, nothing(&looked_for, &ask)]),
        Found::Unknown => {
            let unknown = "The usage data does not answer right now, so your latest digest cannot be shown yet.";
            told::paragraphs(&[intro, unknown.to_owned()])
        }
    };
    with_buttons(message, buttons)
}

fn nothing(looked_for: &MemberEmail, ask: &[MemberEmail]) -> String {
    let owners: Vec<_> = ask.iter().take(MOST_OWNERS).map(MemberEmail::as_str).collect();
    let whom = if owners.is_empty() { "whoever runs Recap here".to_owned() } else { owners.join(", ") };
    format!(
        "No usage was found under {looked_for} in the last 30 days. If you do use Claude Code, please ask {whom}. \
         A login with an API key sends no e-mail address, so what you do with one cannot be found."
    )
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
    let words = if recorded {
        "You get no more digests, and team summaries do not name you."
    } else {
        "You get no digests, and team summaries do not name you. Nothing has changed."
    };
    with_buttons(plain(words), &[START_AGAIN])
}

/// After a pause.
pub(in crate::interaction) fn paused(until: DateTime<Utc>, standing: &Standing) -> Message {
    let mut words = paused_until(until, standing.schedule.zone);
    if standing.held_by.is_some() || standing.next.is_some() {
        words = format!("{words} {}", comes(standing.next, standing.held_by.as_deref(), standing.schedule.zone));
    }
    with_buttons(plain(&words), &[RESUME])
}

/// `Paused until Mon, Jan 20.`
pub(in crate::interaction) fn paused_until(until: DateTime<Utc>, zone: Tz) -> String {
    format!("Paused until {}.", told::day(date_at(zone, until)))
}

/// After a pause was ended.
pub(in crate::interaction) fn resumed(was_paused: bool, standing: &Standing) -> Message {
    if !was_paused {
        return stands(standing);
    }
    with_buttons(plain(&goes_on(standing)), &[SETTINGS])
}

/// `Your digests go on. The next one comes on …`
pub(in crate::interaction) fn goes_on(standing: &Standing) -> String {
    let comes = comes(standing.next, standing.held_by.as_deref(), standing.schedule.zone);
    format!("Your digests go on. {comes}")
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
    let zone = standing.schedule.zone;
    if !standing.subscribed {
        return with_buttons(plain("You get no digests."), &[GET_DIGEST]);
    }
    let comes = comes(standing.next, standing.held_by.as_deref(), zone);
    if let Some(until) = standing.paused_until {
        return with_buttons(plain(&format!("{} {comes}", paused_until(until, zone))), &[RESUME]);
    }
    let gets = if standing.held_by.is_some() { AGREED } else { "You get a daily digest." };
    with_buttons(plain(&format!("{gets} {comes}")), &[SETTINGS])
}
