//! The interactive side: what Slack sends becomes an answer, by HTTP and Socket Mode alike.

mod app;
mod buttons;
mod command;
mod home;
mod life;
mod modals;
mod payload;
mod reply;
mod saying;
mod view;

pub use app::App;
pub use payload::{
    Action, By, Chosen, Closed, Command, Event, EventEnvelope, Inbound, Place, State, Submission, Suggestion, View,
};
pub use reply::{Choice, ModalReply, Reply};
