//! One transaction: the only way to the database. Every statement runs inside one, none stays prepared on PostgreSQL, so
//! a pooler may give each transaction another connection.

use super::{Database, Store, StoreError, fault::Fault};
use crate::model::fnv1a;
use futures::TryStreamExt;
use sqlx::{
    Any, AssertSqlSafe, Transaction,
    any::{AnyArguments, AnyRow},
};
use std::{
    fmt::Write as _,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

pub(super) type Sql = sqlx::query::Query<'static, Any, AnyArguments>;

/// How often a transaction is begun that others keep breaking.
const TRIES: u32 = 5;
/// The pause before the second; it doubles each time.
const PAUSE: Duration = Duration::from_millis(20);
/// How long a transaction on PostgreSQL may take: a silent network never answers.
const PATIENCE: Duration = Duration::from_mins(1);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Backend {
    Sqlite,
    Postgres,
}

/// A transaction under way; without [`Work::done`] it never happened.
pub(super) struct Work {
    transaction: Transaction<'static, Any>,
    pub(super) backend: Backend,
    /// Counts the statements of the database.
    statements: Arc<AtomicU64>,
}

impl Work {
    pub(super) fn new(transaction: Transaction<'static, Any>, backend: Backend, statements: Arc<AtomicU64>) -> Self {
        Self { transaction, backend, statements }
    }

    /// Answers how many rows it changed.
    pub(super) async fn run(&mut self, sql: Sql) -> Result<u64, Fault> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        let sql = sql.persistent(self.backend == Backend::Sqlite);
        Ok(sql.execute(&mut *self.transaction).await?.rows_affected())
    }

    pub(super) async fn rows(&mut self, sql: Sql) -> Result<Vec<AnyRow>, Fault> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        let sql = sql.persistent(self.backend == Backend::Sqlite);
        Ok(sql.fetch_all(&mut *self.transaction).await?)
    }

    /// Reads each row as it comes: tens of thousands of them would fill a memory.
    pub(super) async fn each<T>(
        &mut self,
        sql: Sql,
        mut read: impl FnMut(&AnyRow) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, Fault> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        let sql = sql.persistent(self.backend == Backend::Sqlite);
        let mut rows = sql.fetch(&mut *self.transaction);
        let mut all = Vec::new();
        while let Some(row) = rows.try_next().await? {
            all.push(read(&row)?);
        }
        Ok(all)
    }

    pub(super) async fn row(&mut self, sql: Sql) -> Result<Option<AnyRow>, Fault> {
        Ok(self.rows(sql).await?.into_iter().next())
    }

    /// Several statements without values.
    pub(super) async fn script(&mut self, script: String) -> Result<(), Fault> {
        sqlx::raw_sql(AssertSqlSafe(script)).execute(&mut *self.transaction).await?;
        Ok(())
    }

    /// Commits; also where nothing was changed, so that no lock outlives the answer.
    pub(super) async fn done<T>(self, answer: T) -> Result<T, Fault> {
        self.transaction.commit().await?;
        Ok(answer)
    }

    /// What follows a `SELECT` whose rows will be changed, where others may do the same.
    pub(super) fn lock_rows(&self) -> &'static str {
        match self.backend {
            Backend::Sqlite => "",
            Backend::Postgres => " FOR UPDATE",
        }
    }

    /// As [`Work::lock_rows`], leaving rows to others that they have locked.
    pub(super) fn lock_free_rows(&self) -> &'static str {
        match self.backend {
            Backend::Sqlite => "",
            Backend::Postgres => " FOR UPDATE SKIP LOCKED",
        }
    }

    /// Lets one at a time past this point, until its transaction ends; on SQLite there is one writer anyway.
    pub(super) async fn one_at_a_time(&mut self, schema: &str, what: &str) -> Result<(), Fault> {
        const LOCK: &str = "SELECT pg_advisory_xact_lock($1)";
        if self.backend == Backend::Postgres {
            self.run(sqlx::query(LOCK).bind(lock_number(schema, what))).await?;
        }
        Ok(())
    }

    /// Runs `head (…), (…) tail` for all `rows`, as many at a time as is quick, every tuple of `columns` values, and
    /// answers how many rows were changed.
    pub(super) async fn run_for<T>(
        &mut self,
        (head, columns, tail): (&str, usize, &str),
        rows: &[T],
        bind: impl Fn(Sql, &T) -> Sql,
    ) -> Result<u64, Fault> {
        let at_once = self.at_once(columns);
        let whole = self.tuples(head, columns, tail, at_once.min(rows.len()));
        let mut changed = 0;
        for page in rows.chunks(at_once) {
            let text = if page.len() == at_once { whole.clone() } else { self.tuples(head, columns, tail, page.len()) };
            let sql = page.iter().fold(sqlx::query(AssertSqlSafe(text)), &bind);
            changed += self.run(sql).await?;
        }
        Ok(changed)
    }

    /// The same for a statement that answers: all that `read` makes of its rows, page after page.
    pub(super) async fn each_for<T, R>(
        &mut self,
        (head, columns, tail): (&str, usize, &str),
        rows: &[T],
        bind: impl Fn(Sql, &T) -> Sql,
        mut read: impl FnMut(&AnyRow) -> Result<R, StoreError>,
    ) -> Result<Vec<R>, Fault> {
        let mut all = Vec::new();
        for page in rows.chunks(self.at_once(columns)) {
            let text = self.tuples(head, columns, tail, page.len());
            all.extend(self.each(page.iter().fold(sqlx::query(AssertSqlSafe(text)), &bind), &mut read).await?);
        }
        Ok(all)
    }

    fn at_once(&self, columns: usize) -> usize {
        let (at_once, values) = match self.backend {
            Backend::Sqlite => (64, 32_766),
            // With more PostgreSQL would rather walk over the table than look each one up.
            Backend::Postgres => (100, 65_535),
        };
        at_once.min(values / columns)
    }

    /// SQLite looks up `$1` by name among all others, which takes long where there are thousands; `?` it counts.
    fn tuples(&self, head: &str, columns: usize, tail: &str, count: usize) -> String {
        let mut text = String::with_capacity(head.len() + tail.len() + count * columns * 6);
        text.push_str(head);
        for tuple in 0..count {
            text.push_str(if tuple == 0 { " (" } else { ", (" });
            for column in 0..columns {
                if column > 0 {
                    text.push(',');
                }
                match self.backend {
                    Backend::Sqlite => text.push('?'),
                    Backend::Postgres => {
                        let _ = write!(text, "${}", tuple * columns + column + 1);
                    }
                }
            }
            text.push(')');
        }
        text.push_str(tail);
        text
    }
}

/// The same in every version of Recap, so that all take the same locks.
fn lock_number(schema: &str, what: &str) -> i64 {
    fnv1a(schema.bytes().chain([0]).chain(what.bytes())).cast_signed()
}

impl Database {
    /// Runs `work` in a transaction that may write, again where others broke it.
    pub(super) async fn write<T, F>(&self, mut work: impl FnMut(Work) -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, Fault>>,
    {
        let mut tried = 0;
        loop {
            tried += 1;
            let written = self.in_time(async { work(self.begin_write().await?).await }).await;
            match pause_before_again(written, tried)? {
                Ok(answer) => return Ok(answer),
                Err(pause) => tokio::time::sleep(pause).await,
            }
        }
    }

    /// Runs `work` in a transaction that only reads.
    pub(super) async fn read<T, F>(&self, mut work: impl FnMut(Work) -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, Fault>>,
    {
        let mut tried = 0;
        loop {
            tried += 1;
            let read = self.in_time(async { work(self.begin_read().await?).await }).await;
            match pause_before_again(read, tried)? {
                Ok(answer) => return Ok(answer),
                Err(pause) => tokio::time::sleep(pause).await,
            }
        }
    }

    async fn in_time<T>(&self, work: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
        if !self.is_shared() {
            return work.await;
        }
        let late = |_| StoreError::Unavailable { what: "it did not answer in time".to_owned() };
        tokio::time::timeout(PATIENCE, work).await.map_err(late)?
    }
}

/// The answer, or how long to wait before the transaction is begun again.
fn pause_before_again<T>(answer: Result<T, Fault>, tried: u32) -> Result<Result<T, Duration>, StoreError> {
    match answer {
        Ok(answer) => Ok(Ok(answer)),
        Err(fault) if fault.again && tried < TRIES => Ok(Err(PAUSE * 2_u32.pow(tried - 1))),
        Err(fault) => Err(fault.error),
    }
}

impl Store {
    /// A statement whose `$1` is the workspace.
    pub(super) fn sql(&self, text: &'static str) -> Sql {
        sqlx::query(text).bind(self.workspace().to_owned())
    }

    /// The same with a text that was put together from constants.
    pub(super) fn sql_of(&self, text: String) -> Sql {
        sqlx::query(AssertSqlSafe(text)).bind(self.workspace().to_owned())
    }

    pub(super) async fn write<T, F>(&self, work: impl FnMut(Work) -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, Fault>>,
    {
        self.database().write(work).await
    }

    pub(super) async fn read<T, F>(&self, work: impl FnMut(Work) -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, Fault>>,
    {
        self.database().read(work).await
    }
}
