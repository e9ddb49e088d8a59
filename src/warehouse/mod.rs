//! Reads usage from ClickHouse: shape detection, one `.sql` and one row type per question.

mod accessor;
mod answer;
mod connection;
pub mod embedded;
mod error;
mod facts;
mod grants;
mod members;
mod model_name;
mod newest;
mod ping;
mod rows;
mod shape;
mod source;
mod statements;
mod teams;

pub use answer::{Answered, Rows};
pub use connection::Connection;
pub use error::WarehouseError;
pub use facts::{Facts, Flow, HiddenSkills, Implausible, Person, Users};
pub use grants::{Grant, grants, quoted};
pub use members::{People, Warehouse};
pub use ping::Ping;
pub use rows::{ActiveDays, DayActivity, MemberActivity, MemberSkills, MemberValues, ModelUse, SkillUse, TeamValue};
pub use shape::Shape;
pub use source::Source;
pub use teams::Arrivals;
