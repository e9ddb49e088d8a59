//! Jitter: how long the sending to one recipient is put off, so that not all are sent to at once.

use crate::model::fnv1a;
use chrono::TimeDelta;

/// A delay of 0 to `minutes`, in whole seconds: always the same for the same recipient, spread evenly over recipients.
pub fn jitter(recipient: &str, minutes: u32) -> TimeDelta {
    let longest = u64::from(minutes) * 60;
    let seconds = fnv1a(recipient.bytes()) % (longest + 1);
    TimeDelta::seconds(i64::try_from(seconds).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_recipients_delay_is_the_same_in_every_release() {
        assert_eq!(jitter("U012AB3CD", 30), TimeDelta::seconds(1488));
    }

    #[test]
    fn recipients_are_spread_evenly() {
        for minutes in [1, 5, 10, 30, 60] {
            const RECIPIENTS: u32 = 60_000;
            let mut tenths = [0_u32; 10];
            for number in 0..RECIPIENTS {
                let share =
                    jitter(&format!("U0{number:06X}"), minutes).num_seconds() * 10 / (i64::from(minutes) * 60 + 1);
                tenths[usize::try_from(share).unwrap()] += 1;
            }
            let fair = RECIPIENTS / 10;
            // 61 seconds do not share out evenly over tenths.
            let slack = if minutes == 1 { fair / 5 } else { fair / 20 };
            assert!(tenths.iter().all(|count| count.abs_diff(fair) <= slack), "{minutes}: {tenths:?}");
        }
    }

    proptest! {
        #[test]
        fn it_is_within_its_bounds_and_always_the_same(recipient in ".*", minutes in any::<u32>()) {
            let delay = jitter(&recipient, minutes);
            prop_assert!(TimeDelta::zero() <= delay && delay <= TimeDelta::minutes(minutes.into()));
            prop_assert_eq!(delay, jitter(&recipient, minutes));
            prop_assert_eq!(jitter(&recipient, 0), TimeDelta::zero());
        }
    }
}
