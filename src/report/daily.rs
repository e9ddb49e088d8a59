//! Daily digests of a cohort, streamed: rows in, messages out, one member at a time.

use super::merge::{Merge, OfPerson};
use crate::{
    digest::{DailyDigest, DailyFacts, DailyOptions},
    message::{Message, RenderError, Templates, lint},
    model::MemberEmail,
    schedule::DailyWindow,
    warehouse::{ActiveDays, Answered, MemberActivity, MemberSkills, People, Rows, Warehouse, WarehouseError},
};
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
}

/// One member's digest, ready to post.
#[derive(Debug, Clone)]
pub struct DailyReport {
    pub email: MemberEmail,
    pub digest: DailyDigest,
    pub message: Message,
}

/// A digest that could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    #[error(transparent)]
    Warehouse(#[from] WarehouseError),
    #[error(transparent)]
    Render(#[from] RenderError),
    #[error("the message breaks a limit of Slack: {0}")]
    Limit(String),
}

impl ReportError {
    /// What the reader can do.
    pub fn hint(&self) -> String {
        match self {
            Self::Warehouse(error) => error.hint(),
            Self::Render(_) | Self::Limit(_) => {
                "`recap template check DIR` shows where in the templates of `messages.templates_dir`".into()
            }
        }
    }
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
    /// Asks the warehouse about `cohort`: at most three queries, however many members there are.
    ///
    /// # Errors
    /// When the warehouse does not answer.
    pub async fn of(warehouse: &Warehouse, templates: &'a Templates, mut cohort: Cohort) -> Result<Self, ReportError> {
        cohort.recipients.sort_by(|a, b| a.email.cmp(&b.email));
        cohort.recipients.dedup_by(|a, b| a.email == b.email);
        let any =
            |wanted: fn(&DailyOptions) -> bool| cohort.recipients.iter().any(|recipient| wanted(&recipient.options));
        let people = People::of(cohort.recipients.iter().map(|recipient| &recipient.email));
        let (window, with_models) = (&cohort.window, any(|options| options.sections.models));
        let (with_skills, with_streak) =
            (any(|options| options.sections.skills), any(|options| options.sections.streak));
        let begun = Begun::of(3);
        let (activity, skills, active_days) = tokio::try_join!(
            begun.join(warehouse.activity(window, &people, with_models), true),
            begun.join(warehouse.skills(window, &people), with_skills),
            begun.join(warehouse.active_days(window, &people), with_streak),
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

    /// The next member's digest, rendered and within Slack's limits; none after the last.
    ///
    /// # Errors
    /// When an answer breaks off, a template fails or a limit is broken.
    pub async fn next(&mut self) -> Result<Option<DailyReport>, ReportError> {
        let Some(Recipient { email, options }) = self.recipients.next() else { return Ok(None) };
        let activity = row_of(&mut self.activity, &email).await?;
        let skills = row_of(&mut self.skills, &email).await?;
        let active_days = row_of(&mut self.active_days, &email).await?;
        let digest = DailyDigest::of(&self.window, DailyFacts { activity, skills, active_days }, &options);
        let message = self.templates.render("daily", &digest)?;
        match lint::faults(&message).first() {
            Some(fault) => Err(ReportError::Limit(fault.to_string())),
            None => Ok(Some(DailyReport { email, digest, message })),
        }
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
