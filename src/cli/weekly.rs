//! What `preview weekly` and `send weekly` share: one team's summary through the real path.

use super::{Context, Failure, daily, source::Source, state};
use crate::{
    config::{Membership, nearest, team_key},
    daemon::TeamLists,
    message::Message,
    model::ChannelId,
    planner::{Rules, TeamWeekly},
    schedule::{WeeklyWindow, date_at},
    slack::{Client, sync_directory},
    store::Store,
    team::{Summaries, SummaryError},
};
use chrono::{Datelike, IsoWeek, NaiveDate, Weekday};
use std::sync::Arc;

/// The first year whose weeks are asked for: time in ClickHouse begins in 1970, and a summary looks weeks back.
const FIRST_YEAR: i32 = 1971;

/// Reads `2026-W37`.
pub fn week(text: &str) -> Result<IsoWeek, String> {
    let wrong = || "a week is written as 2026-W37".to_owned();
    let (year, week) = text.trim().split_once("-W").or_else(|| text.trim().split_once("-w")).ok_or_else(wrong)?;
    let well_formed = year.len() == 4 && week.len() == 2;
    let (year, number) = (year.parse::<i32>().map_err(|_| wrong())?, week.parse::<u32>().map_err(|_| wrong())?);
    if !well_formed || year < FIRST_YEAR {
        return Err(wrong());
    }
    let monday = NaiveDate::from_isoywd_opt(year, number, Weekday::Mon);
    monday.map(|monday| monday.iso_week()).ok_or_else(|| format!("the year {year} has no week {number}"))
}

/// The name that is meant: as in Slack, capitals and spaces make no other one.
pub fn meant<'a>(names: impl Iterator<Item = &'a String> + Clone, wanted: &str) -> Option<&'a str> {
    let exact = names.clone().find(|name| *name == wanted);
    let key = team_key(wanted);
    exact.or_else(|| names.into_iter().find(|name| team_key(name) == key)).map(String::as_str)
}

/// The team that is meant, of the settings or made in Slack or through the API, by its own name.
pub async fn team(context: &Context, wanted: &str) -> Result<(String, TeamWeekly), Failure> {
    // Before there is a bot token, the settings are enough to see a summary of one of theirs.
    let by_file = context.settings.slack.bot_token.is_none() && meant(context.settings.teams.keys(), wanted).is_some();
    let mut rules = if by_file { Rules::of_file(&context.settings) } else { state::teams(context).await? };
    let name = meant(rules.teams.keys(), wanted).map(str::to_owned);
    if let Some((name, team)) = name.and_then(|name| rules.teams.remove_entry(&name)) {
        return Ok((name, team.weekly));
    }
    let failure = Failure::new(format!("there is no team `{}`", wanted.escape_debug()));
    Err(match nearest(wanted, rules.teams.keys().map(String::as_str)) {
        Some(nearest) => failure.hint(format!("did you mean `{nearest}`?")),
        None if rules.teams.is_empty() => failure.hint(
            "add `[teams.NAME]` with its `members` and `channel` (`recap default-config` shows how), or make a team in Slack",
        ),
        None => {
            let names: Vec<_> = rules.teams.keys().take(10).map(|name| format!("`{name}`")).collect();
            failure.hint(format!("the teams are {}", names.join(", ")))
        }
    })
}

/// The window of `week`, or of the last week that is over, in the team's zone.
pub fn window(context: &Context, team: &TeamWeekly, week: Option<IsoWeek>) -> Result<WeeklyWindow, Failure> {
    let zone = team.schedule.zone;
    let now = context.clock.now();
    let Some(week) = week else { return Ok(WeeklyWindow::latest(zone, now)) };
    let today = date_at(zone, now);
    if week > today.iso_week() {
        return Err(Failure::new(format!("`--week {week:?}` is in the future: it is {today} in {zone}"))
            .hint("leave `--week` out for the last week that is over"));
    }
    Ok(WeeklyWindow::of(zone, week))
}

/// The store, which knows who agreed to be named and who was on the team; none before there is a bot token, when a
/// list of the settings is enough to see a summary.
pub async fn store(context: &Context, name: &str, team: &TeamWeekly) -> Result<Option<Store>, Failure> {
    if context.settings.slack.bot_token.is_none() {
        if let Membership::Usergroup(group) = &team.membership {
            return Err(Failure::new(format!(
                "without `slack.bot_token` nobody knows who is in the user group `{group}`"
            ))
            .hint("set `slack.bot_token`, or give the team `members` meanwhile"));
        }
        tracing::warn!("`slack.bot_token` is not set, so nobody is named");
        return Ok(None);
    }
    let store = state::store_of_token(context).await?;
    let now = context.clock.now();
    let client = daily::slack_client(&context.settings)?;
    if store.members_known().await.map_err(state::explained)? == 0 {
        tracing::info!("reading Slack's directory, as no daemon has yet");
        sync_directory(&client, &store, now).await.map_err(anyhow::Error::from)?;
    }
    let lists = TeamLists {
        settings: Arc::new(context.settings.clone()),
        store: store.clone(),
        client,
        clock: context.clock.clone(),
    };
    lists.read_one(name, now).await.map_err(state::explained)?;
    Ok(Some(store))
}

/// Where the team's summary goes, once it is known that it may.
pub async fn channel(
    context: &Context,
    store: Option<&Store>,
    client: &Client,
    name: &str,
) -> Result<ChannelId, Failure> {
    let rules = rules(context, store).await?;
    let weekly = rules.teams.get(name).map(|team| &team.weekly);
    let Some(channel) = weekly.and_then(|weekly: &TeamWeekly| weekly.channel.clone()) else {
        return Err(Failure::new(format!("the team `{name}` has no channel"))
            .hint(format!("set `teams.{name}.channel` to the channel's id, such as C0123456789")));
    };
    let info = client.channel_info(&channel).await.map_err(|error| {
        let hint = error.hint();
        Failure::of(error, hint)
    })?;
    let Some(info) = info else {
        return Err(Failure::new(format!("Slack knows no channel `{channel}` that Recap can see"))
            .hint("check the id; into a private channel Recap must be invited first, with /invite"));
    };
    if info.archived {
        return Err(Failure::new(format!("the channel `{channel}` is archived")).hint("choose another one"));
    }
    if info.shared && !context.settings.weekly.shared_channels {
        return Err(Failure::new(format!(
            "the channel `{channel}` is shared with another workspace, whose people would read the summary"
        ))
        .hint("choose another one, or set `weekly.shared_channels = true`"));
    }
    if !info.member {
        tracing::warn!(
            "Recap is not in the channel {channel}: invite it with /invite, or Slack may refuse the summary"
        );
    }
    Ok(channel)
}

/// One team's summary of `window`.
pub async fn summary(
    context: &Context,
    store: Option<&Store>,
    name: &str,
    window: &WeeklyWindow,
) -> Result<Message, Failure> {
    let templates = daily::templates(&context.settings)?;
    let rules = rules(context, store).await?;
    let source = Source::open(&context.settings).await?;
    let warehouse = source.warehouse().await?;
    let summaries =
        Summaries { store, warehouse: &warehouse, templates: &templates, settings: &context.settings, rules: &rules };
    let made = async {
        let now = context.clock.now();
        let arrivals = if window.reported().end <= now {
            Some(warehouse.arrivals(window.reported().end, now).await?)
        } else {
            None
        };
        summaries.of(window, &[name], arrivals).await
    };
    let made = made.await.map_err(explained);
    source.close().await;
    let summary = made?.remove(name).ok_or_else(|| unread(&rules, name))?;
    if summary.kept.facts.members == 0 {
        tracing::warn!("nobody was on the team in that week");
    }
    summary.message.map_err(|error| {
        Failure::of(error, "`recap template check DIR` shows where in the templates of `messages.templates_dir`")
    })
}

/// Why nobody knows who is on the team `name`.
fn unread(rules: &Rules, name: &str) -> Failure {
    match rules.teams.get(name).map(|team| &team.weekly.membership) {
        Some(Membership::Usergroup(group)) => {
            Failure::new(format!("the user group `{group}` of the team `{name}` could not be read from Slack"))
                .hint("use the group's id (S…), or enable it again in Slack; `recap check` says what is wrong")
        }
        _ => Failure::new(format!("no summary came of the team `{name}`")),
    }
}

async fn rules(context: &Context, store: Option<&Store>) -> Result<Rules, Failure> {
    match store {
        Some(store) => Rules::of(&context.settings, store, context.clock.now()).await.map_err(state::explained),
        None => Ok(Rules::of_file(&context.settings)),
    }
}

fn explained(error: SummaryError) -> Failure {
    match error {
        SummaryError::Store(error) => state::explained(error),
        SummaryError::Warehouse(error) => {
            let hint = error.hint();
            Failure::of(error, hint)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_read_as_iso_8601_writes_it() {
        assert_eq!(week("2026-W37").map(|week| (week.year(), week.week())), Ok((2026, 37)));
        assert_eq!(week(" 2020-w53 ").map(|week| (week.year(), week.week())), Ok((2020, 53)));
        for wrong in
            ["2026-37", "2026W37", "26-W37", "2026-W7", "2026-W00", "2026-W54", "2021-W53", "0001-W01", "x", ""]
        {
            assert!(week(wrong).is_err(), "{wrong}");
        }
    }
}
