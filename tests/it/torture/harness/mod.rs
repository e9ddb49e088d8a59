//! The torture: real daemons, killed and starved, and what the ledger and the stand-in Slack say afterwards.
//!
//! `make test` runs it at a reduced size (`tests/it/torture.rs`), `make torture` at full size (`benches/torture`).
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a torture ends at the first surprise")]

mod clock;
mod crew;
mod disk;
mod failpoints;
mod faults;
mod figures;
mod ground;
mod round;
mod verdict;
mod wire;
mod world;

pub use failpoints::each_failpoint;
pub use faults::{Trouble, trouble};
pub use figures::{Figures, Table};
pub use ground::{Ground, Place};
pub use round::{Rounds, kill_rounds};
