//! An office that knows two teams and a few deliveries, and refuses what a test tells it to.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use recap::{
    admin::{
        Actor, AdminError, Change, Configured, FieldFault, Invitation, Names, Preview, Report, Scope, Subject,
        TeamOverview, Triggered, Unmatched, WorkspaceOverview,
    },
    config::{Membership, TeamSection},
    http::{LedgerPage, Office},
    message::{Message, Templates, check::samples_of},
    model::{ChannelId, DeliveryId, LocalTime, MemberEmail, Weekdays, parse_zone},
    planner::TeamWeekly,
    schedule::WeeklySchedule,
    store::{AttemptRecord, DeliveryRecord},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard},
};

/// Cheap to clone; copies are one office.
#[derive(Clone, Default)]
pub struct PlayedOffice(Arc<Mutex<State>>);

#[derive(Default)]
pub struct State {
    /// Every change that was asked for, with who asked.
    pub changes: Vec<(Actor, Change)>,
    pub triggered: Vec<(Subject, Option<String>)>,
    pub invited: Vec<ChannelId>,
    pub removed: Vec<String>,
    pub pages: Vec<LedgerPage>,
    pub enabled: bool,
    pub previewed: BTreeSet<(String, Report, Scope)>,
    /// The next call is refused with this.
    pub refuse: Option<AdminError>,
    pub halted: bool,
    keys: BTreeMap<String, (Subject, DeliveryId)>,
    teams: BTreeSet<String>,
}

pub fn now() -> DateTime<Utc> {
    "2026-09-14T08:00:00Z".parse().unwrap()
}

fn email(text: &str) -> MemberEmail {
    MemberEmail::parse(text).unwrap()
}

/// What foreign text may hold.
pub const EVIL: &str = "<script>alert(1)</script>\"&'";

impl PlayedOffice {
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    pub fn refuse(&self, error: AdminError) {
        self.state().refuse = Some(error);
    }

    fn refused(&self) -> Result<(), AdminError> {
        self.state().refuse.take().map_or(Ok(()), Err)
    }
}

pub fn message(name: &str, sample: &str) -> Message {
    let samples = samples_of(name);
    let (_, context) = samples.into_iter().find(|(found, _)| *found == sample).unwrap();
    Templates::embedded().render(name, &context).unwrap()
}

/// The `number`th delivery; the latest has the lowest number.
pub fn record(number: u32) -> DeliveryRecord {
    let (state, reason) = match number % 5 {
        0 => ("sent", None),
        1 => ("skipped", Some("no_activity")),
        2 => ("failed", Some("is_archived")),
        3 => ("unknown", None),
        _ => ("retry", Some("http_503")),
    };
    let due = now() - TimeDelta::days(i64::from(number));
    let (report, recipient) = if number.is_multiple_of(2) { ("weekly", "platform") } else { ("daily", "U0ADA") };
    DeliveryRecord {
        id: DeliveryId(format!("{number:032x}")),
        report: report.to_owned(),
        recipient: if number == 7 { EVIL.to_owned() } else { recipient.to_owned() },
        period: due.date_naive().to_string(),
        state: state.to_owned(),
        reason: reason.map(str::to_owned),
        email: Some(email("ada@example.com")),
        zone: Tz::Europe__Berlin,
        due,
        send_at: due,
        expires: due + TimeDelta::hours(4),
        attempt: 1,
        channel: Some("C0TEAM".to_owned()),
        ts: Some("1.5".to_owned()),
        degraded: false,
        checks: 0,
        updated: due,
        final_at: (state != "retry").then_some(due + TimeDelta::seconds(2)),
        message: Some("{\"text\": \"for her alone\", \"blocks\": []}".to_owned()),
    }
}

fn team(name: &str, enabled: bool, previewed: bool) -> TeamOverview {
    let schedule = WeeklySchedule {
        zone: Tz::Europe__Berlin,
        time: "09:00".parse().unwrap(),
        day: chrono::Weekday::Mon,
        days_off: BTreeSet::new(),
    };
    let on = [email("ada@example.com"), email("grace@example.com")];
    TeamOverview {
        name: name.to_owned(),
        weekly: TeamWeekly {
            enabled_at: enabled.then(now),
            schedule,
            channel: (name != "sales").then(|| ChannelId("C0TEAM".to_owned())),
            sections: TeamSection::ALL.iter().map(|(_, section)| *section).take(8).collect(),
            membership: Membership::Members(on.to_vec()),
            exclude: BTreeSet::new(),
            owners: vec![email("ada@example.com")],
            min_active: 3,
        },
        channel_name: enabled.then(|| "team-platform".to_owned()),
        members: Some(2),
        next: times(),
        last: enabled.then(|| record(0)),
        in_file: enabled,
        previewed,
        version: 3,
    }
}

fn times() -> Vec<DateTime<Utc>> {
    (1..=5).map(|weeks| now() + TimeDelta::weeks(weeks)).collect()
}

/// What is wrong with the forms of a change.
fn faults(change: &Change) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    let mut check =
        |field: &'static str, reason: Option<String>| faults.extend(reason.map(|reason| FieldFault { field, reason }));
    let wrong = |error: recap::model::ParseError| error.to_string();
    check("time", change.time.as_ref().and_then(|text| text.parse::<LocalTime>().err().map(wrong)));
    check("days", change.days.as_ref().and_then(|text| text.parse::<Weekdays>().err().map(wrong)));
    check("zone", change.zone.as_ref().and_then(|text| parse_zone(text).err().map(wrong)));
    let channel = change.channel.as_ref().filter(|channel| !channel.starts_with('C'));
    check("channel", channel.map(|_| "must be a channel's id, as C0123456789".to_owned()));
    check(
        "sections",
        change
            .sections
            .as_ref()
            .filter(|list| list.iter().any(|name| name.is_empty() || name.len() > 20))
            .map(|_| "has a name that is none".to_owned()),
    );
    let addresses = [("members", &change.members), ("owners", &change.owners), ("exclude", &change.exclude)];
    for (field, list) in addresses {
        let odd = list.iter().flatten().find(|address| MemberEmail::parse(address).is_err());
        check(field, odd.map(|_| "has an address that is none".to_owned()));
    }
    faults
}

#[async_trait]
impl Office for PlayedOffice {
    async fn configure(&self, actor: &Actor, change: &Change) -> Result<Configured, AdminError> {
        self.refused()?;
        let faults = faults(change);
        if !faults.is_empty() {
            return Err(AdminError::Invalid(faults));
        }
        let mut state = self.state();
        if let Scope::Team(team) = &change.scope {
            let taken = ["design", "platform"].contains(&team.as_str()) || state.teams.contains(team);
            if change.create == Some(true) && taken {
                let reason = "there is a team of this name already".to_owned();
                return Err(AdminError::Invalid(vec![FieldFault { field: "team", reason }]));
            }
        }
        let seen = (actor.name(), change.report, change.scope.clone());
        if change.enabled == Some(true) && !state.previewed.contains(&seen) {
            return Err(AdminError::NotPreviewed);
        }
        if change.version.is_some_and(|version| version != 3) {
            return Err(AdminError::Changed(vec!["Boss changed time 09:00 → 10:00.".to_owned()]));
        }
        if let (Scope::Workspace, Some(enabled)) = (&change.scope, change.enabled) {
            state.enabled = enabled;
        }
        if let Scope::Team(team) = &change.scope {
            state.teams.insert(team.clone());
        }
        let enabled = change.enabled.unwrap_or(state.enabled);
        state.changes.push((actor.clone(), change.clone()));
        let notes = vec!["Two people are not in Slack.".to_owned()];
        let not_in_slack = vec![email("zoe@example.com")];
        Ok(Configured { enabled, next: times(), version: 3, created: change.create == Some(true), notes, not_in_slack })
    }

    async fn faults(&self, _: &Actor, change: &Change) -> Result<Vec<FieldFault>, AdminError> {
        self.refused()?;
        Ok(faults(change))
    }

    async fn remove_team(&self, _: &Actor, team: &str) -> Result<(), AdminError> {
        self.refused()?;
        match team {
            "platform" => Err(AdminError::NotAllowed("The settings file has this team.".to_owned())),
            "design" => {
                self.state().removed.push(team.to_owned());
                Ok(())
            }
            other => Err(AdminError::NoSuchTeam { name: other.to_owned(), nearest: None }),
        }
    }

    async fn preview(&self, actor: &Actor, subject: &Subject) -> Result<Preview, AdminError> {
        self.refused()?;
        let (report, scope, message, sample) = match subject {
            Subject::Daily { member: None } => (Report::Daily, Scope::Workspace, message("daily", "typical"), true),
            Subject::Daily { member: Some(member) } if !member.contains("ada") => {
                return Err(AdminError::NoSuchMember(member.clone()));
            }
            Subject::Daily { member: Some(member) } => {
                (Report::Daily, Scope::Member(member.clone()), message("daily", "typical"), true)
            }
            Subject::Weekly { team } if !["platform", "design", "sales"].contains(&&**team) => {
                return Err(AdminError::NoSuchTeam { name: team.clone(), nearest: Some("platform".to_owned()) });
            }
            Subject::Weekly { team } => {
                (Report::Weekly, Scope::Team(team.clone()), message("weekly", "typical"), false)
            }
        };
        self.state().previewed.insert((actor.name(), report, scope));
        let notes = vec!["Recap is not in this channel. Invite it there with /invite.".to_owned()];
        let held = matches!(subject, Subject::Daily { member: Some(_) });
        let why_not = held.then(|| "Ada has not opted in.".to_owned());
        Ok(Preview { message, next: times(), zone: Tz::Europe__Berlin, sample, notes, why_not })
    }

    async fn was_previewed(&self, actor: &Actor, report: Report, scope: &Scope) -> Result<bool, AdminError> {
        self.refused()?;
        Ok(self.state().previewed.contains(&(actor.name(), report, scope.clone())))
    }

    async fn trigger(&self, _: &Actor, subject: &Subject, key: Option<&str>) -> Result<Triggered, AdminError> {
        self.refused()?;
        if matches!(subject, Subject::Daily { .. }) {
            return Err(AdminError::NoConsent);
        }
        let mut state = self.state();
        if let Some((used_for, delivery)) = key.and_then(|key| state.keys.get(key)) {
            let delivery = delivery.clone();
            return if used_for == subject {
                Ok(Triggered { delivery, again: true })
            } else {
                Err(AdminError::KeyReused)
            };
        }
        let delivery = DeliveryId::new();
        if let Some(key) = key {
            state.keys.insert(key.to_owned(), (subject.clone(), delivery.clone()));
        }
        state.triggered.push((subject.clone(), key.map(str::to_owned)));
        Ok(Triggered { delivery, again: false })
    }

    async fn overview(&self) -> Result<WorkspaceOverview, AdminError> {
        self.refused()?;
        let State { enabled, halted, .. } = *self.state();
        Ok(WorkspaceOverview {
            enabled,
            time: "09:00".to_owned(),
            days: "mon-fri".to_owned(),
            zone: "Europe/Berlin".to_owned(),
            sections: ["sessions", "cost", "tokens", "skills"].map(str::to_owned).to_vec(),
            subscribed: 12,
            next: enabled.then(|| now() + TimeDelta::hours(23)),
            halted,
            stopped: None,
            version: 3,
        })
    }

    async fn team_overview(&self, actor: &Actor) -> Result<Vec<TeamOverview>, AdminError> {
        self.refused()?;
        let state = self.state();
        let seen = |name: &str| state.previewed.contains(&(actor.name(), Report::Weekly, Scope::Team(name.to_owned())));
        let mut teams = vec![team("design", false, seen("design")), team("platform", true, seen("platform"))];
        teams.push(team("sales", false, seen("sales")));
        let made = state.teams.iter().filter(|name| !["design", "platform", "sales"].contains(&&***name));
        teams.extend(made.map(|name| team(name, false, seen(name))));
        Ok(teams)
    }

    async fn unmatched(&self) -> Result<(Vec<Unmatched>, u64), AdminError> {
        self.refused()?;
        Ok((vec![Unmatched { who: EVIL.to_owned(), sessions: 41 }], 21))
    }

    async fn deliveries(&self, page: &LedgerPage) -> Result<Vec<DeliveryRecord>, AdminError> {
        self.refused()?;
        self.state().pages.push(page.clone());
        let all = (0..60).map(record);
        let fits = |record: &DeliveryRecord| {
            page.report.as_ref().is_none_or(|report| *report == record.report)
                && page.recipient.as_ref().is_none_or(|recipient| *recipient == record.recipient)
                && page.before.as_ref().is_none_or(|before| record.id > *before)
        };
        Ok(all.filter(fits).take(page.limit as usize).collect())
    }

    async fn delivery(&self, id: &DeliveryId) -> Result<Option<(DeliveryRecord, Vec<AttemptRecord>)>, AdminError> {
        self.refused()?;
        let found = (0..60).map(record).find(|record| record.id == *id);
        let attempt = AttemptRecord {
            attempt: 1,
            started: now(),
            ended: Some(now() + TimeDelta::seconds(2)),
            outcome: Some("retry".to_owned()),
            code: Some("http_503".to_owned()),
        };
        Ok(found.map(|record| (record, vec![attempt])))
    }

    async fn names(&self, _: &[DeliveryRecord]) -> Result<Names, AdminError> {
        self.refused()?;
        let known = [("U0ADA", EVIL), ("C0TEAM", "#team-platform")];
        Ok(Names(known.map(|(id, name)| (id.to_owned(), name.to_owned())).into()))
    }

    async fn invitation(&self, _: &Actor, channel: &ChannelId) -> Result<Invitation, AdminError> {
        self.refused()?;
        if !channel.0.starts_with('C') {
            let reason = "must be a channel's id, as C0123456789".to_owned();
            return Err(AdminError::Invalid(vec![FieldFault { field: "channel", reason }]));
        }
        let message = Message { text: "Recap tells you how you use Claude Code.".to_owned(), blocks: Vec::new() };
        Ok(Invitation {
            channel: channel.clone(),
            channel_name: EVIL.to_owned(),
            message,
            posted: true,
            posted_today: false,
        })
    }

    async fn invite(&self, actor: &Actor, channel: &ChannelId) -> Result<Triggered, AdminError> {
        self.invitation(actor, channel).await?;
        let mut state = self.state();
        let again = state.invited.contains(channel);
        state.invited.push(channel.clone());
        Ok(Triggered { delivery: record(0).id, again })
    }
}
