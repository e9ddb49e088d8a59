//! What `recap check` finds out about teams: whether their channels take a summary, and who is on them.

use super::{
    directory::{Directory, Match},
    line::Line,
};
use crate::{
    config::{Membership, Settings},
    model::{ChannelId, MemberEmail, MemberId},
    planner::{self, Rules, TeamWeekly},
    slack::{ChannelInfo, Client, SlackError},
};
use std::{collections::BTreeMap, time::Duration};

const CHECK: &str = "team";
/// So many teams are looked at, the rest counted.
const MOST_TEAMS: usize = 50;
/// So many unmatched addresses of a team are named, and no more of each.
const NAMED: usize = 3;
const LONGEST: usize = 80;
/// For how long the pauses that Slack asks for are kept, all together.
const PATIENCE: Duration = Duration::from_mins(1);

/// One line for each team.
pub async fn look(client: &Client, settings: &Settings, rules: &Rules, directory: Option<&Directory>) -> Vec<Line> {
    let mut asked = Asked { client, patience: PATIENCE, channels: BTreeMap::new(), groups: BTreeMap::new() };
    let mut lines: Vec<_> = planner::twins(rules.teams.keys()).into_iter().map(twins).collect();
    for (place, (name, team)) in rules.teams.iter().take(MOST_TEAMS).enumerate() {
        let (mut finding, team) = (Finding::default(), &team.weekly);
        let told = async {
            asked.people(team, directory, &mut finding).await?;
            asked.channel(team, settings.weekly.shared_channels, &mut finding).await
        };
        let told: Result<(), SlackError> = told.await;
        match told {
            Ok(()) => lines.push(finding.line(name)),
            Err(error) => {
                lines.push(Line::warning(CHECK, format!("`{name}`: {error}"), error.hint()));
                if matches!(error, SlackError::Later { .. } | SlackError::Unreadable { .. }) {
                    // What does not answer once is not waited for fifty times.
                    lines.extend(not_looked_at(rules.teams.len() - place - 1));
                    return lines;
                }
            }
        }
    }
    lines.extend(not_looked_at(rules.teams.len().saturating_sub(MOST_TEAMS)));
    lines
}

fn twins((one, other): (&str, &str)) -> Line {
    Line::warning(
        CHECK,
        format!("`{one}` and `{other}` are two teams whose names people cannot tell apart"),
        "give the one in the settings file another name, or remove the one that was made in Slack or on the page",
    )
}

/// That no team can be looked at, where there are any.
pub fn skipped(settings: &Settings, reason: &str) -> Option<Line> {
    (!settings.teams.is_empty()).then(|| Line::skipped(CHECK, reason))
}

fn not_looked_at(teams: usize) -> Option<Line> {
    match teams {
        0 => None,
        1 => Some(Line::ok("teams", "and 1 more was not looked at")),
        teams => Some(Line::ok("teams", format!("and {teams} more were not looked at"))),
    }
}

/// What is known of one team so far.
#[derive(Debug, Default)]
struct Finding {
    told: Vec<String>,
    hints: Vec<&'static str>,
}

impl Finding {
    fn tell(&mut self, told: impl Into<String>) {
        self.told.push(told.into());
    }

    fn warn(&mut self, told: impl Into<String>, hint: &'static str) {
        self.told.push(told.into());
        self.hints.push(hint);
    }

    fn line(&self, name: &str) -> Line {
        let told = format!("`{name}`: {}", self.told.join("; "));
        if self.hints.is_empty() { Line::ok(CHECK, told) } else { Line::warning(CHECK, told, self.hints.join("; ")) }
    }

    /// Who of the `whole` list is in Slack.
    fn count(&mut self, whole: usize, known: usize, strangers: &[&MemberEmail]) {
        let told = format!("{known} of {} in Slack", members(whole));
        if strangers.is_empty() {
            return self.tell(told);
        }
        let named = strangers.iter().take(NAMED).map(|email| email.as_str().chars().take(LONGEST).collect::<String>());
        let named = named.collect::<Vec<_>>().join(", ");
        let more = match strangers.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        self.warn(
            format!("{told}, not active there: {named}{more}"),
            "use the addresses that they have in Slack, or take who left off the list",
        );
    }

    fn channel(&mut self, channel: &ChannelInfo, shared_is_fine: bool) {
        let name = &channel.name;
        if channel.archived {
            self.warn(format!("its channel `#{name}` is archived"), "unarchive the channel or choose another one");
        } else if !channel.member {
            self.warn(
                format!("Recap is not in its channel `#{name}`"),
                "invite Recap to the channel: write `/invite @Recap` there",
            );
        } else {
            self.tell(format!("posts to `#{name}`"));
        }
        match (channel.shared, shared_is_fine) {
            (false, _) => {}
            (true, true) => self.tell("which another workspace shares, as the settings allow"),
            (true, false) => self.warn(
                "another workspace shares the channel, so no summary goes there",
                "choose a channel of this workspace alone, or set `weekly.shared_channels = true`",
            ),
        }
    }
}

fn members(count: usize) -> String {
    if count == 1 { "1 member".to_owned() } else { format!("{count} members") }
}

/// What was asked about so far, each channel and each user group once.
struct Asked<'a> {
    client: &'a Client,
    /// What is left for pauses.
    patience: Duration,
    channels: BTreeMap<ChannelId, Option<ChannelInfo>>,
    groups: BTreeMap<String, Option<Vec<MemberId>>>,
}

impl Asked<'_> {
    async fn channel(
        &mut self,
        team: &TeamWeekly,
        shared_is_fine: bool,
        finding: &mut Finding,
    ) -> Result<(), SlackError> {
        let Some(id) = &team.channel else {
            if team.enabled_at.is_some() {
                finding.warn("its summary has no channel", "set the `channel` of the team");
            } else {
                finding.tell("its summary is not enabled");
            }
            return Ok(());
        };
        if !self.channels.contains_key(id) {
            let client = self.client;
            let found = self.patiently(async || client.channel_info(id).await).await?;
            self.channels.insert(id.clone(), found);
        }
        match self.channels.get(id).and_then(Option::as_ref) {
            Some(channel) => finding.channel(channel, shared_is_fine),
            None => finding.warn(
                format!("there is no channel `{id}` that Recap can see"),
                "use the channel's id (C…), and invite Recap to a private one: write `/invite @Recap` there",
            ),
        }
        Ok(())
    }

    async fn people(
        &mut self,
        team: &TeamWeekly,
        directory: Option<&Directory>,
        finding: &mut Finding,
    ) -> Result<(), SlackError> {
        match &team.membership {
            Membership::Attribute { value, .. } => {
                finding.tell(format!("its members are told by telemetry (`{value}`)"));
            }
            Membership::Members(listed) => {
                let listed: Vec<_> = listed.iter().filter(|email| !team.exclude.contains(email)).collect();
                let Some(directory) = directory.filter(|_| !listed.is_empty()) else {
                    none_or(listed.len(), finding);
                    return Ok(());
                };
                let is_known = |email: &&&MemberEmail| directory.find(email.as_str()) == Match::Active;
                let (known, strangers): (Vec<_>, Vec<_>) = listed.iter().copied().partition(|email| is_known(&email));
                finding.count(listed.len(), known.len(), &strangers);
            }
            Membership::Usergroup(group) => self.group(group, directory, finding).await?,
        }
        Ok(())
    }

    async fn group(
        &mut self,
        group: &str,
        directory: Option<&Directory>,
        finding: &mut Finding,
    ) -> Result<(), SlackError> {
        if !self.groups.contains_key(group) {
            let client = self.client;
            let found = self.patiently(async || client.usergroup_members(group).await).await?;
            self.groups.insert(group.to_owned(), found);
        }
        let Some(ids) = self.groups.get(group).and_then(Option::as_ref) else {
            finding.warn(
                format!("there is no user group `{group}`"),
                "use the group's id (S…), or enable it again in Slack",
            );
            return Ok(());
        };
        match directory.filter(|_| !ids.is_empty()) {
            None => none_or(ids.len(), finding),
            Some(directory) => {
                let known = ids.iter().filter(|id| directory.knows(id)).count();
                let told = format!("{} of its user group, {known} of them active with an address", members(ids.len()));
                if known == 0 {
                    finding.warn(told, "put people with an e-mail address on the user group");
                } else {
                    finding.tell(told);
                }
            }
        }
        Ok(())
    }

    /// Asks again after the pauses that Slack asks for, as long as there is patience left.
    async fn patiently<T>(&mut self, ask: impl AsyncFn() -> Result<T, SlackError>) -> Result<T, SlackError> {
        loop {
            match ask().await {
                Err(SlackError::Later { retry_after: Some(pause), limited: true, .. })
                    if pause <= self.patience && !pause.is_zero() =>
                {
                    self.patience -= pause;
                    tokio::time::sleep(pause).await;
                }
                outcome => return outcome,
            }
        }
    }
}

/// A list that nobody is on, or that cannot be compared with the directory.
fn none_or(count: usize, finding: &mut Finding) {
    match count {
        0 => finding.warn("it has no members", "put somebody on the team, or remove it from the settings"),
        count => finding.tell(members(count)),
    }
}
