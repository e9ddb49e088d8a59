//! Values that every module may use: addresses, zones, days and ids, parsed once and correct from then on.

mod covers;
mod days;
mod email;
mod hash;
mod ids;
mod team;
mod zone;

pub use covers::Covers;
pub use days::{LocalTime, Weekdays};
pub use email::MemberEmail;
pub use hash::fnv1a;
pub use ids::{ChannelId, DeliveryId, MemberId, WorkspaceId};
pub use team::{Roster, Stay};
pub use zone::parse_zone;

/// How a reason of the ledger begins that Slack gave; Slack's code follows. Of a subscription that is off: Slack refused it a
/// few times in a row, and only somebody's new word takes that back.
pub const REFUSED: &str = "slack_";

/// Why a value from outside was refused, as a clause without a full stop.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ParseError(pub String);
