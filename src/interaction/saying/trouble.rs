//! Why something is not answered, in words for who asked; what is Recap's own fault is logged too.

use super::plain;
use crate::{admin::AdminError, message::Message, personal::PersonalError};
use std::error::Error;

/// What stands in the way of an answer.
#[derive(Debug)]
pub(in crate::interaction) enum Trouble {
    Personal(PersonalError),
    Admin(AdminError),
    /// Theirs to mend: the words say how.
    Refused(String),
}

impl Trouble {
    /// What the person reads.
    pub(in crate::interaction) fn told(&self) -> Message {
        if let Some(fault) = self.fault() {
            tracing::warn!(error = fault, "somebody could not be answered");
        }
        plain(&match self {
            Self::Personal(error) => error.words(),
            Self::Admin(error) => error.words(),
            Self::Refused(words) => words.clone(),
        })
    }

    /// The same, once a change was begun.
    pub(in crate::interaction) fn while_saving(self) -> Self {
        match self {
            Self::Personal(error) => Self::Personal(error.while_saving()),
            other => other,
        }
    }

    /// What Recap's operator has to know of.
    fn fault(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Personal(error) => match error {
                PersonalError::NotAMember | PersonalError::NoAddress | PersonalError::Unusable(_) => None,
                PersonalError::Busy
                | PersonalError::Store(_)
                | PersonalError::Unsure(_)
                | PersonalError::Warehouse(_)
                | PersonalError::Slack(_)
                | PersonalError::Message(_) => Some(error),
            },
            Self::Admin(error) => match error {
                AdminError::Store(_) | AdminError::Warehouse(_) | AdminError::Slack(_) | AdminError::Message(_) => {
                    Some(error)
                }
                _ => None,
            },
            Self::Refused(_) => None,
        }
    }
}

impl<E: Into<PersonalError>> From<E> for Trouble {
    fn from(error: E) -> Self {
        Self::Personal(error.into())
    }
}

impl From<AdminError> for Trouble {
    fn from(error: AdminError) -> Self {
        Self::Admin(error)
    }
}
