//! Slack's Web API: client, directory.

mod access;
mod client;
mod directory;
mod error;
mod hint;
mod member;
mod transport;

pub use access::{Access, EVERY_SCOPE, Identity, NEEDED_SCOPES};
pub use client::{CALL_TIMEOUT, Client, ClientOptions, OptionsError};
pub use directory::{Page, Pages};
pub use error::SlackError;
pub use member::{Member, Status};
