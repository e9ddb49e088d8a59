//! Ids that cross a boundary, each a type of its own.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}

id!(
    /// A Slack workspace (`T…`).
    WorkspaceId
);
id!(
    /// A Slack person (`U…` or `W…`).
    MemberId
);
id!(
    /// A Slack conversation (`C…`, `G…` or `D…`).
    ChannelId
);
id!(
    /// A delivery: 128 random bits that say nothing.
    DeliveryId
);

impl DeliveryId {
    /// A new one, unlike all others.
    pub fn new() -> Self {
        Self(format!("{:032x}", rand::random::<u128>()))
    }
}

impl Default for DeliveryId {
    fn default() -> Self {
        Self::new()
    }
}
