//! What the API and the page ask for and decide; a [`Workspace`] answers, and in tests whoever plays one.

use crate::{
    admin::{
        self, Actor, AdminError, Change, Configured, FieldFault, Invitation, Names, Preview, Report, Scope, Subject,
        TeamOverview, Triggered, Unmatched, WorkspaceOverview,
    },
    model::{ChannelId, DeliveryId},
    store::{AttemptRecord, DeliveryRecord},
    workspace::Workspace,
};
use async_trait::async_trait;

/// Each method is the function of [`admin`] of the same name.
#[async_trait]
pub trait Office: Send + Sync {
    async fn configure(&self, actor: &Actor, change: &Change) -> Result<Configured, AdminError>;
    async fn faults(&self, actor: &Actor, change: &Change) -> Result<Vec<FieldFault>, AdminError>;
    async fn remove_team(&self, actor: &Actor, team: &str) -> Result<(), AdminError>;
    async fn preview(&self, actor: &Actor, subject: &Subject) -> Result<Preview, AdminError>;
    async fn was_previewed(&self, actor: &Actor, report: Report, scope: &Scope) -> Result<bool, AdminError>;
    async fn trigger(&self, actor: &Actor, subject: &Subject, key: Option<&str>) -> Result<Triggered, AdminError>;
    async fn overview(&self) -> Result<WorkspaceOverview, AdminError>;
    async fn team_overview(&self, actor: &Actor) -> Result<Vec<TeamOverview>, AdminError>;
    async fn unmatched(&self) -> Result<(Vec<Unmatched>, u64), AdminError>;
    async fn deliveries(&self, page: &LedgerPage) -> Result<Vec<DeliveryRecord>, AdminError>;
    async fn delivery(&self, id: &DeliveryId) -> Result<Option<(DeliveryRecord, Vec<AttemptRecord>)>, AdminError>;
    async fn names(&self, deliveries: &[DeliveryRecord]) -> Result<Names, AdminError>;
    async fn invitation(&self, actor: &Actor, channel: &ChannelId) -> Result<Invitation, AdminError>;
    async fn invite(&self, actor: &Actor, channel: &ChannelId) -> Result<Triggered, AdminError>;
}

/// Which deliveries are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerPage {
    pub report: Option<String>,
    pub recipient: Option<String>,
    /// The last one of the page before.
    pub before: Option<DeliveryId>,
    pub limit: u32,
}

#[async_trait]
impl Office for Workspace {
    async fn configure(&self, actor: &Actor, change: &Change) -> Result<Configured, AdminError> {
        admin::configure(self, actor, change).await
    }

    async fn faults(&self, actor: &Actor, change: &Change) -> Result<Vec<FieldFault>, AdminError> {
        admin::faults(self, actor, change).await
    }

    async fn remove_team(&self, actor: &Actor, team: &str) -> Result<(), AdminError> {
        admin::remove_team(self, actor, team).await
    }

    async fn preview(&self, actor: &Actor, subject: &Subject) -> Result<Preview, AdminError> {
        admin::preview(self, actor, subject).await
    }

    async fn was_previewed(&self, actor: &Actor, report: Report, scope: &Scope) -> Result<bool, AdminError> {
        admin::was_previewed(self, actor, report, scope).await
    }

    async fn trigger(&self, actor: &Actor, subject: &Subject, key: Option<&str>) -> Result<Triggered, AdminError> {
        admin::trigger(self, actor, subject, key).await
    }

    async fn overview(&self) -> Result<WorkspaceOverview, AdminError> {
        admin::overview(self).await
    }

    async fn team_overview(&self, actor: &Actor) -> Result<Vec<TeamOverview>, AdminError> {
        admin::team_overview(self, actor).await
    }

    async fn unmatched(&self) -> Result<(Vec<Unmatched>, u64), AdminError> {
        admin::unmatched(self).await
    }

    async fn deliveries(&self, page: &LedgerPage) -> Result<Vec<DeliveryRecord>, AdminError> {
        let (report, recipient) = (page.report.as_deref(), page.recipient.as_deref());
        admin::deliveries(self, report, recipient, page.before.as_ref(), page.limit).await
    }

    async fn delivery(&self, id: &DeliveryId) -> Result<Option<(DeliveryRecord, Vec<AttemptRecord>)>, AdminError> {
        admin::delivery(self, id).await
    }

    async fn names(&self, deliveries: &[DeliveryRecord]) -> Result<Names, AdminError> {
        admin::names(self, deliveries).await
    }

    async fn invitation(&self, actor: &Actor, channel: &ChannelId) -> Result<Invitation, AdminError> {
        admin::invitation(self, actor, channel).await
    }

    async fn invite(&self, actor: &Actor, channel: &ChannelId) -> Result<Triggered, AdminError> {
        admin::invite(self, actor, channel).await
    }
}
