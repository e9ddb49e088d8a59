//! Ticks by a clock that runs faster than the machine's, which is the only one that tokio-cron-scheduler knows.

use super::{MINUTE, Pulse, Source, Tick};
use crate::clock::Clock;
use async_trait::async_trait;
use tokio::task::AbortHandle;

/// A tick after each minute of the clock.
#[derive(Debug)]
pub(super) struct Paced {
    clock: Clock,
    ticking: Option<AbortHandle>,
}

impl Paced {
    pub(super) fn new(clock: Clock) -> Self {
        Self { clock, ticking: None }
    }
}

#[async_trait]
impl Source for Paced {
    async fn start(&mut self, pulse: Pulse) -> anyhow::Result<()> {
        self.stop().await;
        let clock = self.clock.clone();
        let ticking = tokio::spawn(async move {
            for minute in 1_u64.. {
                clock.sleep(MINUTE).await;
                pulse.beat(Tick::Minute);
                if minute % 60 == 0 {
                    pulse.beat(Tick::Hourly);
                }
            }
        });
        self.ticking = Some(ticking.abort_handle());
        Ok(())
    }

    async fn stop(&mut self) {
        if let Some(ticking) = self.ticking.take() {
            ticking.abort();
        }
    }
}

impl Drop for Paced {
    fn drop(&mut self) {
        if let Some(ticking) = self.ticking.take() {
            ticking.abort();
        }
    }
}
