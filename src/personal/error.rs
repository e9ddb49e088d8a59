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
    /// The store failed after a change was begun, which may hold or not.
    #[error("whether a change was saved is not known: {0}")]
    Unsure(StoreError),
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
            // Waiting mends nothing.
            Self::Warehouse(
                WarehouseError::AccessRefused { .. }
                | WarehouseError::NotGranted { .. }
                | WarehouseError::NoDatabase { .. }
                | WarehouseError::NoTable { .. }
                | WarehouseError::WrongShape { .. },
            ) => {
                "Recap cannot read the usage data as it is set up now. Please tell whoever runs Recap here.".to_owned()
            }
            Self::Warehouse(_) => {
                "The usage data does not answer right now. Please try again in a few minutes.".to_owned()
            }
            Self::Unsure(_) => {
                "Something went wrong on Recap's side while this was saved. It may be saved or not: please look \
                 again in a few minutes. To ask for it once more does no harm."
                    .to_owned()
            }
            Self::Store(_) | Self::Slack(_) | Self::Message(_) => {
                "Something went wrong on Recap's side. Please try again in a few minutes.".to_owned()
            }
        }
    }

    /// The same, once a change was begun: what the store says then may be of what came after it was saved.
    #[must_use]
    pub fn while_saving(self) -> Self {
        match self {
            Self::Store(error) => Self::Unsure(error),
            other => other,
        }
    }
}
