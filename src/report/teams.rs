//! Who is on which team, and what each of them did: every member's rows are read once, whatever the number of teams.

use super::{
    begun::Begun,
    merge::{Merge, row_of},
};
use crate::{
    config::Membership,
    model::{MemberEmail, Roster, Stay},
    schedule::Cut,
    warehouse::{MemberActivity, MemberSkills, MemberValues, People, Warehouse, WarehouseError},
};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A team that is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    pub name: String,
    pub people: TeamPeople,
    /// Who does not count, such as service accounts.
    pub exclude: BTreeSet<MemberEmail>,
}

/// Who belongs to a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TeamPeople {
    Roster(Roster),
    /// Whoever's telemetry carries `value`, on the days on which it does; under `key`, or else under the first of
    /// `clickhouse.team_attributes`.
    Attribute {
        key: Option<String>,
        value: String,
    },
}

impl TeamPeople {
    /// As the settings say; `roster` is who was seen on the team. None where Slack says who belongs to it, and nobody
    /// looked so far.
    pub fn of(membership: &Membership, roster: Option<Roster>) -> Option<Self> {
        match membership {
            Membership::Members(members) => {
                Some(Self::Roster(roster.unwrap_or_else(|| Roster::of(members.iter().cloned()))))
            }
            Membership::Usergroup(_) => roster.map(Self::Roster),
            Membership::Attribute { key, value } => Some(Self::Attribute { key: key.clone(), value: value.clone() }),
        }
    }
}

/// What is asked about the members of teams.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub activity: Cut,
    pub with_models: bool,
    /// None where no skills are wanted.
    pub skills: Option<Cut>,
    /// The span in which people are looked for whom their telemetry puts on a team.
    pub membership: Cut,
}

/// What one member did, for one of their teams.
#[derive(Debug, Clone, Copy)]
pub(super) struct Did<'a> {
    /// The team's place in the list that was asked about.
    pub team: usize,
    pub member: &'a MemberEmail,
    pub stays: &'a [Stay],
    pub activity: Option<&'a MemberActivity>,
    pub skills: Option<&'a MemberSkills>,
}

/// The teams that somebody was on, by their places, and when.
type Places = BTreeMap<MemberEmail, Vec<(usize, Vec<Stay>)>>;

/// Tells `tell` about each member of each team, in two queries, and a third where telemetry says who is on a team. Who
/// did nothing is told of too.
pub(super) async fn each_member(
    warehouse: &Warehouse,
    teams: &[Team],
    question: &Question,
    mut tell: impl FnMut(Did<'_>),
) -> Result<(), WarehouseError> {
    let places = places(warehouse, teams, &question.membership).await?;
    if places.is_empty() {
        return Ok(());
    }
    let people = People::of(places.keys());
    let (begun, skills) = (Begun::of(2), question.skills.as_ref());
    let (activity, skills) = tokio::try_join!(
        begun.join(warehouse.activity_in(&question.activity, &people, question.with_models), true),
        begun.join(warehouse.skills_in(skills.unwrap_or(&question.activity), &people), skills.is_some()),
    )?;
    let (mut activity, mut skills) = (activity.map(Merge::of), skills.map(Merge::of));
    for (member, teams) in &places {
        let activity = row_of(&mut activity, member).await?;
        let skills = row_of(&mut skills, member).await?;
        for (team, stays) in teams {
            tell(Did { team: *team, member, stays, activity, skills });
        }
    }
    Ok(())
}

async fn places(warehouse: &Warehouse, teams: &[Team], span: &Cut) -> Result<Places, WarehouseError> {
    let mut places = Places::new();
    for (team, Team { people, exclude, .. }) in teams.iter().enumerate() {
        let TeamPeople::Roster(Roster(members)) = people else { continue };
        for (member, stays) in members.iter().filter(|(member, _)| !exclude.contains(member)) {
            places.entry(member.clone()).or_default().push((team, stays.clone()));
        }
    }
    let tagged = Tagged::of(teams);
    if tagged.by_value.is_empty() {
        return Ok(places);
    }
    let mut rows = warehouse.team_values(span, &tagged.keys).await?;
    while let Some(row) = rows.next().await? {
        let Ok(member) = MemberEmail::parse(&row.email) else { continue };
        for (team, stays) in tagged.stays(&row, span) {
            if !teams[team].exclude.contains(&member) {
                places.entry(member.clone()).or_default().push((team, stays));
            }
        }
    }
    Ok(places)
}

/// Teams by the attribute that makes somebody one of them.
struct Tagged {
    keys: BTreeSet<String>,
    by_value: HashMap<(String, String), Vec<usize>>,
}

impl Tagged {
    fn of(teams: &[Team]) -> Self {
        let mut tagged = Self { keys: BTreeSet::new(), by_value: HashMap::new() };
        for (team, asked) in teams.iter().enumerate() {
            let TeamPeople::Attribute { key, value } = &asked.people else { continue };
            tagged.keys.extend(key.clone());
            let key = (key.clone().unwrap_or_default(), value.trim().to_owned());
            tagged.by_value.entry(key).or_default().push(team);
        }
        tagged
    }

    /// The teams that a person's telemetry puts them on, with the pieces of `span` in which it does.
    fn stays(&self, row: &MemberValues, span: &Cut) -> BTreeMap<usize, Vec<Stay>> {
        let mut stays = BTreeMap::<usize, Vec<Stay>>::new();
        for value in &row.values {
            let teams = self.by_value.get(&(value.key.clone(), value.value.clone()));
            let Some(piece) = piece(span, value.day_ms) else { continue };
            for team in teams.into_iter().flatten() {
                let stays = stays.entry(*team).or_default();
                match stays.last_mut().filter(|last| last.until == piece.since) {
                    Some(last) => last.until = piece.until,
                    None => stays.push(piece),
                }
            }
        }
        stays
    }
}

/// The piece of `span` that begins at `start_ms`.
fn piece(span: &Cut, start_ms: i64) -> Option<Stay> {
    let at = span.starts_ms.binary_search(&start_ms).ok()?;
    let next = span.starts_ms.get(at + 1).copied().and_then(DateTime::<Utc>::from_timestamp_millis);
    Some(Stay { since: DateTime::from_timestamp_millis(start_ms), until: Some(next.unwrap_or(span.span.end)) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{schedule::WeeklyWindow, warehouse::TeamValue};
    use chrono::Datelike;
    use chrono_tz::Tz;

    #[test]
    fn telemetry_puts_people_on_teams_for_the_days_that_carry_the_value() {
        let monday: chrono::NaiveDate = "2025-01-13".parse().unwrap();
        let window = WeeklyWindow::of(Tz::UTC, monday.iso_week());
        let span = window.membership();
        let team = |key: Option<&str>, value: &str| Team {
            name: value.to_owned(),
            people: TeamPeople::Attribute { key: key.map(str::to_owned), value: value.to_owned() },
            exclude: BTreeSet::new(),
        };
        let teams = [team(None, "data"), team(Some("squad"), "data"), team(None, "web")];
        let tagged = Tagged::of(&teams);
        assert_eq!(tagged.keys, BTreeSet::from(["squad".to_owned()]));
        let on = |day: usize, key: &str, value: &str| TeamValue {
            day_ms: window.days[day].start_ms(),
            key: key.to_owned(),
            value: value.to_owned(),
        };
        let row = MemberValues {
            email: "ada@example.com".into(),
            values: vec![
                on(0, "", "data"),
                on(1, "", "data"),
                on(1, "squad", "x"),
                on(3, "", "web"),
                on(6, "", "data"),
            ],
        };
        let stays = tagged.stays(&row, &span);
        let stay = |first: usize, last: usize| Stay {
            since: Some(window.days[first].start),
            until: Some(window.days[last].end),
        };
        assert_eq!(stays, BTreeMap::from([(0, vec![stay(0, 1), stay(6, 6)]), (2, vec![stay(3, 3)])]));
    }
}
