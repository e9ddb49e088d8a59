//! Reads usage from ClickHouse: shape detection, one `.sql` and one row type per question.

mod rows;

pub use rows::{ActiveDays, DayActivity, MemberActivity, MemberSkills, ModelUse, SkillUse};
