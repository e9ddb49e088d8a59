//! One person as Slack describes them now, and whether they are an admin there.

use super::{Client, Member, SlackError};
use crate::model::MemberId;
use serde::Deserialize;
use serde_json::Value;

const INFO: &str = "users.info";

#[derive(Deserialize)]
struct Info {
    #[serde(default)]
    user: Value,
}

impl Client {
    /// The person with this id; none where Slack knows none, or shows Recap none. Nor where what answers does not know
    /// `users.info`, as a stand-in for Slack may not.
    ///
    /// # Errors
    /// When Slack does not answer, or refuses to.
    pub async fn user(&self, id: &MemberId) -> Result<Option<Member>, SlackError> {
        let home = self.identity().await?;
        let info: Info = match self.read_if_offered(INFO, &[("user", &id.0)]).await {
            Ok(Some(info)) => info,
            Ok(None) => return Ok(None),
            Err(SlackError::Refused { code, .. }) if matches!(code.as_str(), "user_not_found" | "user_not_visible") => {
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        match Member::parse(info.user, home).filter(|member| member.id == *id) {
            Some(member) => Ok(Some(member)),
            None => {
                Err(SlackError::Unreadable { method: INFO, what: "its `user` is not the one asked for".to_owned() })
            }
        }
    }
}
