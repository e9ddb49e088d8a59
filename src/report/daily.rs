//! Daily digests of a cohort, streamed: rows in, messages out, one member at a time.

use super::{
    begun::Begun,
    error::{MessageError, message},
    merge::{Merge, row_of},
};
use crate::{
    digest::{self, DailyDigest, DailyFacts, DailyOptions, DayNumbers, SoFar, StreakState},
    message::{Message, Templates},
    model::MemberEmail,
    schedule::DailyWindow,
    warehouse::{ActiveDays, MemberActivity, MemberSkills, People, Warehouse, WarehouseError},
};
use chrono::{DateTime, Utc};
use std::vec;

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
    /// As a [`DailyReport`] before gave it. Who has none that leads into the window is looked back for,
    pub streak: Option<StreakState>,
    /// unless this says no: neither streak nor latest usage is wanted.
    pub looks_back: bool,
}

impl Recipient {
    /// Somebody of whom nothing is kept.
    pub fn new(email: MemberEmail, options: DailyOptions) -> Self {
        Self { email, options, streak: None, looks_back: true }
    }

    fn needs_history(&self, window: &DailyWindow) -> bool {
        self.looks_back && !self.streak.is_some_and(|streak| streak.leads_into(window))
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
    /// The days of the window.
    pub days: Vec<DayNumbers>,
}

/// What somebody reads who asks about the day or the week so far.
///
/// # Errors
/// When its template fails or a limit of Slack is broken.
pub fn so_far(templates: &Templates, so_far: &SoFar) -> Result<Message, MessageError> {
    message(templates, "usage", so_far)
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

    async fn report(
        &mut self,
        Recipient { email, options, streak, .. }: Recipient,
    ) -> Result<DailyReport, WarehouseError> {
        let activity = row_of(&mut self.activity, &email).await?;
        let skills = row_of(&mut self.skills, &email).await?;
        let active_days = row_of(&mut self.active_days, &email).await?;
        let facts = DailyFacts { activity, skills, active_days, streak };
        let digest = DailyDigest::of(&self.window, facts, &options);
        Ok(DailyReport {
            message: message(self.templates, "daily", &digest),
            streak: facts.streak_after(&self.window),
            usage: facts.latest_usage(),
            days: digest::days(&self.window, activity),
            email,
            digest,
        })
    }
}
