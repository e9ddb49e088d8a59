//! Draws the page from the state: people and channels left, one conversation right.

use crate::{
    message::{
        Message,
        html::{STYLE, escape, fragment},
    },
    standin::{
        messages::Accepted,
        state::{Conversation, State},
        workspace::Channel,
    },
};
use chrono_tz::Tz;
use std::fmt::Write;

/// The longest list on the left, and the most messages of a conversation.
const MOST_CONVERSATIONS: usize = 200;
const MOST_MESSAGES: usize = 50;

/// One line on the left.
struct Entry {
    id: String,
    name: String,
    mark: &'static str,
    count: usize,
    latest: String,
}

/// The page, with the conversation that was wanted or else the one that has the newest message.
pub(super) fn page(state: &State, wanted: Option<&str>) -> String {
    let (people, channels) = (people(state), channels(state));
    let newest = people.iter().chain(&channels).filter(|entry| entry.count > 0).max_by(|a, b| a.latest.cmp(&b.latest));
    let shown = wanted.map(str::to_owned).or_else(|| newest.map(|entry| entry.id.clone())).unwrap_or_default();
    let total = state.messages.all().len();
    let mut html = String::new();
    let _ = write!(
        html,
        "<!doctype html><html lang=en><head><meta charset=utf-8><meta name=viewport \
         content=\"width=device-width, initial-scale=1\"><title>({total}) Slack stand-in</title>\
         <link rel=stylesheet href=/page.css><script src=/page.js defer></script></head><body>\
         <nav aria-label=Conversations><h1>{}</h1><p class=note>A stand-in for Slack. <span class=live></span></p>",
        escape(&state.workspace().name)
    );
    list(&mut html, "Direct messages", people, &shown);
    list(&mut html, "Channels", channels, &shown);
    html.push_str("</nav>");
    conversation(&mut html, state, &shown);
    html.push_str("</body></html>");
    html
}

/// The page's own style and that of the messages.
pub(super) fn style() -> String {
    format!("{}\n{}", include_str!("page.css"), STYLE)
}

fn people(state: &State) -> Vec<Entry> {
    let people = state.workspace().people.iter().filter(|person| !person.is_bot);
    let entries = people.map(|person| {
        let channel = state.messages.direct(&person.id);
        entry(state, channel.map_or("", String::as_str), &person.id, &person.real_name, "")
    });
    sorted(entries.collect())
}

fn channels(state: &State) -> Vec<Entry> {
    let channels = state.workspace().channels.iter();
    sorted(channels.map(|channel| entry(state, &channel.id, &channel.id, &channel.name, "#")).collect())
}

fn entry(state: &State, channel: &str, id: &str, name: &str, mark: &'static str) -> Entry {
    let latest = state.messages.of(channel).next_back().map(|message| message.ts.clone()).unwrap_or_default();
    Entry { id: id.to_owned(), name: name.to_owned(), mark, count: state.messages.count(channel), latest }
}

/// Those who received something first, by name.
fn sorted(mut entries: Vec<Entry>) -> Vec<Entry> {
    entries.sort_by(|a, b| (a.count == 0).cmp(&(b.count == 0)).then_with(|| a.name.cmp(&b.name)));
    entries
}

fn list(html: &mut String, title: &str, entries: Vec<Entry>, shown: &str) {
    if entries.is_empty() {
        return;
    }
    let others = entries.len().saturating_sub(MOST_CONVERSATIONS);
    let _ = write!(html, "<h2>{title}</h2><ul>");
    for entry in entries.into_iter().take(MOST_CONVERSATIONS) {
        let current = if entry.id == shown { " aria-current=page" } else { "" };
        let count = if entry.count == 0 { String::new() } else { format!("<b>{}</b>", entry.count) };
        let (id, name) = (encode(&entry.id), escape(&entry.name));
        let class = if entry.count == 0 { " class=quiet" } else { "" };
        let _ = write!(
            html,
            "<li><a href=\"/?to={id}\"{current}{class}><span>{}{name}</span>{count}</a></li>",
            if entry.mark.is_empty() {
                format!("<i aria-hidden=true>{}</i>", initial(&entry.name))
            } else {
                format!("<i aria-hidden=true class=plain>{}</i>", entry.mark)
            }
        );
    }
    html.push_str("</ul>");
    if others > 0 {
        let _ = write!(html, "<p class=note>and {others} more</p>");
    }
}

fn conversation(html: &mut String, state: &State, shown: &str) {
    let person = state.person(shown);
    let channel = match person {
        Some(person) => state.messages.direct(&person.id).cloned().unwrap_or_default(),
        None => shown.to_owned(),
    };
    let title = match (person, state.conversation(shown)) {
        (Some(person), _) => person.real_name.clone(),
        (None, Some(Conversation::Channel(channel))) => format!("# {}", channel.name),
        _ => "No conversation".to_owned(),
    };
    let about = person.map(|person| {
        let parts = [person.email.as_deref(), person.tz.as_deref(), person.deleted.then_some("deactivated")];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    });
    let about = about.or_else(|| state.channel(shown).map(marks_of)).unwrap_or_default();
    let _ = write!(html, "<main><header><h2>{}</h2><p class=note>{}</p></header>", escape(&title), escape(&about));
    let zone = person.and_then(|person| person.tz.as_ref()?.parse().ok()).unwrap_or(Tz::UTC);
    let count = state.messages.count(&channel);
    if count == 0 {
        html.push_str("<p class=empty>Nothing was sent here yet.</p>");
    }
    if let Some(older) = count.checked_sub(MOST_MESSAGES).filter(|older| *older > 0) {
        let _ = write!(html, "<p class=note>{older} older messages are not shown</p>");
    }
    for message in state.messages.of(&channel).skip(count.saturating_sub(MOST_MESSAGES)) {
        draw_message(html, state, message, zone);
    }
    html.push_str("</main>");
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

fn draw_message(html: &mut String, state: &State, message: &Accepted, zone: Tz) {
    let at = message.at.with_timezone(&zone);
    let mut marks = Vec::new();
    if let Some(person) = &message.only_for {
        let name = state.person(person).map_or(person.as_str(), |person| person.real_name.as_str());
        marks.push(format!("only visible to {name}"));
    }
    if message.edited {
        marks.push("edited".to_owned());
    }
    if message.deleted {
        marks.push("deleted".to_owned());
    }
    if message.thread_ts.is_some() {
        marks.push("in a thread".to_owned());
    }
    let (who, app) = match &message.by {
        None => ("Recap", " <small>APP</small>"),
        Some(person) => (state.person(person).map_or(person.as_str(), |person| person.real_name.as_str()), ""),
    };
    let _ = write!(
        html,
        "<article class=\"post{}\"><i aria-hidden=true>{}</i><div><p class=who><strong>{}</strong>{app} \
         <time datetime=\"{}\">{}</time> <span class=note>{}</span></p><div class=said>{}</div>{}\
         </div></article>",
        if message.deleted { " deleted" } else { "" },
        initial(who),
        escape(who),
        message.at.to_rfc3339(),
        at.format("%a, %b %-d, %H:%M"),
        escape(&marks.join(", ")),
        body(message),
        notification(message),
    );
}

/// The message as Slack would draw it.
fn body(message: &Accepted) -> String {
    fragment(&Message { text: message.text.clone(), blocks: message.blocks.clone() })
}

/// What notifications and screen readers give, where the blocks say it otherwise.
fn notification(message: &Accepted) -> String {
    if message.blocks.is_empty() || message.text.is_empty() {
        return String::new();
    }
    let text = escape(&message.text);
    format!("<details class=text><summary>Notification text</summary><p>{text}</p></details>")
}

fn initial(name: &str) -> String {
    escape(&name.chars().next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default())
}

/// Foreign text inside a query.
fn encode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
