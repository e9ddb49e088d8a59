//! Modals and App Home.

use super::{Client, SlackError};
use crate::model::MemberId;
use serde_json::Value;

/// A view as Slack holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewHandle {
    pub id: String,
    /// Changes with every update; an update that names an older one is refused.
    pub hash: String,
}

impl Client {
    /// Opens a modal; none where the trigger has expired (it lives for three seconds) or was used.
    ///
    /// # Errors
    /// When Slack does not answer, or refuses the view.
    pub async fn open_view(&self, trigger: &str, view: &Value) -> Result<Option<ViewHandle>, SlackError> {
        let _ = (trigger, view);
        todo!()
    }

    /// Opens a modal on top of the one that is open.
    ///
    /// # Errors
    /// As [`Client::open_view`].
    pub async fn push_view(&self, trigger: &str, view: &Value) -> Result<Option<ViewHandle>, SlackError> {
        let _ = (trigger, view);
        todo!()
    }

    /// Replaces a view; none where it was closed, or (with `hash`) changed meanwhile.
    ///
    /// # Errors
    /// When Slack does not answer, or refuses the view.
    pub async fn update_view(
        &self,
        id: &str,
        hash: Option<&str>,
        view: &Value,
    ) -> Result<Option<ViewHandle>, SlackError> {
        let _ = (id, hash, view);
        todo!()
    }

    /// Publishes somebody's App Home; none where `hash` is not the latest: somebody else was faster.
    ///
    /// # Errors
    /// When Slack does not answer, or refuses the view.
    pub async fn publish_home(
        &self,
        member: &MemberId,
        hash: Option<&str>,
        view: &Value,
    ) -> Result<Option<ViewHandle>, SlackError> {
        let _ = (member, hash, view);
        todo!()
    }
}
