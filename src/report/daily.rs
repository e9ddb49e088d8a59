//! Daily digests of a cohort, streamed: rows in, messages out, one member at a time.

use super::merge::Merge;
use crate::{
    digest::{DailyDigest, DailyFacts, DailyOptions},
    message::{Message, RenderError, Templates, lint},
    model::MemberEmail,
    schedule::DailyWindow,
    warehouse::{ActiveDays, MemberActivity, MemberSkills, People, Warehouse, WarehouseError},
};
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
            Self::Render(_) | Self::Limit(_) => "`recap template check` shows which template, and where in it".into(),
        }
    }
}

/// The digests of a cohort, in the order of their addresses.
#[derive(Debug)]
pub struct DailyReports<'a> {
    templates: &'a Templates,
    window: DailyWindow,
    recipients: vec::IntoIter<Recipient>,
    activity: Merge<MemberActivity>,
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
        let (activity, skills, active_days) = tokio::try_join!(
            warehouse.activity(window, &people, with_models),
            async { if with_skills { warehouse.skills(window, &people).await.map(Some) } else { Ok(None) } },
            async { if with_streak { warehouse.active_days(window, &people).await.map(Some) } else { Ok(None) } },
        )?;
        Ok(Self {
            templates,
            recipients: cohort.recipients.into_iter(),
            activity: Merge::of(activity),
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
        let activity = self.activity.row_of(email.as_str()).await?;
        let skills = match &mut self.skills {
            Some(skills) => skills.row_of(email.as_str()).await?,
            None => None,
        };
        let active_days = match &mut self.active_days {
            Some(active_days) => active_days.row_of(email.as_str()).await?,
            None => None,
        };
        let digest = DailyDigest::of(&self.window, DailyFacts { activity, skills, active_days }, &options);
        let message = self.templates.render("daily", &digest)?;
        match lint::faults(&message).first() {
            Some(fault) => Err(ReportError::Limit(fault.to_string())),
            None => Ok(Some(DailyReport { email, digest, message })),
        }
    }
}
