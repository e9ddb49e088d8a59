//! Ticks by the machine's clock: two fixed jobs of tokio-cron-scheduler, in UTC.
//!
//! It freezes a job's offset when the job is made and drops jobs when hundreds are due, so it gets no more than these.

use super::{Pulse, Source, Tick};
use anyhow::Context;
use async_trait::async_trait;
use std::time::Duration;
use tokio::time::timeout;
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};

/// Each minute, on the minute.
const EACH_MINUTE: &str = "0 * * * * *";
/// Each hour, beside the minutes at which digests are due.
const EACH_HOUR: &str = "30 7 * * * *";
/// A start or stop that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(10);

/// A scheduler of its own for each start; what an earlier one left waits idle.
#[derive(Default)]
pub(super) struct CronJobs {
    scheduler: Option<JobScheduler>,
}

#[async_trait]
impl Source for CronJobs {
    async fn start(&mut self, pulse: Pulse) -> anyhow::Result<()> {
        let started = timeout(PATIENCE, scheduler(pulse)).await.context("the scheduler does not start in time")?;
        self.scheduler = Some(started.context("the scheduler does not start")?);
        Ok(())
    }

    async fn stop(&mut self) {
        if let Some(mut scheduler) = self.scheduler.take() {
            let _ = timeout(PATIENCE, scheduler.shutdown()).await;
        }
    }
}

async fn scheduler(pulse: Pulse) -> Result<JobScheduler, JobSchedulerError> {
    let scheduler = JobScheduler::new().await?;
    for (cron, tick) in [(EACH_MINUTE, Tick::Minute), (EACH_HOUR, Tick::Hourly)] {
        let pulse = pulse.clone();
        scheduler.add(Job::new(cron, move |_, _| pulse.beat(tick))?).await?;
    }
    scheduler.start().await?;
    Ok(scheduler)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    #[tokio::test]
    async fn the_scheduler_takes_the_fixed_jobs_and_ticks_within_a_minute() {
        let mut scheduler = scheduler(Pulse::new(Clock::system())).await.unwrap();
        let next = scheduler.time_till_next_job().await.unwrap().unwrap();
        assert!(next <= Duration::from_mins(1), "{next:?}");
        scheduler.shutdown().await.unwrap();
    }

    #[tokio::test]
    async fn a_source_starts_anew_after_a_stop() {
        let mut jobs = CronJobs::default();
        for _ in 0..2 {
            jobs.start(Pulse::new(Clock::system())).await.unwrap();
            assert!(jobs.scheduler.is_some());
            jobs.stop().await;
            assert!(jobs.scheduler.is_none());
        }
    }
}
