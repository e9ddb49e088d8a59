//! Small builders of modals and App Home; whatever they are given is cut to what Slack takes.

mod block;
mod element;
mod held;
mod modal;

pub(super) use block::{actions, context, divider, header, hinted, input, listening, optional, plain, section};
pub(super) use element::{
    button, channels, checkboxes, confirmed, danger, date, external, option, people, primary, radio, select, text,
    time, valued,
};
pub(super) use held::held;
pub(super) use modal::{Modal, notice};
