//! The interactive side: what Slack sends becomes an answer, by HTTP and Socket Mode alike.

mod app;
mod buttons;
mod caught;
mod command;
mod desk;
mod home;
mod life;
mod modals;
mod payload;
mod reply;
mod saying;
mod signature;
mod socket;
mod view;

pub use app::App;
pub use desk::{ANSWER_WITHIN, Answered, Answers, Desk};
pub use payload::{
    Action, Body, By, Chosen, Closed, Command, Event, EventEnvelope, Inbound, Malformed, Place, Route, State,
    Submission, Suggestion, View, challenge_of, is_ssl_check,
};
pub use reply::{Choice, ModalReply, Reply, Written};
pub use signature::{SignatureFault, SigningSecret};
pub use socket::{CONNECTIONS, Link, SocketStanding};
