//! One member by their id.

use super::{Client, Member, SlackError};
use crate::model::MemberId;
use serde::Deserialize;
use serde_json::Value;

const INFO: &str = "users.info";

#[derive(Deserialize)]
struct Info {
    user: Value,
}

impl Client {
    /// The member with this id; `None` where Slack knows none.
    ///
    /// # Errors
    /// When Slack does not answer, or answers something else than a user.
    pub async fn user(&self, id: &MemberId) -> Result<Option<Member>, SlackError> {
        let home = self.identity().await?;
        let answer: Info = match self.read(INFO, &[("user", &id.0)]).await {
            Ok(answer) => answer,
            Err(SlackError::Refused { code, .. }) if code == "user_not_found" || code == "user_not_visible" => {
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        match Member::parse(answer.user, home) {
            Some(member) => Ok(Some(member)),
            None => Err(SlackError::Unreadable { method: INFO, what: "its `user` is not one".to_owned() }),
        }
    }
}
