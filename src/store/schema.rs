//! The tables: migrations forward only, all of them in one transaction.

use super::{
    Database, StoreError,
    cells::Cells,
    fault::Fault,
    open::quoted,
    work::{Backend, Work},
};

/// Each with its number; what was published is never changed.
pub(super) const MIGRATIONS: [(i64, &str); 6] = [
    (1, include_str!("migrations/0001_base.sql")),
    (2, include_str!("migrations/0002_claims.sql")),
    (3, include_str!("migrations/0003_versions.sql")),
    (4, include_str!("migrations/0004_teams.sql")),
    (5, include_str!("migrations/0005_seen.sql")),
    (6, include_str!("migrations/0006_admin.sql")),
];

impl Database {
    /// Brings the tables up to date; of two that start at once one waits for the other.
    pub(super) async fn migrate(&self) -> Result<(), StoreError> {
        self.migrate_with(&MIGRATIONS).await
    }

    pub(super) async fn migrate_with(&self, migrations: &[(i64, &str)]) -> Result<(), StoreError> {
        let known = migrations.last().map_or(0, |(number, _)| *number);
        let current = self.read(|mut work| async move { version(&mut work, self.schema()).await }).await?;
        if current == Some(known) {
            return Ok(());
        }
        self.write(|mut work| async move {
            work.one_at_a_time(self.schema(), "migrations").await?;
            let found = match version(&mut work, self.schema()).await? {
                Some(found) => found,
                None => prepare(&mut work, self.schema()).await?,
            };
            if found > known {
                return Err(StoreError::Newer { found, known }.into());
            }
            for (number, script) in migrations.iter().filter(|(number, _)| *number > found) {
                apply(&mut work, *number, script).await?;
            }
            if work.backend == Backend::Postgres {
                close_to_others(&mut work, self.schema()).await?;
            }
            work.done(()).await
        })
        .await
    }
}

/// The version of the tables; `None` where there are none.
async fn version(work: &mut Work, schema: &str) -> Result<Option<i64>, Fault> {
    const SQLITE: &str = "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'versions' AND '' = $1";
    const POSTGRES: &str =
        "SELECT CAST(tablename AS TEXT) AS name FROM pg_tables WHERE tablename = 'versions' AND schemaname = $1";
    const VERSION: &str = "SELECT CAST(COALESCE(MAX(version), 0) AS BIGINT) AS version FROM versions";
    let there = match work.backend {
        Backend::Sqlite => SQLITE,
        Backend::Postgres => POSTGRES,
    };
    if work.row(sqlx::query(there).bind(schema)).await?.is_none() {
        return Ok(None);
    }
    let row = work.row(sqlx::query(VERSION)).await?;
    Ok(row.map(|row| row.number("version")).transpose()?)
}

/// Makes the schema, if that is missing too, and the table of versions; one asks first, for making it needs a right
/// even where it is there.
async fn prepare(work: &mut Work, schema: &str) -> Result<i64, Fault> {
    const THERE: &str = "SELECT CAST(nspname AS TEXT) AS name FROM pg_namespace WHERE nspname = $1";
    if work.backend == Backend::Postgres && work.row(sqlx::query(THERE).bind(schema)).await?.is_none() {
        work.script(format!("CREATE SCHEMA {}", quoted(schema))).await?;
    }
    work.script("CREATE TABLE versions (version BIGINT NOT NULL PRIMARY KEY)".to_owned()).await?;
    Ok(0)
}

async fn apply(work: &mut Work, number: i64, script: &str) -> Result<(), Fault> {
    const APPLIED: &str = "INSERT INTO versions (version) VALUES ($1)";
    let script = match work.backend {
        Backend::Sqlite => script.to_owned(),
        // Text is ordered by its bytes, as SQLite and Rust do it, whatever the language of the server.
        Backend::Postgres => script.replace(" TEXT", " TEXT COLLATE \"C\""),
    };
    work.script(script).await?;
    work.run(sqlx::query(APPLIED).bind(number)).await?;
    Ok(())
}

/// Nobody but the owner of the tables sees a row, and what Supabase lets the public use has no right on them.
async fn close_to_others(work: &mut Work, schema: &str) -> Result<(), Fault> {
    const OPEN: &str =
        "SELECT CAST(tablename AS TEXT) AS name FROM pg_tables WHERE schemaname = $1 AND NOT rowsecurity";
    const PUBLIC: &str =
        "SELECT CAST(rolname AS TEXT) AS name FROM pg_roles WHERE rolname IN ('anon', 'authenticated') AND '' <> $1";
    for row in work.rows(sqlx::query(OPEN).bind(schema)).await? {
        work.script(format!("ALTER TABLE {} ENABLE ROW LEVEL SECURITY", quoted(&row.text("name")?))).await?;
    }
    let mut roles = vec!["PUBLIC".to_owned()];
    for row in work.rows(sqlx::query(PUBLIC).bind(schema)).await? {
        roles.push(quoted(&row.text("name")?));
    }
    let (schema, roles) = (quoted(schema), roles.join(", "));
    work.script(format!("REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {roles}")).await?;
    work.script(format!("REVOKE ALL ON SCHEMA {schema} FROM {roles}")).await
}
