//! Sends what the outbox holds, each message once: the state machine, the relay, reconciliation and the limiter.

mod disposition;
pub mod limiter;
mod opener;
mod reconcile;
mod relay;
mod workspace;

pub use disposition::{Disposition, RECONCILE_AFTER, backoff};
pub use limiter::Limiter;
pub use opener::Opener;
pub use reconcile::Reconciler;
pub use relay::{Relay, RelayOptions};
pub use workspace::revive;
