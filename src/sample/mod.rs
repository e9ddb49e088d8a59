//! Made-up usage, believable and reproducible.

mod attributes;
mod catalog;
mod draw;
mod event;
mod key;
mod member;
mod names;
mod rhythm;
mod script;
mod usage;

pub use catalog::{Model, Skill};
pub use event::{Agent, ApiRequest, Command, Event, Kind, Session, Subject, ToolResult};
pub use key::Key;
pub use member::{Member, Persona};
pub use usage::{Options, Usage};
