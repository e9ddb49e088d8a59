//! Reads usage from ClickHouse: shape detection, one `.sql` and one row type per question.

mod connection;
mod error;
mod facts;
mod members;
mod rows;
mod shape;
mod statements;

pub use connection::{Connection, Rows};
pub use error::WarehouseError;
pub use facts::{Facts, HiddenSkills, Person};
pub use members::{People, Warehouse};
pub use rows::{ActiveDays, DayActivity, MemberActivity, MemberSkills, ModelUse, SkillUse};
pub use shape::Shape;
