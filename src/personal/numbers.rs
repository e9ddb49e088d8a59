//! A member's own numbers, from the same report code as what is sent.

use super::{PersonalError, told};
use crate::{
    config::Enrollment,
    digest::{DailyOptions, DataTo, DayNumbers, Sections, SoFar, StreakState},
    message::Message,
    model::MemberEmail,
    report::{self, Cohort, DailyReport, DailyReports, Recipient},
    schedule::{DailySchedule, DailyWindow, date_at},
    store::{self, MemberRecord},
    warehouse::{Warehouse, WarehouseError},
    workspace::Workspace,
};
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use std::time::Duration;
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

/// Numbers that can be shown, and how fresh they are.
#[derive(Debug, Clone, PartialEq)]
pub struct Numbers {
    pub message: Message,
    /// Nothing was found in the window.
    pub empty: bool,
    /// Up to when there is telemetry of anybody.
    pub data_to: Option<DateTime<Utc>>,
    /// To whom nothing is known at all: what may be the matter.
    pub unknown: Option<String>,
}

impl Numbers {
    /// All that there is to say.
    pub fn told(self) -> Message {
        match self.unknown {
            Some(words) => told::with_paragraph(self.message, words),
            None => self.message,
        }
    }
}

/// A member's week so far, Monday to today.
#[derive(Debug, Clone, PartialEq)]
pub struct Week {
    pub numbers: Numbers,
    /// Sessions, cost (US dollars) and tokens by day.
    pub days: Vec<WeekDay>,
    /// Requests by model, most first.
    pub models: Vec<(String, u64)>,
    /// Of 1; none without any input tokens.
    pub cache_hit_rate: Option<f64>,
    pub streak: u32,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeekDay {
    pub date: NaiveDate,
    pub sessions: u64,
    /// Zero where the owner shows no costs.
    pub cost: f64,
    pub tokens_in: u64,
    pub tokens_out: u64,
}

/// So many are asked for at once, however many people ask: ClickHouse has everybody's digests to serve, too.
static AT_ONCE: Semaphore = Semaphore::const_new(6);

/// So long somebody waits for their turn; who comes later has given up by then.
const PATIENCE: Duration = Duration::from_secs(30);

/// Whatever is slow, and however many wait: by then somebody is told that there is no answer.
const LONGEST: Duration = Duration::from_mins(2);

/// What is asked with, of one member.
struct Asking<'a> {
    workspace: &'a Workspace,
    email: &'a MemberEmail,
    warehouse: &'a Warehouse,
    schedule: DailySchedule,
    /// What their digest shows.
    sections: Sections,
    now: DateTime<Utc>,
}

/// Today so far, in the member's own zone: one query, and one about everybody's freshness every 30 s. The query reads the
/// baseline too, as that of a digest does: an account's address may stand in an earlier row alone.
///
/// # Errors
/// When the warehouse does not answer, or the member has no address.
pub async fn today(workspace: &Workspace, member: &MemberRecord) -> Result<Numbers, PersonalError> {
    in_time(LONGEST, Box::pin(today_so_far(workspace, member))).await
}

async fn today_so_far(workspace: &Workspace, member: &MemberRecord) -> Result<Numbers, PersonalError> {
    let asking = Asking::of(workspace, member).await?;
    let window = asking.schedule.window_so_far(date_at(asking.schedule.zone, asking.now), asking.now);
    // A part of a day compares with nothing, and each of the others would be a query of its own.
    let sections = Sections { comparison: false, skills: false, streak: false, chart: false, ..asking.sections };
    let data_to = asking.data_to();
    let (report, data_to) = tokio::try_join!(asking.report(window, sections, Looking::Nowhere), data_to)?;
    let unknown = report.usage.is_none() && member.last_usage.is_none();
    Ok(Numbers {
        unknown: unknown.then(|| asking.nothing_found("in the last 7 days")),
        ..asking.so_far(&report, data_to, false)?
    })
}

/// This week so far, in the member's own zone.
///
/// # Errors
/// As [`today`].
pub async fn week(workspace: &Workspace, member: &MemberRecord) -> Result<Week, PersonalError> {
    in_time(LONGEST, Box::pin(week_so_far(workspace, member))).await
}

async fn week_so_far(workspace: &Workspace, member: &MemberRecord) -> Result<Week, PersonalError> {
    let asking = Asking::of(workspace, member).await?;
    let today = date_at(asking.schedule.zone, asking.now);
    let monday = today.checked_sub_days(Days::new(today.weekday().num_days_from_monday().into())).unwrap_or(today);
    let window = asking.schedule.window_so_far(monday, asking.now);
    let own = asking.sections;
    let sections = Sections { comparison: false, models: true, streak: true, chart: true, ..own };
    let kept = workspace.store.streak(&member.id).await?;
    let data_to = asking.data_to();
    let (mut report, data_to) = tokio::try_join!(asking.report(window, sections, Looking::Back(kept)), data_to)?;
    let models = report.digest.models.iter().map(|model| (model.name.0.clone(), model.requests)).collect();
    let streak = report.digest.streak.map_or(0, |streak| streak.days);
    report.digest.sections = Sections { chart: true, comparison: false, ..own };
    // A digest's chart shows the days before its window, too.
    report.digest.chart.retain(|day| day.date >= monday);
    let unknown = (report.usage.is_none() && kept.is_none()).then(|| asking.nothing_found(told::LAST_30_DAYS));
    let digest = &report.digest;
    let input = [digest.cache_read_tokens, digest.input_tokens, digest.cache_creation_tokens];
    let input: f64 = input.iter().map(|tokens| *tokens as f64).sum();
    let shows_cost = workspace.settings.digest.show_cost;
    let day = |day: &DayNumbers| WeekDay {
        date: day.date,
        sessions: day.sessions,
        cost: if shows_cost { day.cost } else { 0.0 },
        tokens_in: day.input_tokens,
        tokens_out: day.output_tokens,
    };
    Ok(Week {
        days: report.days.iter().map(day).collect(),
        models,
        cache_hit_rate: (input > 0.0).then(|| digest.cache_read_tokens as f64 / input),
        streak,
        numbers: Numbers { unknown, ..asking.so_far(&report, data_to, true)? },
    })
}

/// The digest up to yesterday, as it would be sent: with their own schedule and sections.
///
/// # Errors
/// As [`today`].
pub async fn latest_digest(workspace: &Workspace, member: &MemberRecord) -> Result<Numbers, PersonalError> {
    Ok(in_time(LONGEST, Box::pin(latest(workspace, member))).await?.0)
}

/// The same, and the start of the latest day of 90 with a session.
pub(super) async fn latest(
    workspace: &Workspace,
    member: &MemberRecord,
) -> Result<(Numbers, Option<DateTime<Utc>>), PersonalError> {
    let asking = Asking::of(workspace, member).await?;
    let window = asking.schedule.window_to_yesterday(asking.now);
    let data_to = asking.data_to();
    let report = asking.report(window, asking.sections, Looking::Back(None));
    let (report, data_to) = tokio::try_join!(report, data_to)?;
    let unknown = report.usage.is_none().then(|| asking.nothing_found(told::LAST_30_DAYS));
    Ok((Numbers { message: report.message?, empty: report.digest.empty, data_to, unknown }, report.usage))
}

/// Whether days before the window are looked at: for the streak, and for the latest usage.
#[derive(Clone, Copy)]
enum Looking {
    Nowhere,
    /// With the streak as it is kept.
    Back(Option<store::StreakState>),
}

impl<'a> Asking<'a> {
    async fn of(workspace: &'a Workspace, member: &'a MemberRecord) -> Result<Self, PersonalError> {
        let email = member.email.as_ref().ok_or(PersonalError::NoAddress)?;
        let preferences = workspace.store.preferences(&member.id).await?;
        let rules = workspace.rules().await?;
        let schedule = rules.schedule_for(member, &preferences);
        let chosen = rules.sections_for(preferences.sections.as_deref());
        let sections = workspace.settings.digest.sections_of(chosen);
        let warehouse = workspace.source.warehouse().await?;
        Ok(Self { workspace, email, warehouse, schedule, sections, now: workspace.now() })
    }

    async fn data_to(&self) -> Result<Option<DateTime<Utc>>, PersonalError> {
        Ok(self.warehouse.data_to(self.now).await?)
    }

    /// Their digest of `window`: a cohort of one.
    async fn report(
        &self,
        window: DailyWindow,
        sections: Sections,
        looking: Looking,
    ) -> Result<DailyReport, PersonalError> {
        let options = DailyOptions {
            sections,
            first: false,
            next: self.schedule.next_occurrence(self.now),
            opt_out: self.workspace.settings.digest.enrollment == Enrollment::OptOut,
        };
        let (looks_back, streak) = match looking {
            Looking::Nowhere => (false, None),
            Looking::Back(kept) => (true, kept.map(counted)),
        };
        let recipient = Recipient { streak, looks_back, ..Recipient::new(self.email.clone(), options) };
        let cohort = Cohort { window, recipients: vec![recipient] };
        let _turn = turn(&AT_ONCE, PATIENCE).await?;
        let mut reports = DailyReports::of(self.warehouse, &self.workspace.templates, cohort).await?;
        let report = reports.next().await?;
        let none = || WarehouseError::Refused { code: 0, message: "one recipient has no report".to_owned() };
        Ok(report.ok_or_else(none)?)
    }

    fn so_far(
        &self,
        report: &DailyReport,
        newest: Option<DateTime<Utc>>,
        week: bool,
    ) -> Result<Numbers, PersonalError> {
        let data_to = newest.map(|newest| DataTo::of(newest, self.schedule.zone, self.now));
        let so_far = SoFar { digest: report.digest.clone(), week, data_to };
        let message = report::so_far(&self.workspace.templates, &so_far)?;
        Ok(Numbers { message, empty: so_far.digest.empty, data_to: newest, unknown: None })
    }

    fn nothing_found(&self, within: &str) -> String {
        told::nothing_found(self.email, within, &self.workspace.settings.ops.owners)
    }
}

/// What comes of `asked` before somebody has given up.
pub(super) async fn in_time<T>(
    longest: Duration,
    asked: impl Future<Output = Result<T, PersonalError>>,
) -> Result<T, PersonalError> {
    timeout(longest, asked).await.unwrap_or(Err(WarehouseError::Deadline(longest).into()))
}

/// A turn among those who ask at once.
async fn turn(turns: &Semaphore, patience: Duration) -> Result<SemaphorePermit<'_>, PersonalError> {
    match timeout(patience, turns.acquire()).await {
        Ok(Ok(turn)) => Ok(turn),
        // It is never closed.
        Ok(Err(_)) | Err(_) => Err(PersonalError::Busy),
    }
}

fn counted(kept: store::StreakState) -> StreakState {
    let store::StreakState { days, at_least, through, until } = kept;
    StreakState { days, at_least, through, until }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_for_ever() {
        let never = std::future::pending::<Result<(), PersonalError>>();
        let told = in_time(LONGEST, never).await.unwrap_err();
        assert!(told.words().starts_with("The usage data does not answer right now."), "{}", told.words());
        assert_eq!(in_time(LONGEST, async { Ok(7) }).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn who_waits_for_a_turn_in_vain_hears_that_recap_is_busy() {
        let turns = Semaphore::new(1);
        let first = turn(&turns, Duration::ZERO).await.unwrap();
        let second = turn(&turns, Duration::ZERO).await.unwrap_err();
        assert_eq!(second.words(), "Recap is busy, please try again in a minute.");
        drop(first);
        assert!(turn(&turns, Duration::ZERO).await.is_ok());
    }
}
