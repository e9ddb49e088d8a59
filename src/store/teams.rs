//! Who was on which team when: lists and user groups as they were seen. A leaver's stay ends; what they did stays counted.

use super::{
    Store, StoreError,
    cells::{Cells, micros},
    fault::Fault,
    work::{Sql, Work},
};
use crate::model::{MemberEmail, Roster, Stay};
use chrono::{DateTime, Utc};
use sqlx::any::AnyRow;
use std::collections::{BTreeMap, BTreeSet};

/// What a look at a team's people changed: stays that began, and stays that ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TeamSync {
    pub joined: u64,
    pub left: u64,
}

/// When a stay began that began before anybody looked.
const EVER: i64 = 0;

/// Teams and their people.
type People = BTreeMap<String, BTreeSet<MemberEmail>>;

/// What is written after a look.
#[derive(Default)]
struct Changes<'a> {
    /// Teams never looked at before, or never with people; and whether somebody is on them now.
    seen: Vec<(&'a String, bool)>,
    /// And whether they were on it since ever.
    joiners: Vec<(&'a String, &'a MemberEmail, bool)>,
    leavers: Vec<(&'a String, &'a MemberEmail)>,
}

impl Store {
    /// Brings each team's open stays in step with `members`. A team on which nobody was so far is taken to have had these
    /// people since ever; later ones stay from `now` on, and who is missing stays until `now`. Teams not named in
    /// `teams` are left alone. One transaction; safe to repeat, and to run twice at once.
    pub async fn sync_teams(&self, teams: &People, now: DateTime<Utc>) -> Result<TeamSync, StoreError> {
        if teams.is_empty() {
            return Ok(TeamSync::default());
        }
        self.write(|mut work| async move {
            work.one_at_a_time(self.database().schema(), "teams").await?;
            let known = self.known(&mut work, teams).await?;
            let open = self.open(&mut work, teams).await?;
            let Changes { seen, joiners, leavers } = changes(teams, &known, &open);
            work.run_for(SEEN, &seen, |sql, (team, peopled)| {
                sql.bind(self.workspace()).bind(*team).bind(i64::from(*peopled))
            })
            .await?;
            let joined = work.run_for(JOIN, &joiners, |sql, (team, member, ever)| {
                let since = if *ever { EVER } else { micros(now) };
                sql.bind(self.workspace()).bind(*team).bind(member.as_str()).bind(since)
            });
            let joined = joined.await?;
            let left = work.run_for(LEAVE, &leavers, |sql, (team, member)| {
                sql.bind(self.workspace()).bind(*team).bind(member.as_str()).bind(micros(now))
            });
            let left = left.await?;
            work.done(TeamSync { joined, left }).await
        })
        .await
    }

    /// Forgets who was on `team`: the next look is the first one.
    pub async fn forget_team(&self, team: &str) -> Result<(), StoreError> {
        const FORGET: [&str; 2] = [
            "DELETE FROM stays WHERE workspace_id = $1 AND team = $2",
            "DELETE FROM teams WHERE workspace_id = $1 AND team = $2",
        ];
        self.write(|mut work| async move {
            work.one_at_a_time(self.database().schema(), "teams").await?;
            for forget in FORGET {
                work.run(self.sql(forget).bind(team)).await?;
            }
            work.done(()).await
        })
        .await
    }

    /// Whether anybody was ever on each team that was looked at.
    async fn known(&self, work: &mut Work, teams: &People) -> Result<BTreeMap<String, bool>, Fault> {
        const KNOWN: &str = "SELECT team, peopled FROM teams WHERE workspace_id = $1 AND team BETWEEN $2 AND $3";
        let read = |row: &AnyRow| Ok((row.text("team")?, row.flag("peopled")?));
        Ok(work.each(self.among(KNOWN, teams.keys()), read).await?.into_iter().collect())
    }

    /// Who is on them now.
    async fn open(&self, work: &mut Work, teams: &People) -> Result<People, Fault> {
        const OPEN: &str =
            "SELECT team, email FROM stays WHERE workspace_id = $1 AND team BETWEEN $2 AND $3 AND until IS NULL";
        let read = |row: &AnyRow| Ok((row.text("team")?, row.parsed("email")?));
        let mut open = People::new();
        for (team, email) in work.each(self.among(OPEN, teams.keys()), read).await? {
            open.entry(team).or_default().insert(email);
        }
        Ok(open)
    }

    /// A statement about all from the first to the last of `teams`, which are in order.
    fn among<'a>(&self, text: &'static str, mut teams: impl DoubleEndedIterator<Item = &'a String>) -> Sql {
        let first = teams.next().cloned().unwrap_or_default();
        let last = teams.next_back().cloned().unwrap_or_else(|| first.clone());
        self.sql(text).bind(first).bind(last)
    }

    /// Everybody who was on one of `teams` at `from` or later, each with their stays in order; a team that was never
    /// looked at is absent, one without such people empty. Two queries.
    pub async fn rosters(
        &self,
        teams: &BTreeSet<String>,
        from: DateTime<Utc>,
    ) -> Result<BTreeMap<String, Roster>, StoreError> {
        const SEEN: &str = "SELECT team FROM teams WHERE workspace_id = $1 AND team BETWEEN $2 AND $3";
        if teams.is_empty() {
            return Ok(BTreeMap::new());
        }
        let (seen, stays) = self
            .read(|mut work| async move {
                let seen = work.each(self.among(SEEN, teams.iter()), |row| row.text("team")).await?;
                let sql = self.among(STAYS, teams.iter()).bind(micros(from));
                Ok::<_, Fault>((seen, work.each(sql, stay).await?))
            })
            .await?;
        let seen = seen.into_iter().filter(|team| teams.contains(team));
        let mut rosters: BTreeMap<_, _> = seen.map(|team| (team, Roster::default())).collect();
        for (team, email, stay) in stays {
            if let Some(roster) = rosters.get_mut(&team) {
                roster.0.entry(email).or_default().push(stay);
            }
        }
        Ok(rosters)
    }
}

/// What a look at `teams` changes, where somebody was ever on those that are `known` as such, and is on those `open`.
fn changes<'a>(teams: &'a People, known: &BTreeMap<String, bool>, open: &'a People) -> Changes<'a> {
    let mut changes = Changes::default();
    for (team, members) in teams {
        let (peopled, before) = (known.get(team).copied(), open.get(team));
        if peopled.is_none() || (peopled == Some(false) && !members.is_empty()) {
            changes.seen.push((team, !members.is_empty()));
        }
        let joiners = members.iter().filter(|member| !before.is_some_and(|before| before.contains(*member)));
        changes.joiners.extend(joiners.map(|member| (team, member, peopled != Some(true))));
        let leavers = before.into_iter().flat_map(|before| before.difference(members));
        changes.leavers.extend(leavers.map(|member| (team, member)));
    }
    changes
}

fn stay(row: &AnyRow) -> Result<(String, MemberEmail, Stay), StoreError> {
    let since = if row.number("since")? == EVER { None } else { Some(row.instant("since")?) };
    Ok((row.text("team")?, row.parsed("email")?, Stay { since, until: row.instant_or_null("until")? }))
}

const SEEN: (&str, usize, &str) = (
    "INSERT INTO teams (workspace_id, team, peopled) VALUES",
    3,
    " ON CONFLICT (workspace_id, team) DO UPDATE SET peopled = excluded.peopled",
);

/// Who comes back at the very instant at which they left, or came first, never left.
const JOIN: (&str, usize, &str) = (
    "INSERT INTO stays (workspace_id, team, email, since) VALUES",
    4,
    " ON CONFLICT (workspace_id, team, email, since) DO UPDATE SET until = NULL",
);

/// No stay ends before it begins, whatever a clock says.
pub(super) const LEAVE: (&str, usize, &str) = (
    "WITH gone (workspace_id, team, email, at) AS (VALUES",
    4,
    ") UPDATE stays SET until = CASE WHEN stays.since > gone.at THEN stays.since ELSE gone.at END FROM gone
    WHERE stays.workspace_id = gone.workspace_id AND stays.team = gone.team AND stays.email = gone.email
        AND stays.until IS NULL",
);

pub(super) const STAYS: &str = "SELECT team, email, since, until FROM stays
    WHERE workspace_id = $1 AND team BETWEEN $2 AND $3 AND (until IS NULL OR (until > $4 AND until > since))
    ORDER BY team, email, since";
