//! Slack's Web API: client, directory, posting, and finding a post again.

mod access;
mod channels;
mod client;
mod directory;
mod error;
mod gate;
mod hint;
mod history;
mod manifest;
mod member;
mod post;
mod post_error;
mod respond;
mod send;
mod socket;
mod sync;
mod transport;
mod update;
mod user;
mod views;

pub use access::{Access, EVERY_SCOPE, Identity, NEEDED_SCOPES, TEAM_SCOPES, workspace_of};
pub use channels::ChannelInfo;
pub use client::{CALL_TIMEOUT, Client, ClientOptions, OptionsError};
pub use directory::{Page, Pages};
pub use error::SlackError;
pub use gate::Gate;
pub use manifest::Manifest;
pub use member::{Member, Status};
pub use post::{DELIVERY_EVENT, Posted};
pub use post_error::{PostError, UNREADABLE_SNAPSHOT};
pub use respond::{Response, ResponseUrl};
pub use send::{SendError, Sent, addressee, new_delivery_id, send, send_to_channel, send_to_member};
pub use socket::SocketAddress;
pub use sync::{SyncError, Synced, is_known, learn_member, sync_directory};
pub use update::Updated;
pub use views::ViewHandle;
