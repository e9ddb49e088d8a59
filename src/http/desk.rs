//! What the admin API and the page share: who may come in, and the workspace once it is open.

use super::{office::Office, page::Sessions, tokens::Tokens};
use crate::{clock::Clock, config};
use std::{fmt, sync::Arc};
use tokio::sync::watch;

/// Cheap to clone; copies are one desk.
#[derive(Clone)]
pub struct Desk {
    pub(super) tokens: Arc<Tokens>,
    pub(super) sessions: Arc<Sessions>,
    pub(super) clock: Clock,
    /// Whether people reach it by https, so that the cookie can be kept to that.
    pub(super) secure: bool,
    opened: watch::Sender<Option<Arc<dyn Office>>>,
}

impl Desk {
    /// A desk that answers 503 to who may come in, until [`Desk::open`].
    pub fn new(settings: &config::Http, clock: Clock) -> Self {
        Self {
            tokens: Arc::new(Tokens::of(&settings.admin_tokens)),
            sessions: Arc::default(),
            clock,
            secure: settings.public_url.as_ref().is_some_and(|url| url.scheme() == "https"),
            opened: watch::Sender::new(None),
        }
    }

    /// From now on `office` answers.
    pub fn open(&self, office: impl Office + 'static) {
        self.opened.send_replace(Some(Arc::new(office)));
    }

    pub(super) fn office(&self) -> Option<Arc<dyn Office>> {
        self.opened.borrow().clone()
    }
}

impl fmt::Debug for Desk {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Desk").field("tokens", &self.tokens).finish_non_exhaustive()
    }
}
