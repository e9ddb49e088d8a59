//! Slack's Web API: client.

mod access;
mod client;
mod error;
mod hint;
mod transport;

pub use access::{Access, EVERY_SCOPE, Identity, NEEDED_SCOPES};
pub use client::{CALL_TIMEOUT, Client, ClientOptions, OptionsError};
pub use error::SlackError;
