//! How long to wait before the next connection is opened.

use std::time::Duration;

/// After a connection that was good: enough that not everybody whom Slack cut off comes back in the same instant.
const AT_ONCE: Duration = Duration::from_millis(500);
const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_mins(1);

/// Before it is looked whether Socket Mode is switched on again: a person does that, and not often.
const SWITCHED_OFF: Duration = Duration::from_mins(5);

/// The pause while Socket Mode is switched off for the app, shortened by `dice`, from 0 to 1, by up to a half.
pub(super) fn switched_off(dice: f64) -> Duration {
    SWITCHED_OFF.mul_f64(1.0 - dice / 2.0)
}

/// The pause after so many failures in a row: doubled each time, and shortened by `dice`, from 0 to 1, by up to a half.
pub(super) fn pause(failures: u32, dice: f64) -> Duration {
    match failures.checked_sub(1) {
        None => AT_ONCE.mul_f64(dice),
        Some(doublings) => {
            let whole = FIRST.saturating_mul(2_u32.saturating_pow(doublings)).min(LONGEST);
            whole.mul_f64(1.0 - dice / 2.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_to_a_minute_and_differ_by_the_dice() {
        let whole: Vec<_> = (0..9).map(|failures| pause(failures, 0.0).as_secs()).collect();
        assert_eq!(whole, [0, 1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(pause(3, 1.0), Duration::from_secs(2));
        assert_eq!(pause(0, 1.0), AT_ONCE);
        assert_eq!(pause(u32::MAX, 0.0), LONGEST);
        assert_eq!([switched_off(0.0), switched_off(1.0)].map(|pause| pause.as_secs()), [300, 150]);
    }
}
