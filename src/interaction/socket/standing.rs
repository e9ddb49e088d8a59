//! How Socket Mode stands: how many connections there are, or why there is none.

use crate::telemetry::metrics;
use std::sync::{Arc, Mutex, PoisonError};

/// Shared by the connections and by who asks; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct SocketStanding(Arc<Mutex<Standing>>);

#[derive(Debug, Default)]
struct Standing {
    connections: usize,
    switched_off: bool,
    /// What became of the latest try.
    fault: Option<String>,
}

impl SocketStanding {
    /// Whether anything comes from Slack.
    ///
    /// # Errors
    /// A clause for the operator: why nothing does.
    pub fn judge(&self) -> Result<(), String> {
        self.change(|standing| match standing {
            Standing { connections: 1.., .. } => Ok(()),
            Standing { switched_off: true, .. } => {
                Err("Socket Mode is switched off for the app: switch it on, within five minutes Recap connects"
                    .to_owned())
            }
            Standing { fault: Some(fault), .. } => Err(fault.clone()),
            Standing { .. } => Err("there is no connection yet".to_owned()),
        })
    }

    /// Why there is one connection less; a clause without secrets.
    pub fn failed(&self, why: &str) {
        self.change(|standing| standing.fault = Some(why.to_owned()));
    }

    /// Slack says that Socket Mode is switched off; true where that is news.
    pub(super) fn switched_off(&self) -> bool {
        self.change(|standing| !std::mem::replace(&mut standing.switched_off, true))
    }

    /// One more connection stands, for as long as the value lives.
    pub(super) fn stands(&self) -> Stands {
        self.change(|standing| {
            standing.connections += 1;
            standing.switched_off = false;
        });
        metrics::socket(true);
        Stands(self.clone())
    }

    fn change<T>(&self, change: impl FnOnce(&mut Standing) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A connection that stands.
#[derive(Debug)]
pub(super) struct Stands(SocketStanding);

impl Drop for Stands {
    fn drop(&mut self) {
        self.0.change(|standing| standing.connections -= 1);
        metrics::socket(false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_connection_is_enough_and_without_any_the_latest_fault_is_told() {
        let standing = SocketStanding::default();
        assert_eq!(standing.judge(), Err("there is no connection yet".to_owned()));
        let (one, other) = (standing.stands(), standing.stands());
        standing.failed("the connection broke");
        drop(one);
        assert_eq!(standing.judge(), Ok(()));
        drop(other);
        assert_eq!(standing.judge(), Err("the connection broke".to_owned()));
        assert_eq!([standing.switched_off(), standing.switched_off()], [true, false]);
        assert!(standing.judge().unwrap_err().contains("switched off"));
        drop(standing.stands());
        assert_eq!(standing.judge(), Err("the connection broke".to_owned()), "it was on again");
    }
}
