//! The weekly summaries of 500 teams against their bare queries, and how many queries they take.

use super::{
    figures::{self, Figure, RUNS},
    parts,
};
use recap::{
    config,
    digest::{Names, TeamSections, WeeklyOptions},
    message::Templates,
    model::{MemberEmail, Roster},
    report::{Team, TeamPeople, weekly, weekly_facts},
    schedule::WeeklyWindow,
    warehouse::{People, Warehouse, embedded::Access},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    path::Path,
    time::Duration,
};

pub const TEAMS: usize = 500;
/// Every fifth team is one by telemetry, the first among them, so that one team asks what all do.
const EVERY_TAGGED: usize = 5;
/// Members of a list who are on the next list too.
const OVERLAP: usize = 3;
/// Numbers of teams whose queries are counted.
const COUNTED: [&str; 3] = ["teams-asked-1", "teams-asked-50", "teams-asked-500"];
/// As the sample names teams: so many names, then the same with a number.
const NAMES: [&str; 8] = ["Platform", "Payments", "Mobile", "Data", "Infrastructure", "Growth", "Search", "Design"];
/// The sections of the defaults.
const SECTIONS: TeamSections = TeamSections { models: false, ..TeamSections::ALL };
const LIMIT: f64 = 2.0;
/// The server writes its log every second.
const UNTIL_LOGGED: Duration = Duration::from_millis(200);

/// What was measured.
pub struct Report {
    plain: Figure,
    queries: Figure,
    summaries: Figure,
    /// Queries of 1, 50 and 500 teams.
    asked: [f64; 3],
}

impl Report {
    /// Runs each part in turn, several times.
    pub fn measure(access: &Access, folder: &Path, members: u32) -> Self {
        let mut runs = [Vec::new(), Vec::new(), Vec::new()];
        for run in 1..=RUNS {
            figures::say(&format!("teams, run {run} of {RUNS}"));
            for (name, runs) in ["teams-plain", "teams-queries", "teams"].into_iter().zip(&mut runs) {
                runs.push(figures::part(name, access, folder, members).0);
            }
        }
        let [plain, queries, summaries] = runs.map(|runs| figures::median(&runs));
        let asked = COUNTED.map(|name| figures::part(name, access, folder, members).1);
        Self { plain, queries, summaries, asked }
    }

    fn ratio(&self) -> f64 {
        self.summaries.seconds / self.queries.seconds
    }

    fn same_number(&self) -> bool {
        self.asked.iter().all(|asked| *asked > 0.0 && (asked - self.asked[0]).abs() < 0.5)
    }

    /// Whether every limit is kept.
    pub fn holds(&self) -> bool {
        self.ratio() <= LIMIT && self.same_number()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "\n{TEAMS} teams, the last two weeks; medians of {RUNS} runs\n")?;
        let lines = [
            ("plain GROUP BY, sessions, cost and tokens", self.plain),
            ("bare queries: team values, activity, skills", self.queries),
            ("summaries computed, rendered and linted", self.summaries),
        ];
        for (what, figure) in lines {
            writeln!(formatter, "{what:48} {:8.3} s {:8.1} MiB", figure.seconds, figure.peak_mib)?;
        }
        let verdict = |holds| if holds { "holds" } else { "MISSED" };
        let ratio = self.ratio();
        writeln!(
            formatter,
            "\n{:56} {ratio:9.2}   limit {LIMIT:6.1}   {}",
            "summaries computed, rendered and linted / bare queries",
            verdict(ratio <= LIMIT)
        )?;
        let plain = self.queries.seconds / self.plain.seconds;
        writeln!(formatter, "{:56} {plain:9.2}", "bare queries of teams / plain GROUP BY")?;
        let [one, fifty, all] = self.asked;
        writeln!(
            formatter,
            "{:56} {one}, {fifty}, {all}   {}",
            "queries for 1, 50 and 500 teams",
            verdict(self.same_number())
        )
    }
}

/// The last whole week before the sample's end.
pub fn window() -> WeeklyWindow {
    WeeklyWindow::latest(chrono_tz::Europe::Berlin, parts::end())
}

/// The first `count` of the teams, which have everybody on a list and some by telemetry as well.
fn first_teams(file: &str, count: usize) -> Vec<Team> {
    let addresses: Vec<MemberEmail> = parts::addresses(file).collect();
    let lists = TEAMS - TEAMS.div_ceil(EVERY_TAGGED);
    let size = addresses.len().div_ceil(lists);
    let team = |place: usize| {
        let (tagged, list) = (place / EVERY_TAGGED, place - place.div_ceil(EVERY_TAGGED));
        let people = if place.is_multiple_of(EVERY_TAGGED) {
            TeamPeople::Attribute { key: None, value: told(tagged) }
        } else {
            TeamPeople::Roster(Roster::of(addresses.iter().skip(list * size).take(size + OVERLAP).cloned()))
        };
        Team { name: format!("team {place}"), people, exclude: BTreeSet::new() }
    };
    (0..count).map(team).collect()
}

/// The `place`th value that the sample writes.
fn told(place: usize) -> String {
    let name = NAMES[place % NAMES.len()];
    match place / NAMES.len() {
        0 => name.to_owned(),
        number => format!("{name} {}", number + 1),
    }
}

/// The same questions, their answers read to the end and thrown away.
pub async fn queries(warehouse: &Warehouse, file: &str) -> u64 {
    let (window, addresses) = (window(), parts::addresses(file).collect::<Vec<_>>());
    let people = People::of(&addresses);
    let membership = window.membership();
    let values = parts::drain(warehouse.team_values(&membership, &BTreeSet::new()).await.expect("an answer")).await;
    let (activity, skills) = (window.activity(), window.skills());
    let activity = async { parts::drain(warehouse.activity_in(&activity, &people, false).await.expect("rows")).await };
    let skills = async { parts::drain(warehouse.skills_in(&skills, &people).await.expect("rows")).await };
    let (activity, skills) = tokio::join!(activity, skills);
    assert!(values > 0 && activity > 0 && skills > 0, "{values}, {activity}, {skills}");
    values + activity + skills
}

/// The summaries of `count` teams, rendered and linted.
pub async fn summaries(warehouse: &Warehouse, file: &str, count: usize) -> u64 {
    let (templates, window, teams) = (Templates::embedded(), window(), first_teams(file, count));
    let weeks = weekly_facts(warehouse, &window, &teams, SECTIONS.models).await.expect("answers");
    let mut made = 0;
    for (team, facts) in teams.into_iter().zip(weeks) {
        // Every other one agreed to be named.
        let agreed = facts.winners().filter(|member| member.as_str().len().is_multiple_of(2));
        let names: BTreeMap<_, _> = agreed.map(|member| (member.clone(), "Anna Weber".to_owned())).collect();
        let options =
            WeeklyOptions { team: team.name, sections: SECTIONS, min_active: 3, data_to: None, alerts: Vec::new() };
        let message = weekly(&templates, &window, &facts, &Names(names), &options).expect("a message");
        assert!(!message.text.is_empty());
        made += 1;
    }
    made
}

/// How many queries the summaries of `count` teams take, by the server's own log.
pub async fn asked(warehouse: &Warehouse, url: &str, settings: &config::ClickHouse, file: &str, count: usize) -> u64 {
    let client = parts::client(url, settings);
    let before = logged(&client, &settings.database).await;
    summaries(warehouse, file, count).await;
    // One of them is the mark.
    logged(&client, &settings.database).await - before - 1
}

/// How many queries about `database` there were, the last of them a mark whose arrival says that the log has all.
async fn logged(client: &clickhouse::Client, database: &str) -> u64 {
    let mark = format!("mark_{}", recap::clock::Clock::system().now().timestamp_micros());
    client.query(&format!("SELECT 0 AS {mark} FROM otel_logs LIMIT 1")).execute().await.expect("a mark");
    loop {
        let logged = client
            .query_raw(
                "SELECT count(), countIf(position(query, {mark:String}) > 0) FROM system.query_log
                 WHERE type = 'QueryFinish' AND query_kind = 'Select' AND has(databases, {database:String})",
            )
            .param("mark", &mark)
            .param("database", database);
        // The table is not there before the first line.
        let (queries, marks) = logged.fetch_one::<(u64, u64)>().await.unwrap_or_default();
        if marks > 0 {
            return queries;
        }
        tokio::time::sleep(UNTIL_LOGGED).await;
    }
}
