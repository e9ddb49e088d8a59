//! What a test makes Recap log.

use std::{
    io,
    sync::{Arc, Mutex},
};
use tracing::{Level, subscriber::DefaultGuard};
use tracing_subscriber::{filter::Targets, layer::SubscriberExt, util::SubscriberInitExt};

/// What Recap logs on this thread for as long as the value lives.
#[derive(Debug)]
pub struct Log {
    written: Writer,
    _guard: DefaultGuard,
}

impl Log {
    pub fn listen() -> Self {
        let recap = Targets::new().with_target("recap", Level::TRACE);
        let lines = || tracing_subscriber::fmt::layer().with_ansi(false);
        // Where a thread without a listener comes by a line first, tracing would switch it off for all threads; with
        // one that swallows everything, no thread is without.
        let _ = tracing_subscriber::registry().with(recap.clone()).with(lines().with_writer(io::sink)).try_init();
        let written = Writer::default();
        let writer = written.clone();
        let ours = tracing_subscriber::registry().with(recap).with(lines().with_writer(move || writer.clone()));
        Self { written, _guard: ours.set_default() }
    }

    /// The lines so far.
    pub fn lines(&self) -> Vec<String> {
        let written = self.written.0.lock().unwrap();
        String::from_utf8(written.clone()).unwrap().lines().map(str::to_owned).collect()
    }
}

#[derive(Debug, Clone, Default)]
struct Writer(Arc<Mutex<Vec<u8>>>);

impl io::Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
