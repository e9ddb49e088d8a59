//! The topmost modal of whoever one is, and their App Home.

use super::{
    blocks::{Sheet, draw},
    inputs::Directory,
};
use crate::{
    message::html::escape,
    standin::{elements::with_ids, state::State, views::View},
};
use serde_json::Value;
use std::fmt::Write;

/// Draws the modal as a dialog, which the script shows.
pub(super) fn modal(html: &mut String, state: &State, viewer: &str) {
    let Some(view) = state.views.top(viewer) else { return };
    let words = |name: &str, or: &str| escape(view.view[name]["text"].as_str().unwrap_or(or));
    let key = format!("{}.{}.{:?}", view.id, view.hash, view.errors);
    let back = if state.views.depth(viewer) > 1 { "Back" } else { "Cancel" };
    let _ = write!(
        html,
        "<dialog aria-labelledby=modal-title data-view=\"{}\" data-key=\"{}\"><form method=dialog novalidate>\
         <header><h2 id=modal-title>{}</h2><button type=button class=cross data-close aria-label=Close>×</button>\
         </header><div class=sheet>",
        escape(&view.id),
        escape(&key),
        words("title", "")
    );
    body(html, state, view);
    html.push_str("<p class=problem role=alert data-problem></p></div>");
    let close = words("close", back);
    let _ = write!(html, "<footer><button type=button class=button data-close>{close}</button>");
    if !view.view["submit"].is_null() {
        let _ = write!(html, "<button type=submit class=\"button primary\">{}</button>", words("submit", "Submit"));
    }
    html.push_str("</footer></form></dialog>");
}

/// Draws a person's App Home.
pub(super) fn home(html: &mut String, state: &State, viewer: &str) {
    let Some(view) = state.views.home(viewer) else {
        html.push_str("<p class=empty>The app has not published anything here yet.</p>");
        return;
    };
    let _ = write!(html, "<article class=home data-ts=home data-view=\"{}\">", escape(&view.id));
    body(html, state, view);
    html.push_str("<p class=problem role=alert data-problem></p></article>");
}

fn body(html: &mut String, state: &State, view: &View) {
    let blocks: Vec<Value> = with_ids(&view.view["blocks"]);
    let directory = Directory::of(state);
    let errors = |block: &str| view.errors.get(block).cloned();
    draw(html, &blocks, &Sheet { filled: &view.filled, errors: &errors, directory: &directory });
}
