//! Logs to stderr, readable or as JSON for a collector, and the metrics.

pub mod metrics;

use crate::config::{Log, LogFormat};
use std::io::{self, IsTerminal};
use tracing::{Level, level_filters::LevelFilter};
use tracing_subscriber::{Layer, Registry, filter::Targets, fmt, layer::SubscriberExt, util::SubscriberInitExt};

/// Starts the log; where one runs already, as in tests, that one stays.
pub fn start(log: Log) {
    // A fault of the log would be told on stderr too, and panic where a closed terminal is the fault.
    let lines = fmt::layer().with_writer(io::stderr).with_ansi(io::stderr().is_terminal()).log_internal_errors(false);
    let lines: Box<dyn Layer<Registry> + Send + Sync> = match log.format {
        LogFormat::Text => lines.with_target(false).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let _ = tracing_subscriber::registry().with(lines.with_filter(filter(log.level))).try_init();
}

/// Recap at `level`; the crates below it speak up from warnings only, for their details drown ours, and
/// request headers with tokens are among them.
fn filter(level: Level) -> Targets {
    Targets::new().with_default(LevelFilter::from(level).min(LevelFilter::WARN)).with_target("recap", level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_recap_itself_is_talkative() {
        for (level, ours, theirs) in
            [(Level::TRACE, Level::TRACE, Level::WARN), (Level::ERROR, Level::ERROR, Level::ERROR)]
        {
            let filter = filter(level);
            assert!(filter.would_enable("recap::slack", &ours), "{level}");
            assert!(filter.would_enable("hyper_util", &theirs), "{level}");
            assert!(!filter.would_enable("hyper_util", &Level::INFO), "{level}");
        }
        assert!(!filter(Level::ERROR).would_enable("recap", &Level::WARN));
        assert!(!filter(Level::ERROR).would_enable("hyper", &Level::WARN));
    }
}
