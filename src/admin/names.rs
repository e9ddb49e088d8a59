//! Who is behind the ids of the ledger, as far as the directory and the channels that were looked at say.

use super::AdminError;
use crate::{store::DeliveryRecord, workspace::Workspace};
use std::collections::{BTreeMap, BTreeSet};

/// Names of members and channels (`#platform`) by id, foreign text; what is not known is not in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names(pub BTreeMap<String, String>);

impl Names {
    pub fn of(&self, id: &str) -> Option<&str> {
        self.0.get(id).map(String::as_str)
    }
}

/// The names of whom `deliveries` go to and of where they stand: two questions to the store, and none to Slack.
///
/// # Errors
/// When the store does not answer.
pub async fn names(workspace: &Workspace, deliveries: &[DeliveryRecord]) -> Result<Names, AdminError> {
    // A team may be called as a member or channel is: its summary goes to the team.
    let recipients = deliveries.iter().filter(|one| !one.report.ends_with("weekly")).map(|one| &one.recipient);
    let ids: BTreeSet<_> = recipients.chain(deliveries.iter().filter_map(|one| one.channel.as_ref())).collect();
    let ids: Vec<_> = ids.into_iter().cloned().collect();
    let members = workspace.store.members_named(&ids).await?;
    let channels = workspace.store.channels_named(&ids).await?;
    let channels = channels.into_iter().map(|(id, name)| (id, format!("#{name}")));
    Ok(Names(members.into_iter().chain(channels).filter(|(_, name)| name.len() > 1).collect()))
}
