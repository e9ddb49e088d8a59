//! One conversation as whoever one is sees it: its messages, or the App Home, and where to type.

use super::{
    blocks::{Sheet, draw as draw_blocks},
    draw::{Shown, encode, initial},
    inputs::Directory,
    modal,
};
use crate::{
    message::{
        Message,
        html::{escape, fragment},
    },
    standin::{
        elements::{Filled, with_ids},
        messages::Accepted,
        state::{Conversation, State},
        workspace::Channel,
    },
};
use chrono_tz::Tz;
use serde_json::json;
use std::fmt::Write;

/// The most messages of a conversation.
const MOST_MESSAGES: usize = 50;

pub(super) fn draw(html: &mut String, state: &State, shown: &Shown) {
    let person = state.person(&shown.to);
    let channel = match person {
        Some(person) => state.messages.direct(&person.id).cloned().unwrap_or_default(),
        None => shown.to.clone(),
    };
    let _ = write!(html, "<main data-user=\"{}\" data-channel=\"{}\">", escape(&shown.viewer), escape(&shown.to));
    header(html, state, shown);
    html.push_str("<div class=log role=log aria-label=Messages tabindex=0>");
    if shown.home {
        modal::home(html, state, &shown.viewer);
    } else {
        messages(html, state, &channel, &shown.viewer);
    }
    html.push_str("</div>");
    if !shown.home && state.somebody(&shown.viewer).is_ok() {
        composer(html, state);
    }
    html.push_str("</main>");
}

/// The conversation's name, what is to be known of it, and the tabs of the app's own.
fn header(html: &mut String, state: &State, shown: &Shown) {
    let person = state.person(&shown.to);
    let title = match (person, state.conversation(&shown.to)) {
        (Some(person), _) => person.real_name.clone(),
        (None, Some(Conversation::Channel(channel))) => format!("# {}", channel.name),
        _ => "No conversation".to_owned(),
    };
    let about = if let Some(person) = person {
        let marks = [person.deleted.then_some("deactivated"), person.is_admin.then_some("workspace admin")];
        let parts = [person.email.as_deref(), person.tz.as_deref()].into_iter().chain(marks).flatten();
        parts.collect::<Vec<_>>().join(" · ")
    } else {
        let viewer = state.person(&shown.viewer).map(|viewer| format!("you are {}", viewer.real_name));
        let marks = state.channel(&shown.to).map(marks_of).filter(|marks| !marks.is_empty());
        viewer.into_iter().chain(marks).collect::<Vec<_>>().join(" · ")
    };
    let _ = write!(html, "<header><h2>{}</h2><p class=note>{}</p>", escape(&title), escape(&about));
    if person.is_some() {
        let to = encode(&shown.to);
        let current = |on: bool| if on { " aria-current=page" } else { "" };
        let _ = write!(
            html,
            "<p class=tabs><a href=\"/?to={to}\"{}>Messages with Recap</a><a href=\"/?to={to}&amp;tab=home\"{}>App Home</a></p>",
            current(!shown.home),
            current(shown.home)
        );
    }
    html.push_str("</header>");
}

fn messages(html: &mut String, state: &State, channel: &str, viewer: &str) {
    let zone = state.person(viewer).and_then(|person| person.tz.as_ref()?.parse().ok()).unwrap_or(Tz::UTC);
    let seen = |message: &&Accepted| match &message.only_for {
        Some(person) => person == viewer && !message.deleted,
        None => true,
    };
    let seen: Vec<_> = state.messages.of(channel).filter(seen).collect();
    if seen.is_empty() {
        html.push_str("<p class=empty>Nothing was sent here yet.</p>");
    }
    let older = seen.len().saturating_sub(MOST_MESSAGES);
    if older > 0 {
        let _ = write!(html, "<p class=note>{older} older messages are not shown</p>");
    }
    let directory = Directory::of(state);
    for message in seen.into_iter().skip(older) {
        one(html, state, message, zone, &directory);
    }
}

fn composer(html: &mut String, state: &State) {
    let command = state.app.endpoint.as_ref().map_or("/usage", |endpoint| &endpoint.command);
    let _ = write!(
        html,
        "<form class=composer data-composer><p class=problem role=alert data-problem></p><div>\
         <label for=typed class=unseen>Message, or a command</label>\
         <input id=typed name=typed type=text autocomplete=off maxlength=4000 placeholder=\"{} help, or a message\">\
         <button type=submit>Send</button></div></form>",
        escape(command)
    );
}

/// What a reader should know of a channel.
fn marks_of(channel: &Channel) -> String {
    let marks = [
        channel.is_private.then_some("private"),
        channel.is_archived.then_some("archived"),
        channel.is_ext_shared.then_some("shared with another workspace"),
        channel.is_pending_ext_shared.then_some("another workspace is invited"),
        (!channel.recap_is_member).then_some("Recap is not in it"),
    ];
    marks.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn one(html: &mut String, state: &State, message: &Accepted, zone: Tz, directory: &Directory) {
    let at = message.at.with_timezone(&zone);
    let marks = [
        message.edited.then_some("edited"),
        message.deleted.then_some("deleted"),
        message.thread_ts.is_some().then_some("in a thread"),
    ];
    let marks = marks.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let (who, app) = match &message.by {
        None => ("Recap", " <small>APP</small>"),
        Some(person) => (state.person(person).map_or(person.as_str(), |person| person.real_name.as_str()), ""),
    };
    let alone = if message.only_for.is_some() { "<p class=note>Only visible to you</p>" } else { "" };
    let class = match (message.deleted, message.only_for.is_some()) {
        (true, _) => " deleted",
        (false, true) => " alone",
        (false, false) => "",
    };
    let _ = write!(
        html,
        "<article class=\"post{class}\" data-ts=\"{}\"><i aria-hidden=true>{}</i><div>{alone}<p class=who><strong>{}</strong>{app} \
         <time datetime=\"{}\">{}</time> <span class=note>{marks}</span></p><div class=said>",
        escape(&message.ts),
        initial(who),
        escape(who),
        message.at.to_rfc3339(),
        at.format("%a, %b %-d, %H:%M"),
    );
    body(html, message, directory);
    html.push_str("</div>");
    before(html, state, message);
    html.push_str(&notification(message));
    html.push_str("<p class=problem role=alert data-problem></p></div></article>");
}

/// The message as Slack would draw it.
fn body(html: &mut String, message: &Accepted, directory: &Directory) {
    if message.blocks.is_empty() || message.deleted {
        html.push_str(&fragment(&Message { text: message.text.clone(), blocks: message.blocks.clone() }));
        return;
    }
    let blocks = with_ids(&json!(message.blocks));
    let filled = Filled::of(&blocks, &Filled::default());
    draw_blocks(html, &blocks, &Sheet { filled: &filled, errors: &|_| None, directory });
}

/// What an updated message said before.
fn before(html: &mut String, state: &State, message: &Accepted) {
    let mut versions = state.messages.versions(&message.ts);
    versions.pop();
    if versions.is_empty() {
        return;
    }
    let count = versions.len();
    let title =
        if count == 1 { "What it said before".to_owned() } else { format!("What it said before, {count} times") };
    let _ = write!(html, "<details class=text><summary>{title}</summary>");
    for version in versions {
        let _ = write!(html, "<p>{}</p>", escape(&version.text));
    }
    html.push_str("</details>");
}

/// What notifications and screen readers give, where the blocks say it otherwise.
fn notification(message: &Accepted) -> String {
    if message.blocks.is_empty() || message.text.is_empty() {
        return String::new();
    }
    let text = escape(&message.text);
    format!("<details class=text><summary>Notification text</summary><p>{text}</p></details>")
}
