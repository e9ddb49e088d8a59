//! Why somebody is not answered, in words for them.

use crate::{report::MessageError, slack::SlackError, store::StoreError, warehouse::WarehouseError};

#[derive(Debug, thiserror::Error)]
pub enum PersonalError {
    /// A guest, a bot, somebody deactivated or of another workspace.
    #[error("Recap answers full members of this workspace only")]
    NotAMember,
    /// Slack shows Recap no address of theirs, so no usage can be found.
    #[error("Slack shows no e-mail address of this member")]
    NoAddress,
    /// What they asked for makes no sense; the words say why, and what would.
    #[error("{0}")]
    Unusable(String),
    /// Too many ask at once.
    #[error("too many ask for their numbers at once")]
    Busy,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Warehouse(#[from] WarehouseError),
    #[error(transparent)]
    Slack(#[from] SlackError),
    #[error(transparent)]
    Message(#[from] MessageError),
}

impl PersonalError {
    /// What the person reads: no cause, no address, and what they can do.
    pub fn words(&self) -> String {
        match self {
            Self::NotAMember => "Recap answers full members of this workspace only.".to_owned(),
            Self::NoAddress => {
                "Slack shows Recap no e-mail address of yours, so your usage cannot be found. Please ask an admin."
                    .to_owned()
            }
            Self::Unusable(why) => why.clone(),
            Self::Busy => "Recap is busy, please try again in a minute.".to_owned(),
            Self::Warehouse(_) => {
                "The usage data does not answer right now. Please try again in a few minutes.".to_owned()
            }
            Self::Store(_) | Self::Slack(_) | Self::Message(_) => {
                "Something went wrong on Recap's side, and nothing was changed. Please try again in a few minutes."
                    .to_owned()
            }
        }
    }
}
