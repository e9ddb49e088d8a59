//! An answer as it streams in.

use super::{Connection, WarehouseError};
use clickhouse::{RowOwned, RowRead, query::RowCursor};
use std::{collections::VecDeque, fmt, time::Duration};
use tokio::time::{Instant, interval_at, timeout_at};

/// ClickHouse drops a connection that takes nothing for 30 s (`http_send_timeout` of its default profile; a query
/// cannot change it). An answer that waits for others is read this often,
const TRICKLE_EVERY: Duration = Duration::from_secs(5);
/// and this many rows at a time.
const TRICKLE_ROWS: usize = 256;

/// A row that can be read from an answer.
pub trait Answered: RowOwned + RowRead {}

impl<T: RowOwned + RowRead> Answered for T {}

/// The rows of an answer, in its order.
pub struct Rows<T: Answered> {
    /// Read already: the first, to know that the answer has begun, and what came while it waited.
    ahead: VecDeque<T>,
    ended: bool,
    cursor: RowCursor<T>,
    until: Instant,
    connection: Connection,
}

impl<T: Answered> Rows<T> {
    pub(super) fn begun(first: Option<T>, cursor: RowCursor<T>, until: Instant, connection: Connection) -> Self {
        Self { ended: first.is_none(), ahead: first.into_iter().collect(), cursor, until, connection }
    }

    /// The next row, or none at the answer's end.
    ///
    /// # Errors
    /// When the answer is cut off, is not whole by the deadline, or ends in an exception of ClickHouse.
    pub async fn next(&mut self) -> Result<Option<T>, WarehouseError> {
        match self.ahead.pop_front() {
            Some(row) => Ok(Some(row)),
            None => self.read().await,
        }
    }

    /// Keeps the answer alive until `released`, holding the few rows that this takes.
    ///
    /// # Errors
    /// As for [`next`](Self::next).
    pub async fn wait(&mut self, released: impl Future<Output = ()>) -> Result<(), WarehouseError> {
        self.trickle(released, TRICKLE_EVERY).await
    }

    async fn trickle(&mut self, released: impl Future<Output = ()>, every: Duration) -> Result<(), WarehouseError> {
        tokio::pin!(released);
        let mut tick = interval_at(Instant::now() + every, every);
        loop {
            tokio::select! {
                () = &mut released => return Ok(()),
                _ = tick.tick() => {
                    for _ in 0..TRICKLE_ROWS {
                        match self.read().await? {
                            Some(row) => self.ahead.push_back(row),
                            None => break,
                        }
                    }
                }
            }
        }
    }

    async fn read(&mut self) -> Result<Option<T>, WarehouseError> {
        if self.ended {
            return Ok(None);
        }
        let row = timeout_at(self.until, self.cursor.next()).await;
        let row = row.map_err(|_| self.connection.late())?.map_err(|error| self.connection.explain(error, true))?;
        self.ended = row.is_none();
        // Reading may have kept the thread so busy that the time limit was not looked at.
        if Instant::now() > self.until { Err(self.connection.late()) } else { Ok(row) }
    }
}

impl<T: Answered> fmt::Debug for Rows<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Rows").field("ended", &self.ended).finish_non_exhaustive()
    }
}
