//! Turns usage into blocks that the server can take in as they are: one day each, sorted.

use super::{event::Event, logs_block::LogsBlock, prompts_block::PromptsBlock, shape::Shape, usage::Usage};
use std::collections::BTreeMap;
use tokio::sync::mpsc::Sender;

/// Rows of a block; each becomes a part of the table.
const BLOCK_ROWS: usize = 65_536;
/// Days with fewer rows than this share a block: an insert of its own would take longer than the splitting.
const SMALL: usize = 4_096;
/// Days gathered at a time. Local dates of all zones reach over three UTC days, a long session over one more.
const OPEN_DAYS: usize = 4;
const DAY_SECONDS: i64 = 86_400;

/// A block on its way to the server.
#[derive(Debug)]
pub(super) struct Made {
    pub table: MadeFor,
    /// In the Native format.
    pub bytes: Vec<u8>,
    pub rows: u64,
}

/// Where a block belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MadeFor {
    Logs,
    Prompts,
}

/// Nobody takes blocks any more.
struct Unwanted;

struct Maker<'a> {
    shape: Shape,
    sender: &'a Sender<Made>,
    logs: LogsBlock,
    prompts: PromptsBlock,
    /// Events by UTC day: a block of one day spares the server the splitting into partitions, which takes it
    /// longer than all else.
    days: BTreeMap<i64, Vec<Event>>,
    /// Days with few events.
    small: Vec<Event>,
}

/// Makes blocks until there is no more usage, or nobody takes them.
pub(super) fn make(usage: Usage, shape: Shape, sender: &Sender<Made>) {
    let (logs, prompts) = (LogsBlock::new(shape), PromptsBlock::default());
    let mut maker = Maker { shape, sender, logs, prompts, days: BTreeMap::new(), small: Vec::new() };
    // Where nobody takes blocks, the taker knows why.
    let _ = maker.all(usage);
}

impl Maker<'_> {
    fn all(&mut self, usage: Usage) -> Result<(), Unwanted> {
        for event in usage {
            self.add(event)?;
        }
        while let Some((_, events)) = self.days.pop_first() {
            self.close(events)?;
        }
        let small = std::mem::take(&mut self.small);
        self.hand_over(small)?;
        self.hand_over_prompts()
    }

    fn add(&mut self, event: Event) -> Result<(), Unwanted> {
        if self.shape == Shape::Zeude {
            self.prompts.push(&event);
            if self.prompts.rows() >= BLOCK_ROWS {
                self.hand_over_prompts()?;
            }
        }
        let day = event.at.timestamp().div_euclid(DAY_SECONDS);
        let events = self.days.entry(day).or_default();
        events.push(event);
        if events.len() >= BLOCK_ROWS {
            let full = std::mem::take(events);
            self.hand_over(full)?;
        }
        if self.days.len() > OPEN_DAYS
            && let Some((_, events)) = self.days.pop_first()
        {
            self.close(events)?;
        }
        Ok(())
    }

    /// Takes a whole day, which waits for others where it is small.
    fn close(&mut self, mut events: Vec<Event>) -> Result<(), Unwanted> {
        if events.len() >= SMALL {
            return self.hand_over(events);
        }
        self.small.append(&mut events);
        if self.small.len() < SMALL {
            return Ok(());
        }
        let small = std::mem::take(&mut self.small);
        self.hand_over(small)
    }

    fn hand_over(&mut self, mut events: Vec<Event>) -> Result<(), Unwanted> {
        if events.is_empty() {
            return Ok(());
        }
        events.sort_by(|a, b| (self.shape.leading(a), a.at).cmp(&(self.shape.leading(b), b.at)));
        for event in &events {
            self.logs.push(event);
        }
        let rows = events.len() as u64;
        let bytes = self.logs.take(events.len());
        self.send(Made { table: MadeFor::Logs, bytes, rows })
    }

    fn hand_over_prompts(&mut self) -> Result<(), Unwanted> {
        let rows = self.prompts.rows() as u64;
        if rows == 0 {
            return Ok(());
        }
        let bytes = self.prompts.take();
        self.send(Made { table: MadeFor::Prompts, bytes, rows })
    }

    fn send(&self, made: Made) -> Result<(), Unwanted> {
        self.sender.blocking_send(made).map_err(|_| Unwanted)
    }
}
