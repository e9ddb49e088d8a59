//! Reads usage from ClickHouse: shape detection, one `.sql` and one row type per question.

pub mod embedded;
mod rows;

pub use rows::{ActiveDays, DayActivity, MemberActivity, MemberSkills, ModelUse, SkillUse};
