//! What stood in a form when it was opened, as one hash a field: after somebody else's change it tells what was changed in the
//! form from what was only left there.

use crate::model::fnv1a;
use serde::{Deserialize, Serialize};

/// In the order of the form's fields; small enough to go along with it. What is not one knows of no field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen(Vec<u32>);

impl Seen {
    /// Of fields by what they hold.
    pub fn of<'a>(fields: impl IntoIterator<Item = &'a [&'a str]>) -> Self {
        let bytes = |parts: &[&str]| parts.iter().flat_map(|part| part.bytes().chain([0])).collect::<Vec<_>>();
        Self(fields.into_iter().map(|parts| u32::try_from(fnv1a(bytes(parts)) >> 32).unwrap_or_default()).collect())
    }

    /// As a form of the page carries it.
    pub fn read(text: &str) -> Self {
        Self(text.split(',').map_while(|part| part.parse().ok()).collect())
    }

    pub fn write(&self) -> String {
        self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
    }

    /// Whether the field of this number holds in `now` what it held then.
    pub fn is_left(&self, now: &Self, field: usize) -> bool {
        self.0.get(field).is_some() && self.0.get(field) == now.0.get(field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_left_is_told_from_what_was_changed() {
        let of = |fields: [&[&str]; 3]| Seen::of(fields);
        let before = of([&["09:00"], &["a", "b"], &[]]);
        let after = of([&["10:00"], &["a", "b"], &[""]]);
        let left: Vec<_> = (0..4).map(|field| before.is_left(&after, field)).collect();
        assert_eq!(left, [false, true, false, false]);
        assert!(!before.is_left(&of([&["09:00"], &["ab"], &[]]), 1));
        assert_eq!(Seen::read(&before.write()), before);
        for odd in ["", "x,1", "-1", "99999999999"] {
            assert!(!Seen::read(odd).is_left(&before, 0), "{odd}");
        }
    }
}
