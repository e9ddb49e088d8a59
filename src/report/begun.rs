//! Answers that are read side by side, none before all have begun: a quick one is kept alive meanwhile.

use crate::warehouse::{Answered, Rows, WarehouseError};
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio_util::sync::CancellationToken;

/// How many have not begun.
#[derive(Debug)]
pub struct Begun {
    outstanding: AtomicUsize,
    all: CancellationToken,
}

impl Begun {
    pub fn of(answers: usize) -> Self {
        Self { outstanding: AtomicUsize::new(answers), all: CancellationToken::new() }
    }

    /// The answer to `question`, once all have begun; none where it is not `wanted`.
    pub async fn join<T: Answered>(
        &self,
        question: impl Future<Output = Result<Rows<T>, WarehouseError>>,
        wanted: bool,
    ) -> Result<Option<Rows<T>>, WarehouseError> {
        let mut rows = if wanted { Some(question.await?) } else { None };
        if self.outstanding.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.all.cancel();
        }
        if let Some(rows) = &mut rows {
            rows.wait(self.all.cancelled()).await?;
        }
        Ok(rows)
    }
}
