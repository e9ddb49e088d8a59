//! Draws the page from the state: whom one can be and the channels left, one conversation right.

use super::{conversation, modal};
use crate::{
    message::html::{STYLE, escape},
    standin::state::State,
};
use std::fmt::Write;

/// The longest list on the left.
const MOST_CONVERSATIONS: usize = 200;

/// One line on the left.
struct Entry {
    id: String,
    name: String,
    mark: &'static str,
    count: usize,
    latest: String,
}

/// What the page shows, and to whom.
pub(super) struct Shown {
    /// Whoever one is.
    pub viewer: String,
    /// The person whose direct conversation it is, or a channel.
    pub to: String,
    pub home: bool,
}

/// The page, with the conversation that was wanted or else the one that has the newest message.
pub(super) fn page(state: &State, to: Option<&str>, viewer: Option<&str>, tab: Option<&str>) -> String {
    let (people, channels) = (people(state), channels(state));
    let newest = people.iter().chain(&channels).filter(|entry| entry.count > 0).max_by(|a, b| a.latest.cmp(&b.latest));
    let to = to.map(str::to_owned).or_else(|| newest.map(|entry| entry.id.clone()));
    let to = to.or_else(|| people.first().map(|entry| entry.id.clone())).unwrap_or_default();
    let first = people.iter().find(|entry| !state.person(&entry.id).is_none_or(|person| person.deleted));
    let viewer = match state.person(&to) {
        Some(person) => person.id.clone(),
        None => viewer
            .filter(|id| state.somebody(id).is_ok())
            .or(first.map(|entry| entry.id.as_str()))
            .unwrap_or_default()
            .to_owned(),
    };
    let shown = Shown { viewer, to, home: tab == Some("home") };
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
    list(&mut html, "People: choose whom to be", people, &shown);
    list(&mut html, "Channels", channels, &shown);
    html.push_str("</nav>");
    conversation::draw(&mut html, state, &shown);
    html.push_str("<div id=modal>");
    modal::modal(&mut html, state, &shown.viewer);
    html.push_str("</div></body></html>");
    html
}

/// The style of forms, of the page (which says last what holds on a phone) and of the messages.
pub(super) fn style() -> String {
    format!("{}\n{}\n{}", include_str!("forms.css"), include_str!("page.css"), STYLE)
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
    // What one person alone sees is no news of a channel's.
    let count = state.messages.of(channel).filter(|message| mark.is_empty() || message.only_for.is_none()).count();
    let latest = state.messages.of(channel).next_back().map(|message| message.ts.clone()).unwrap_or_default();
    Entry { id: id.to_owned(), name: name.to_owned(), mark, count, latest }
}

/// Those who received something first, by name.
fn sorted(mut entries: Vec<Entry>) -> Vec<Entry> {
    entries.sort_by(|a, b| (a.count == 0).cmp(&(b.count == 0)).then_with(|| a.name.cmp(&b.name)));
    entries
}

fn list(html: &mut String, title: &str, entries: Vec<Entry>, shown: &Shown) {
    if entries.is_empty() {
        return;
    }
    let others = entries.len().saturating_sub(MOST_CONVERSATIONS);
    let _ = write!(html, "<h2>{title}</h2><ul>");
    for entry in entries.into_iter().take(MOST_CONVERSATIONS) {
        let current = if entry.id == shown.to {
            " aria-current=page"
        } else if entry.id == shown.viewer {
            " aria-current=true"
        } else {
            ""
        };
        let count = if entry.count == 0 { String::new() } else { format!("<b>{}</b>", entry.count) };
        let (mut id, name) = (encode(&entry.id), escape(&entry.name));
        if !entry.mark.is_empty() {
            let _ = write!(id, "&amp;as={}", encode(&shown.viewer));
        }
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

pub(super) fn initial(name: &str) -> String {
    escape(&name.chars().next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default())
}

/// Foreign text inside a query.
pub(super) fn encode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
