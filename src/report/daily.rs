//! Daily digests of a cohort, streamed: rows in, messages out, one member at a time.

use super::{
    error::{MessageError, message},
    merge::{Merge, OfPerson},
};
use crate::{
    digest::{DailyDigest, DailyFacts, DailyOptions, StreakState},
    message::{Message, Templates},
    model::MemberEmail,
    schedule::DailyWindow,
    warehouse::{ActiveDays, Answered, MemberActivity, MemberSkills, People, Rows, Warehouse, WarehouseError},
};
use chrono::{DateTime, Utc};
use std::{
    sync::atomic::{AtomicUsize, Ordering},
    vec,
};
use tokio_util::sync::CancellationToken;

/// Members who share a window.
#[derive(Debug, Clone)]
pub struct Cohort {
    pub window: DailyWindow,
    pub recipients: Vec<Recipient>,
}

/// Who gets a digest, and what they chose.
#[derive(Debug, Clone)]
pub struct Recipient {
    pub email: MemberEmail,
    pub options: DailyOptions,
    /// As a [`DailyReport`] before gave it. Who has none that leads into the window is looked back for.
    pub streak: Option<StreakState>,
}

impl Recipient {
    /// Somebody of whom nothing is kept.
    pub fn new(email: MemberEmail, options: DailyOptions) -> Self {
        Self { email, options, streak: None }
    }

    fn needs_history(&self, window: &DailyWindow) -> bool {
        !self.streak.is_some_and(|streak| streak.leads_into(window))
    }
}

/// One member's digest.
#[derive(Debug)]
pub struct DailyReport {
    pub email: MemberEmail,
    pub digest: DailyDigest,
    /// Ready to post, or why this one cannot be.
    pub message: Result<Message, MessageError>,
    /// To be kept for the next window, also where the digest is empty.
    pub streak: StreakState,
    /// The start of the latest day with a session that was seen. All of 90 days were looked at, or, where the
    /// recipient came with a streak, every day since that: together with what was seen then, it tells whether there is
    /// any usage under the address, and no further question is needed.
    pub usage: Option<DateTime<Utc>>,
}

/// The digests of a cohort, in the order of their addresses.
#[derive(Debug)]
pub struct DailyReports<'a> {
    templates: &'a Templates,
    window: DailyWindow,
    recipients: vec::IntoIter<Recipient>,
    activity: Option<Merge<MemberActivity>>,
    skills: Option<Merge<MemberSkills>>,
    active_days: Option<Merge<ActiveDays>>,
}

impl<'a> DailyReports<'a> {
    /// Asks the warehouse about `cohort`: two queries, and a third about those who must be looked back for, however many
    /// members there are.
    ///
    /// # Errors
    /// When the warehouse does not answer.
    pub async fn of(
        warehouse: &Warehouse,
        templates: &'a Templates,
        mut cohort: Cohort,
    ) -> Result<Self, WarehouseError> {
        cohort.recipients.sort_by(|a, b| a.email.cmp(&b.email));
        cohort.recipients.dedup_by(|a, b| a.email == b.email);
        let (window, recipients) = (&cohort.window, &cohort.recipients);
        let people = People::of(recipients.iter().map(|recipient| &recipient.email));
        let new: Vec<_> = recipients.iter().filter(|recipient| recipient.needs_history(window)).collect();
        let looked_back_for = People::of(new.iter().map(|recipient| &recipient.email));
        let any = |wanted: fn(&DailyOptions) -> bool| recipients.iter().any(|recipient| wanted(&recipient.options));
        let (with_models, with_skills) =
            (any(|options| options.sections.models), any(|options| options.sections.skills));
        let begun = Begun::of(3);
        let (activity, skills, active_days) = tokio::try_join!(
            begun.join(warehouse.activity(window, &people, with_models), true),
            begun.join(warehouse.skills(window, &people), with_skills),
            begun.join(warehouse.active_days(window, &looked_back_for), !new.is_empty()),
        )?;
        Ok(Self {
            templates,
            recipients: cohort.recipients.into_iter(),
            activity: activity.map(Merge::of),
            skills: skills.map(Merge::of),
            active_days: active_days.map(Merge::of),
            window: cohort.window,
        })
    }

    /// The next member's digest; none after the last. What is wrong with one member's message stands in its report, and
    /// the next may be asked for; after an error of the warehouse there is no next.
    ///
    /// # Errors
    /// When an answer breaks off.
    pub async fn next(&mut self) -> Result<Option<DailyReport>, WarehouseError> {
        let Some(recipient) = self.recipients.next() else { return Ok(None) };
        let report = self.report(recipient).await;
        if report.is_err() {
            self.recipients = Vec::new().into_iter();
        }
        report.map(Some)
    }

    async fn report(&mut self, Recipient { email, options, streak }: Recipient) -> Result<DailyReport, WarehouseError> {
        let activity = row_of(&mut self.activity, &email).await?;
        let skills = row_of(&mut self.skills, &email).await?;
        let active_days = row_of(&mut self.active_days, &email).await?;
        let facts = DailyFacts { activity, skills, active_days, streak };
        let digest = DailyDigest::of(&self.window, facts, &options);
        Ok(DailyReport {
            message: message(self.templates, "daily", &digest),
            streak: facts.streak_after(&self.window),
            usage: facts.latest_usage(),
            email,
            digest,
        })
    }
}

async fn row_of<'a, T: Answered + OfPerson>(
    answer: &'a mut Option<Merge<T>>,
    email: &MemberEmail,
) -> Result<Option<&'a T>, WarehouseError> {
    match answer {
        Some(answer) => answer.row_of(email.as_str()).await,
        None => Ok(None),
    }
}

/// Answers that are read side by side, none before all have begun: a quick one is kept alive meanwhile.
struct Begun {
    outstanding: AtomicUsize,
    all: CancellationToken,
}

impl Begun {
    fn of(answers: usize) -> Self {
        Self { outstanding: AtomicUsize::new(answers), all: CancellationToken::new() }
    }

    /// The answer to `question`, once all have begun; none where it is not `wanted`.
    async fn join<T: Answered>(
        &self,
        question: impl Future<Output = Result<Rows<T>, WarehouseError>>,
        wanted: bool,
    ) -> Result<Option<Rows<T>>, WarehouseError> {
        let mut rows = if wanted { Some(question.await?) } else { None };
        if self.outstanding.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.all.cancel();
        }
        if let Some(rows) = &mut rows {
            rows.wait(self.all.cancelled()).await?;
        }
        Ok(rows)
    }
}
