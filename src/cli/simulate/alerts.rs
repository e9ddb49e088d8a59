//! `recap simulate --alerts`: history judged again day by day, and what would have been sent.

use super::Format;
use crate::{
    cli::{
        Context, Failure, answer_lines,
        source::{self, Source},
        state, weekly,
    },
    config::{Membership, Settings},
    digest::{AlertEvent, AlertState, LOOK_BACK_DAYS, judge},
    model::Roster,
    planner::{Rules, TeamWeekly},
    report::{self, TeamPeople},
    schedule::{date_at, start_of_day},
    warehouse::Warehouse,
};
use chrono::{Datelike, Days, NaiveDate, TimeDelta};
use chrono_tz::Tz;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
};

/// The first year whose days are asked for: time in ClickHouse begins in 1970, and each day is compared with weeks before.
const FIRST_YEAR: i32 = 1971;
/// Days that one set of queries judges; longer spans are asked for in pieces.
const PIECE: Days = Days::new(60);

/// A message that would have been sent.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Sent {
    day: NaiveDate,
    team: String,
    events: Vec<AlertEvent>,
}

/// A team by its name.
type Named<'a> = (&'a String, &'a TeamWeekly);

/// Prints what would have been sent about the days from `from` to `to`, to whoever begins to look on the first.
pub(super) async fn replay(
    context: &Context,
    team: Option<&str>,
    (from, to): (NaiveDate, NaiveDate),
    format: Format,
) -> Result<(), Failure> {
    let settings = &context.settings;
    if from.year() < FIRST_YEAR {
        return Err(Failure::new(format!("`--from {from}` is before {FIRST_YEAR}, and no telemetry is that old"))
            .hint("name a day on which Claude Code was used"));
    }
    let mut by_zone = BTreeMap::<&str, (Tz, Vec<Named<'_>>)>::new();
    let teams = state::teams(context).await?;
    for named in chosen(&teams, team)? {
        let zone = named.1.schedule.zone;
        by_zone.entry(zone.name()).or_insert_with(|| (zone, Vec::new())).1.push(named);
    }
    let mut rosters = rosters(context, by_zone.values().flat_map(|(_, teams)| teams), from).await?;
    let mut spans = Vec::new();
    for (zone, teams) in by_zone.into_values() {
        let last = until(to, date_at(zone, context.clock.now()), from, zone)?;
        spans.push((zone, teams, last));
    }
    let source = Source::open(settings).await?;
    let warehouse = source.warehouse().await?;
    let days: i64 = spans.iter().map(|(_, _, last)| (*last - from).num_days() + 1).sum();
    let bar = bar(days.unsigned_abs());
    let mut sent = Vec::new();
    for (zone, teams, last) in spans {
        sent.extend(judged(settings, &warehouse, zone, &teams, &mut rosters, (from, last), &bar).await?);
    }
    bar.finish_and_clear();
    source.close().await;
    sent.sort_by(|one, other| (one.day, &one.team).cmp(&(other.day, &other.team)));
    if sent.is_empty() {
        let _ = writeln!(std::io::stderr(), "nothing would have been sent");
    }
    answer_lines(sent.iter().map(|sent| match format {
        Format::Text => sent.text(),
        Format::Json => sent.json(),
    }))
}

/// The team that is named, or all.
fn chosen<'a>(rules: &'a Rules, team: Option<&str>) -> Result<Vec<Named<'a>>, Failure> {
    let meant = team.map(|team| weekly::meant(rules.teams.keys(), team));
    let teams = rules.teams.iter().filter(|(name, _)| meant.is_none_or(|meant| meant == Some(name.as_str())));
    let teams: Vec<_> = teams.map(|(name, team)| (name, &team.weekly)).collect();
    if !teams.is_empty() {
        return Ok(teams);
    }
    let names: Vec<_> = rules.teams.keys().map(|name| format!("`{name}`")).collect();
    Err(match team {
        Some(team) if !names.is_empty() => Failure::new(format!("there is no team `{}`", team.escape_debug()))
            .hint(format!("there is {}", names.join(", "))),
        _ => Failure::new("there is no team")
            .hint("add a section `[teams.NAME]` with `members`, or make a team in Slack"),
    })
}

/// The last day to judge: none that is not over.
fn until(to: NaiveDate, today: NaiveDate, from: NaiveDate, zone: Tz) -> Result<NaiveDate, Failure> {
    if today <= from {
        return Err(Failure::new(format!("`--from {from}` is not over: it is {today} in {zone}"))
            .hint("only complete days are judged"));
    }
    let yesterday = today.pred_opt().unwrap_or(today);
    if to > yesterday {
        let _ =
            writeln!(std::io::stderr(), "warning: only complete days are judged, so {yesterday} is the last in {zone}");
    }
    Ok(to.min(yesterday))
}

/// Who is in the teams' user groups, from the store; lists and attributes need none.
async fn rosters<'a>(
    context: &Context,
    teams: impl Iterator<Item = &'a Named<'a>>,
    from: NaiveDate,
) -> Result<BTreeMap<String, Roster>, Failure> {
    let groups = teams.filter(|(_, team)| matches!(team.membership, Membership::Usergroup(_)));
    let groups: BTreeSet<_> = groups.map(|(name, _)| (*name).clone()).collect();
    if groups.is_empty() {
        return Ok(BTreeMap::new());
    }
    let hint = "`recap serve` reads user groups from Slack; until it has, name another team with `--team`";
    let store = state::existing_store(context).await.map_err(|failure| {
        Failure::new(format!("nobody knows who is in a user group: {}", failure.reason())).hint(hint)
    })?;
    let since = from.checked_sub_days(Days::new(LOOK_BACK_DAYS)).unwrap_or(from);
    let since = start_of_day(Tz::UTC, since) - TimeDelta::days(1);
    let rosters = store.rosters(&groups, since).await.map_err(state::explained)?;
    match groups.iter().find(|name| !rosters.contains_key(*name)) {
        Some(name) => {
            Err(Failure::new(format!("nobody knows yet who is in the user group of team `{name}`")).hint(hint))
        }
        None => Ok(rosters),
    }
}

/// Judges the days from `first` to `last` of teams of one zone, in pieces.
async fn judged(
    settings: &Settings,
    warehouse: &Warehouse,
    zone: Tz,
    teams: &[Named<'_>],
    rosters: &mut BTreeMap<String, Roster>,
    (first, last): (NaiveDate, NaiveDate),
    bar: &ProgressBar,
) -> Result<Vec<Sent>, Failure> {
    let (mut asked, mut rules) = (Vec::new(), Vec::new());
    for (name, team) in teams {
        // Of every user group somebody knows who is in it, or this place is not reached.
        let Some(people) = TeamPeople::of(&team.membership, rosters.remove(*name)) else { continue };
        asked.push(report::Team { name: (*name).clone(), people, exclude: team.exclude.clone() });
        rules.push(report::alert_rules(settings, name, team.min_active, team.schedule.days_off.clone()));
    }
    let mut states = vec![AlertState::default(); asked.len()];
    let mut sent = Vec::new();
    for (first, last) in pieces(first, last) {
        let days = report::alert_days(warehouse, zone, (first, last), &asked).await.map_err(source::explained)?;
        for day in first.iter_days().take_while(|day| *day <= last) {
            for (place, team) in asked.iter().enumerate() {
                let state = std::mem::take(&mut states[place]);
                let (state, events) = judge(state, &days[place], day, &rules[place]);
                states[place] = state;
                if !events.is_empty() {
                    sent.push(Sent { day, team: team.name.clone(), events });
                }
            }
            bar.inc(1);
        }
    }
    Ok(sent)
}

/// The days from `first` to `last` in pieces, each by its first and last day.
fn pieces(first: NaiveDate, last: NaiveDate) -> impl Iterator<Item = (NaiveDate, NaiveDate)> {
    let starts = std::iter::successors(Some(first), |start| start.checked_add_days(PIECE));
    starts.take_while(move |start| *start <= last).map(move |start| {
        let end = start.checked_add_days(PIECE).and_then(|next| next.pred_opt());
        (start, end.unwrap_or(last).min(last))
    })
}

/// Drawn on stderr, and only where that is a terminal.
fn bar(days: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(days), ProgressDrawTarget::stderr());
    ProgressStyle::with_template("{bar:30} {human_pos} of {human_len} days, {eta} left")
        .map(|style| bar.clone().with_style(style))
        .unwrap_or(bar)
}

impl Sent {
    fn words(&self) -> Vec<String> {
        self.events.iter().map(|event| event.line().words).collect()
    }

    fn text(&self) -> String {
        format!("{}  {}  {}", self.day, self.team, self.words().join("; "))
    }

    fn json(&self) -> String {
        serde_json::json!({"day": self.day, "team": self.team, "alerts": self.words()}).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::What;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn settings() -> Settings {
        let variables = [("RECAP__TEAMS__PLATFORM__MEMBERS", "ada@example.com"), ("RECAP__TEAMS__DESIGN__ZONE", "UTC")];
        Settings::load(None, variables.map(|(name, value)| (name.to_owned(), value.to_owned()))).unwrap()
    }

    #[test]
    fn a_message_is_a_line_with_its_day_and_team() {
        let day = date("2026-03-11");
        let skill = What::NewSkill { name: "fix".to_owned(), members: 2 };
        let spike = What::CostSpike { cost_nanos: 84_200_000_000, usual: Some(31_000_000_000), implausible: 0 };
        let events = [spike, skill].map(|what| AlertEvent { day, what }).to_vec();
        let sent = Sent { day, team: "platform".to_owned(), events };
        assert_eq!(
            sent.text(),
            "2026-03-11  platform  cost spike on Wed, Mar 11: estimated $84.20, usually $31.00; new skill on Wed, Mar 11, \
             used by 2 members: /fix"
        );
        assert_eq!(
            sent.json(),
            r#"{"day":"2026-03-11","team":"platform","alerts":["cost spike on Wed, Mar 11: estimated $84.20, usually $31.00","new skill on Wed, Mar 11, used by 2 members: /fix"]}"#
        );
    }

    #[test]
    fn a_long_span_is_asked_for_in_pieces_that_hold_each_day_once() {
        for (last, expected) in [("2026-01-01", 1), ("2026-03-01", 1), ("2026-03-02", 2), ("2026-12-31", 7)] {
            let (first, last) = (date("2026-01-01"), date(last));
            let pieces: Vec<_> = pieces(first, last).collect();
            assert_eq!(pieces.len(), expected, "{last}");
            assert_eq!((pieces[0].0, pieces[expected - 1].1), (first, last));
            assert!(pieces.iter().all(|(first, last)| first <= last && (*last - *first).num_days() < 60));
            assert!(pieces.is_sorted_by(|one, next| one.1.succ_opt() == Some(next.0)));
        }
    }

    #[test]
    fn a_day_that_is_not_over_is_not_judged() {
        let until = |to: &str, today: &str| until(date(to), date(today), date("2026-03-10"), Tz::UTC);
        assert_eq!(until("2026-03-12", "2026-03-14").unwrap(), date("2026-03-12"));
        assert_eq!(until("2026-03-12", "2026-03-12").unwrap(), date("2026-03-11"));
        assert_eq!(until("2026-03-12", "2026-03-11").unwrap(), date("2026-03-10"));
        assert_eq!(
            until("2026-03-12", "2026-03-10").unwrap_err().reason(),
            "`--from 2026-03-10` is not over: it is 2026-03-10 in UTC"
        );
    }

    #[test]
    fn a_team_is_chosen_by_its_name() {
        let rules = Rules::of_file(&settings());
        let names = |team| chosen(&rules, team).map(|teams| teams.into_iter().map(|(name, _)| name.as_str()).collect());
        assert_eq!(names(None).unwrap(), vec!["design", "platform"]);
        assert_eq!(names(Some("platform")).unwrap(), vec!["platform"]);
        let refused: Result<Vec<&str>, _> = names(Some("Platfrom"));
        let refused = refused.unwrap_err();
        assert_eq!(refused.reason(), "there is no team `Platfrom`");
        assert_eq!(refused.advice(), Some("there is `design`, `platform`"));
    }
}
