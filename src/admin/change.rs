//! A change as it is asked for, in the words of who asks: everything that is wrong with it is found at once.

/// What is configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Report {
    Daily,
    Weekly,
}

/// For whom.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    Workspace,
    /// A team's name.
    Team(String),
    /// A member's e-mail address, or id in Slack.
    Member(String),
}

/// A change; what is `None` stays as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub report: Report,
    pub scope: Scope,
    pub enabled: Option<bool>,
    /// `09:30`.
    pub time: Option<String>,
    /// `mon-fri`, `mon,wed`; of a weekly, one day.
    pub days: Option<String>,
    /// An IANA zone.
    pub zone: Option<String>,
    /// A channel's id.
    pub channel: Option<String>,
    /// Names as settings write them.
    pub sections: Option<Vec<String>>,
    // What follows is a team's, and an admin's to change.
    /// Whether a team is to be made: with true a name that is taken is refused, with false one that no team has. Of `None` a
    /// team is made where there is none of this name, and changed where there is one.
    pub create: Option<bool>,
    /// E-mail addresses. Of the three kinds of membership the one that is given replaces the others.
    pub members: Option<Vec<String>>,
    /// A Slack user group's id.
    pub usergroup: Option<String>,
    /// A value of the telemetry attribute, or `key=value`.
    pub attribute: Option<String>,
    pub exclude: Option<Vec<String>>,
    pub owners: Option<Vec<String>>,
    pub min_active: Option<u32>,
    /// The version that whoever asks had seen; where it has changed since, the change is refused.
    pub version: Option<i64>,
}

impl Change {
    /// A change of nothing.
    pub fn of(report: Report, scope: Scope) -> Self {
        Self {
            report,
            scope,
            enabled: None,
            time: None,
            days: None,
            zone: None,
            channel: None,
            sections: None,
            create: None,
            members: None,
            usergroup: None,
            attribute: None,
            exclude: None,
            owners: None,
            min_active: None,
            version: None,
        }
    }
}

/// What is wrong with one field; `field` is named as in [`Change`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFault {
    pub field: &'static str,
    pub reason: String,
}
