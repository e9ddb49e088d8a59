//! What admins and owners see in App Home: their teams, personal digests, and whose usage matched nobody.

use super::{
    actor, log_admin,
    mine::{at, turning_off},
};
use crate::{
    admin::{self, TeamOverview, Unmatched, WorkspaceOverview},
    digest::reasons,
    interaction::view::{actions, button, context, divider, header, section, valued},
    message::figures::{foreign, full},
    store::MemberRecord,
    workspace::Workspace,
};
use chrono_tz::Tz;
use serde_json::Value;

/// So many teams are shown; the others are looked for by name.
const MOST_TEAMS: usize = 20;
/// So many of those whom nobody in Slack matched are named.
const MOST_UNMATCHED: usize = 10;

#[derive(Debug, Clone, Default)]
pub(super) struct Administered {
    pub admin: bool,
    /// For admins.
    pub daily: Option<WorkspaceOverview>,
    pub teams: Vec<TeamOverview>,
    /// For admins: the first ones, and how many there are.
    pub unmatched: Option<(Vec<Unmatched>, u64)>,
}

/// What the member may decide about; nothing where that cannot be found out.
pub(super) async fn of(workspace: &Workspace, member: &MemberRecord) -> Administered {
    let actor = actor(member);
    let rights = match admin::rights(workspace, &actor).await {
        Ok(rights) if rights.admin || !rights.owns.is_empty() => rights,
        Ok(_) => return Administered::default(),
        Err(error) => {
            log_admin(&error);
            return Administered::default();
        }
    };
    let teams = admin::team_overview(workspace, &actor).await.inspect_err(log_admin).unwrap_or_default();
    let (mut daily, mut unmatched) = (None, None);
    if rights.admin {
        daily = admin::overview(workspace).await.inspect_err(log_admin).ok();
        unmatched = admin::unmatched(workspace).await.inspect_err(log_admin).ok();
    }
    Administered { admin: rights.admin, daily, teams, unmatched }
}

impl Administered {
    pub(super) fn blocks(&self, zone: Tz) -> Vec<Value> {
        if !self.admin && self.teams.is_empty() {
            return Vec::new();
        }
        let mut blocks = vec![divider()];
        blocks.extend(self.daily.iter().flat_map(|daily| of_daily(daily, zone)));
        blocks.push(header("Teams"));
        if self.teams.is_empty() {
            blocks.push(section("There is no team yet. A team gets one summary a week, in its channel."));
        }
        blocks.extend(self.teams.iter().take(MOST_TEAMS).enumerate().flat_map(|(index, team)| of_team(index, team)));
        blocks.extend(self.buttons());
        if let Some((unmatched, count)) = &self.unmatched {
            blocks.extend(of_unmatched(unmatched, *count));
        }
        blocks
    }

    /// What is beyond one team.
    fn buttons(&self) -> Vec<Value> {
        let more = self.teams.len().saturating_sub(MOST_TEAMS);
        let mut blocks = Vec::new();
        let mut buttons = Vec::new();
        if more > 0 {
            blocks.push(context(&format!("and {} more", full(more as u64))));
            buttons.push(button("home_teams", "Find a team"));
        }
        if self.admin {
            buttons.push(button("home_add_team", "Add a team"));
        }
        buttons.push(button("home_invite", "Invite a channel"));
        blocks.push(actions(buttons));
        blocks
    }
}

fn of_daily(daily: &WorkspaceOverview, zone: Tz) -> Vec<Value> {
    let stands = if daily.enabled {
        format!("Enabled, with {} subscribed.", full(daily.subscribed))
    } else {
        "Not enabled: nobody gets one. They can be enabled after a look at the preview.".to_owned()
    };
    let next = daily.next.filter(|_| daily.enabled).map(|next| format!("The next one comes {}.", at(next, zone)));
    let halted = daily.halted.then(|| "Sending is halted.".to_owned());
    let stopped = daily.stopped.as_ref().map(|code| format!("Nothing is sent: {}.", reasons::reason_in_words(code)));
    let words: Vec<_> = [Some(stands), next, halted, stopped].into_iter().flatten().collect();
    let mut buttons = vec![button("home_daily", "Edit"), button("home_daily_preview", "Preview")];
    if daily.enabled {
        buttons.push(turning_off(
            "home_daily_off",
            "Turn off",
            "Nobody gets a daily digest any more until an admin enables \
             them again.",
        ));
    }
    vec![header("Personal digests, for everybody"), section(&words.join(" ")), actions(buttons)]
}

fn of_team(index: usize, team: &TeamOverview) -> [Value; 2] {
    let name = team.name.as_str();
    [
        section(&format!("{}\n{}", foreign(name), status(team))),
        actions(vec![
            valued(button(&format!("home_team_{index}"), "Edit"), name),
            valued(button(&format!("home_preview_{index}"), "Preview"), name),
        ]),
    ]
}

/// `#platform · Mondays 09:00 (Europe/Berlin) · 14 people · enabled, next Mon, Jan 20 at 09:00 (Europe/Berlin)`: all in the
/// team's own zone, whoever looks.
pub(in crate::interaction) fn status(team: &TeamOverview) -> String {
    let schedule = &team.weekly.schedule;
    let channel = match (&team.weekly.channel, &team.channel_name) {
        (None, _) => "no channel".to_owned(),
        (Some(_), Some(name)) => format!("#{}", foreign(name)),
        (Some(channel), None) => foreign(&channel.0),
    };
    let when = format!("{} {} ({})", schedule.day, schedule.time, schedule.zone.name().replace('_', " "));
    let people = team.members.map(|members| match members {
        1 => "1 person".to_owned(),
        members => format!("{} people", full(members as u64)),
    });
    let stands = match (team.weekly.enabled_at, team.next.first()) {
        (None, _) => "not enabled".to_owned(),
        (Some(_), Some(next)) => format!("enabled, next {}", at(*next, schedule.zone)),
        (Some(_), None) => "enabled".to_owned(),
    };
    let last =
        team.last.as_ref().map(|last| format!("last one {}", reasons::explain(&last.state, last.reason.as_deref())));
    let parts = [Some(channel), Some(when), people, Some(stands), last];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn of_unmatched(unmatched: &[Unmatched], count: u64) -> Vec<Value> {
    if count == 0 {
        return Vec::new();
    }
    let named: Vec<_> = unmatched
        .iter()
        .take(MOST_UNMATCHED)
        .map(|one| format!("{} ({})", foreign(&one.who), full(one.sessions)))
        .collect();
    let more = count.saturating_sub(named.len() as u64);
    let more = if more > 0 { format!("\nand {} more", full(more)) } else { String::new() };
    vec![
        header("Usage that matched nobody in Slack"),
        section(&format!("{}{more}", named.join("\n"))),
        context("Sessions of the last 30 days. An alias in the settings joins another address to a person."),
    ]
}
