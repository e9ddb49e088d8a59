//! What a modal carries with it. It says what somebody looked at, never what they may do.

use crate::admin::Seen;
use serde::{Deserialize, Serialize};

/// Slack takes no more.
const LONGEST: usize = 3_000;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Metadata {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// The version that was shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// What stood in the form at that version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen: Option<Seen>,
    /// How the blocks of the form are called now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round: Option<i64>,
}

impl Metadata {
    pub(super) fn write(&self) -> String {
        serde_json::to_string(self).ok().filter(|text| text.len() <= LONGEST).unwrap_or_default()
    }

    /// Anything else than what [`write`](Self::write) wrote names nothing.
    pub(super) fn read(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_was_written_is_read_and_nothing_else_breaks_it(
            team in proptest::option::of(".{0,64}"), channel in proptest::option::of("[CG][A-Z0-9]{1,20}"),
            version in proptest::option::of(any::<i64>()), forged in ".{0,200}",
        ) {
            let seen = team.as_deref().map(|team| Seen::of([&[team][..], &[]]));
            let metadata = Metadata { team, channel, version, seen, round: version };
            prop_assert_eq!(Metadata::read(&metadata.write()), metadata);
            let _ = Metadata::read(&forged);
        }
    }

    #[test]
    fn forged_values_name_nothing() {
        for text in ["", "null", "[]", "{\"team\": 7}", "{\"version\": \"1\"}", "{\"team\": {\"a\": 1}}"] {
            assert_eq!(Metadata::read(text), Metadata::default(), "{text}");
        }
    }
}
