//! Why something is not done, in words for who asked.

use super::FieldFault;
use crate::{report::MessageError, slack::SlackError, store::StoreError, warehouse::WarehouseError};

#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// All faults of a change at once.
    #[error("{}", .0.iter().map(|fault| format!("{}: {}", fault.field, fault.reason)).collect::<Vec<_>>().join("; "))]
    Invalid(Vec<FieldFault>),
    /// The words say who may.
    #[error("{0}")]
    NotAllowed(String),
    #[error("nothing can be enabled before its preview was shown to you")]
    NotPreviewed,
    #[error("they have not agreed to a daily digest, and nobody can agree for them")]
    NoConsent,
    /// The words say why a digest is not sent to somebody now.
    #[error("{0}")]
    NotSent(&'static str),
    /// Who changed what since it was looked at, as sentences, as far as it is known.
    #[error("somebody else changed this meanwhile; look at it again")]
    Changed(Vec<String>),
    #[error("there is no team `{name}`{}", nearest.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default())]
    NoSuchTeam { name: String, nearest: Option<String> },
    #[error("nobody in the Slack workspace has the address or id `{0}`")]
    NoSuchMember(String),
    /// An `Idempotency-Key` that was used for something else.
    #[error("this key was used for another request")]
    KeyReused,
    /// What was asked for is done; what follows from it could not be found out, or not yet be done.
    #[error("it is saved, but something went wrong after that")]
    AfterSaving(#[source] Box<Self>),
    #[error("sending is halted")]
    Halted,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Slack(#[from] SlackError),
    #[error(transparent)]
    Warehouse(#[from] WarehouseError),
    #[error(transparent)]
    Message(#[from] MessageError),
}

impl AdminError {
    /// What this error is once the change stands.
    #[must_use]
    pub fn after_saving(self) -> Self {
        Self::AfterSaving(Box::new(self))
    }

    /// What the person reads, as a sentence: no cause, and what they can do.
    pub fn words(&self) -> String {
        match self {
            Self::NoSuchTeam { name, nearest: Some(nearest) } => {
                format!("There is no team \"{name}\". Did you mean \"{nearest}\"?")
            }
            Self::Changed(who) if !who.is_empty() => format!("This was changed meanwhile. {}", who.join(" ")),
            Self::Store(_) | Self::Slack(_) | Self::Message(_) => {
                "Something went wrong on Recap's side, and nothing was changed. Please try again in a few minutes."
                    .to_owned()
            }
            Self::AfterSaving(_) => {
                "It is saved, but something went wrong on Recap's side after that. Please look at it again in a few \
                 minutes."
                    .to_owned()
            }
            Self::Warehouse(_) => {
                "The usage data does not answer right now. Please try again in a few minutes.".to_owned()
            }
            refused => {
                let words = refused.to_string().replace('`', "\"");
                let mut letters = words.chars();
                let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
                format!("{first}{}.", letters.as_str())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_failed_once_it_was_saved_does_not_say_that_nothing_was_changed() {
        let failed = || AdminError::Message(MessageError::Limit("x".to_owned()));
        assert!(failed().words().contains("nothing was changed"));
        let words = failed().after_saving().words();
        assert!(words.starts_with("It is saved, but") && !words.contains("nothing"), "{words}");
    }
}
