//! Work that goes on by itself: a panic in it is logged, and whoever waits can be told.

use super::saying::plain;
use crate::message::Message;
use futures::FutureExt;
use std::panic::AssertUnwindSafe;

/// What is said after a panic.
pub(super) const FAILED: &str =
    "Something went wrong inside Recap, and it is in its log. Please try again in a minute.";

/// What comes of `work`; none where it panicked.
pub(super) async fn caught<T>(work: impl Future<Output = T>) -> Option<T> {
    let done = AssertUnwindSafe(work).catch_unwind().await;
    if done.is_err() {
        tracing::error!("what goes on after an answer panicked");
    }
    done.ok()
}

pub(super) fn failed() -> Message {
    plain(FAILED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_ends_the_work_alone() {
        assert_eq!(caught(async { 7 }).await, Some(7));
        assert_eq!(caught(async { panic!("as a fault of ours would") }).await, None::<u8>);
    }
}
