//! What admins and owners decide: teams, schedules, channels, what is enabled, and what is posted by hand. Slack's modals,
//! the page and the API all go through here; every change is audited.

mod actor;
mod change;
mod channel;
mod configure;
mod error;
mod invite;
mod member;
mod names;
mod numbers;
mod overview;
mod parse;
mod preview;
mod reluctance;
mod seen;
mod shown;
mod strangers;
mod team;
mod team_check;
mod team_words;
mod trigger;
mod workspace_scope;

pub use actor::{Actor, Rights, rights};
pub use change::{Change, FieldFault, Report, Scope};
pub use channel::{ChannelFault, check_channel};
pub use configure::{Configured, configure, faults, note_refused, remove_team};
pub use error::AdminError;
pub use invite::{Invitation, invitation, invite};
pub use names::{Names, names};
pub use numbers::latest_summary;
pub use overview::{
    TeamOverview, Unmatched, WorkspaceOverview, deliveries, delivery, editable_teams, overview, team_overview,
    unmatched,
};
pub use preview::{Preview, Subject, preview, was_previewed};
pub use seen::Seen;
pub use trigger::{Triggered, trigger};
