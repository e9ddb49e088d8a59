//! Who is on a team on which days.

use super::{
    calendar,
    dice::Dice,
    facts::{Fact, Teams},
    usage::of_people,
    week::{Dates, Week},
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use recap::{
    model::{MemberEmail, Roster, Stay},
    report::{Team, TeamPeople},
};
use std::collections::{BTreeMap, BTreeSet};

/// The days of the week, and of the 28 before it, on which each of a team's people was on it.
pub struct Membership(pub BTreeMap<String, BTreeSet<NaiveDate>>);

/// What everybody's events told of teams, day by day: the events that open a session, as for who is active.
pub struct Tellings<'a>(Vec<(&'a str, NaiveDate, &'a Teams)>);

impl<'a> Tellings<'a> {
    pub fn of(week: Week, facts: &'a [Fact]) -> Self {
        let told = of_people(facts, |at| week.all().contains(&week.date_of(at))).filter(|(_, fact)| fact.opens());
        Self(told.map(|(person, fact)| (person, week.date_of(fact.at), &fact.teams)).collect())
    }
}

impl Membership {
    pub fn of(team: &Team, week: Week, tellings: &Tellings<'_>) -> Self {
        let mut days = match &team.people {
            TeamPeople::Roster(roster) => stayed(week, roster),
            TeamPeople::Attribute { key, value } => {
                let mut days = BTreeMap::<String, BTreeSet<NaiveDate>>::new();
                for (person, date, teams) in &tellings.0 {
                    if teams.under(key.as_deref()) == Some(value.trim()) {
                        days.entry((*person).to_owned()).or_default().insert(*date);
                    }
                }
                days
            }
        };
        days.retain(|person, _| !team.exclude.iter().any(|excluded| excluded.as_str() == person));
        Self(days)
    }

    /// Whether `person` was on it at any time of `dates`.
    pub fn holds(&self, person: &str, dates: &Dates) -> bool {
        self.0.get(person).is_some_and(|days| days.range(dates.clone()).next().is_some())
    }
}

fn stayed(week: Week, roster: &Roster) -> BTreeMap<String, BTreeSet<NaiveDate>> {
    let days: Vec<_> = calendar::dates(&week.all())
        .map(|date| (date, week.start_of(date), week.start_of(date.succ_opt().unwrap())))
        .collect();
    let touches = |stay: &Stay, start, end| {
        stay.since.is_none_or(|since| since < end) && stay.until.is_none_or(|until| until > start)
    };
    let of = |stays: &[Stay]| {
        let days = days.iter().filter(|(_, start, end)| stays.iter().any(|stay| touches(stay, *start, *end)));
        days.map(|(date, ..)| *date).collect()
    };
    roster.0.iter().map(|(member, stays)| (member.as_str().to_owned(), of(stays))).collect()
}

/// Teams of every kind among `members`, some of whom left or came up to `end`.
pub fn teams(members: &[MemberEmail], end: DateTime<Utc>, dice: &mut Dice) -> Vec<Team> {
    let team = |name: &str, people, exclude: &[&MemberEmail]| Team {
        name: name.into(),
        people,
        exclude: exclude.iter().map(|member| (*member).clone()).collect(),
    };
    let list = |members: &mut dyn Iterator<Item = &MemberEmail>| TeamPeople::Roster(Roster::of(members.cloned()));
    let attribute =
        |key: Option<&str>, value: &str| TeamPeople::Attribute { key: key.map(str::to_owned), value: value.into() };
    let strangers: Vec<MemberEmail> =
        ["aaron@example.com", "zoe@example.com"].iter().map(|stranger| stranger.parse().unwrap()).collect();
    let service = dice.pick(members);
    let some = dice.next();
    let of_some = |turn: u64| members.iter().enumerate().filter(move |(place, _)| some >> *place & 1 == turn);
    let stays = members.iter().map(|member| (member.clone(), stays(end, dice))).collect();
    vec![
        team("everyone", list(&mut members.iter().chain(&strangers)), &[]),
        team("without a service account", list(&mut members.iter()), &[service]),
        team("some", list(&mut of_some(0).map(|(_, member)| member)), &[]),
        team("some and two", list(&mut of_some(1).map(|(_, member)| member).chain(&members[..2])), &[]),
        team("comers and leavers", TeamPeople::Roster(Roster(stays)), &[]),
        team("one", list(&mut members.iter().take(1)), &[]),
        team("strangers", list(&mut strangers.iter()), &[]),
        team("empty", list(&mut [].iter()), &[]),
        team("all excluded", list(&mut [service].into_iter()), &[service]),
        team("data", attribute(None, "Data"), &[]),
        team("infrastructure", attribute(None, " Infrastructure "), &[service]),
        team("platform", attribute(None, "Platform"), &[]),
        team("payments", attribute(None, "Payments"), &[]),
        team("by department", attribute(Some("department"), "Engineering"), &[]),
        team("by department at last", attribute(None, "Engineering"), &[]),
        team("by another key", attribute(Some("squad"), "Data"), &[]),
        team("of nobody", attribute(None, "Nowhere"), &[]),
    ]
}

/// Always there, come, gone, or both and back again.
fn stays(end: DateTime<Utc>, dice: &mut Dice) -> Vec<Stay> {
    let mut ago = |most: u64| Some(end - TimeDelta::minutes(i64::try_from(dice.below(most * 24 * 60)).unwrap()));
    let (long, late, later) = (ago(45), ago(16), ago(9));
    let (since, until) = (late.min(later), late.max(later));
    match dice.below(5) {
        0 => vec![Stay::ALWAYS],
        1 => vec![Stay { since, until: None }],
        2 => vec![Stay { since: None, until }],
        3 => vec![Stay { since: long.min(since), until: since }, Stay { since: until, until: None }],
        _ => vec![Stay { since, until }],
    }
}
