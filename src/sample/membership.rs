//! Which team a session's telemetry names: mostly the member's own, and some cases that summaries must get right.

use super::{
    event::TeamTold,
    member::{Member, Persona},
    names,
};

/// The department that some name beside their team, and others in place of it.
const DEPARTMENT: &str = "Engineering";
/// Who changes team did so this many days before the end.
const MOVED_DAYS_AGO: i64 = 9;
/// The stories begin with the first member who has no other.
const STORIES_EVERY: u32 = 16;
/// The team after a member's own: three people share one.
const NEXT_TEAM: u32 = 3;

/// What is special about somebody's team, or sessions, beside their persona.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Story {
    /// The team is the same in all sessions.
    Settled,
    /// No attribute says anything.
    Untold,
    /// One team until some days ago, another one since.
    Moved,
    /// Works for two teams, session by session.
    Both,
    /// Tells a department in place of a team.
    DepartmentAlone,
    /// Tells both.
    DepartmentToo,
    /// Returns to the same session on several days.
    LongSessions,
}

impl Story {
    /// The story of the `index`th person.
    pub(super) fn of(index: u32) -> Self {
        if Member::persona_of(index) != Persona::Regular {
            return Self::Settled;
        }
        match index % STORIES_EVERY {
            9 => Self::Untold,
            10 => Self::Moved,
            11 => Self::Both,
            12 => Self::DepartmentAlone,
            13 => Self::DepartmentToo,
            14 => Self::LongSessions,
            _ => Self::Settled,
        }
    }
}

/// What is told in the `number`th session of a day that lies `days_ago`.
pub(super) fn told(story: Story, member: &Member, number: usize, days_ago: i64) -> TeamTold {
    let own = || Some(member.team.clone());
    let next = || Some(names::team(member.index + NEXT_TEAM));
    let (team, department) = match story {
        Story::Untold => (None, None),
        Story::Moved if days_ago < MOVED_DAYS_AGO => (next(), None),
        Story::Both if number % 2 == 1 => (next(), None),
        Story::DepartmentAlone => (None, Some(DEPARTMENT)),
        Story::DepartmentToo => (own(), Some(DEPARTMENT)),
        Story::Settled | Story::Moved | Story::Both | Story::LongSessions => (own(), None),
    };
    TeamTold { team, department }
}
