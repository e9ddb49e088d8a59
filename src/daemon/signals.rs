//! The signals that end the daemon, and the demo, in order.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// SIGTERM, SIGINT and the SIGHUP of a terminal that is closed.
#[derive(Debug)]
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
    /// None under `nohup`.
    hangup: Option<Signal>,
}

impl Signals {
    /// From now on none of the signals ends the process by itself.
    pub fn watch() -> io::Result<Self> {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let hangup = if ignores_hangup(&status) { None } else { Some(signal(SignalKind::hangup())?) };
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())?, hangup })
    }

    /// Waits for the next one.
    pub async fn next(&mut self) {
        let hangup = async {
            match &mut self.hangup {
                Some(hangup) => hangup.recv().await,
                None => std::future::pending().await,
            }
        };
        let name = tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
            _ = hangup => "SIGHUP",
        };
        tracing::info!(signal = name, "stopping");
    }
}

/// Whether a process with this `/proc` status was started to outlive its terminal; SIGHUP is the first signal.
fn ignores_hangup(status: &str) -> bool {
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_under_nohup_ignores_the_end_of_its_terminal() {
        assert!(ignores_hangup("Name:\trecap\nSigIgn:\t0000000000001001\n"));
        assert!(!ignores_hangup("Name:\trecap\nSigIgn:\t0000000000001000\n"));
        assert!(!ignores_hangup(""));
    }
}
