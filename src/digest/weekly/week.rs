//! Adds up a team's week, one member at a time.

use super::WeekFacts;
use crate::{
    model::{MemberEmail, Stay},
    schedule::WeeklyWindow,
    warehouse::{MemberActivity, MemberSkills},
};

/// A team's week while its members' rows arrive. Memory grows with the team's different skills, not with its members.
#[derive(Debug, Default)]
pub struct TeamWeek {}

impl TeamWeek {
    /// Adds one member, once. What they did on a day counts where one of `stays` touches that day; the rows are those of
    /// [`WeeklyWindow::activity`] and [`WeeklyWindow::skills`].
    pub fn add(
        &mut self,
        window: &WeeklyWindow,
        member: &MemberEmail,
        stays: &[Stay],
        activity: Option<&MemberActivity>,
        skills: Option<&MemberSkills>,
    ) {
        let _ = (window, member, stays, activity, skills);
        todo!()
    }

    /// What the week was, once all were added.
    pub fn facts(self, window: &WeeklyWindow) -> WeekFacts {
        let _ = window;
        todo!()
    }
}
