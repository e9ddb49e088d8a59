//! Made-up usage, believable and reproducible.

mod attributes;
mod catalog;
mod draw;
mod error;
mod event;
mod key;
mod logs_block;
mod make;
mod member;
mod membership;
mod names;
mod native;
mod prepare;
mod prompts_block;
mod rhythm;
mod script;
mod shape;
mod usage;
mod write;

pub use catalog::{Model, Skill};
pub use error::Error;
pub use event::{Agent, ApiRequest, Command, Event, Kind, Session, Subject, TeamTold, ToolResult};
pub use key::Key;
pub use member::{Member, Persona};
pub use shape::{Shape, Table, Tables};
pub use usage::{Options, Usage};
pub use write::{Written, write};
