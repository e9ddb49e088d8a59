//! `recap grants`: what the warehouse account must be allowed, as SQL.

use super::{Context, Failure, answer, context::settings_file};
use crate::{
    config::Settings,
    warehouse::{grants, quoted},
};
use std::{fmt::Write, io, path::Path};

/// The account's name where the settings have ClickHouse's own.
const ACCOUNT: &str = "recap";

/// Print the least privileges for the warehouse account, as SQL
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Without settings it takes the tables that Recap looks for by default.

Examples:
  recap grants > grants.sql
  RECAP__CLICKHOUSE__DATABASE=telemetry recap grants")]
pub struct Arguments {}

/// Prints the statements for the configured tables; for the default ones where settings without a file cannot be used.
///
/// # Errors
/// When a settings file is named and cannot be used: statements for other tables than it names would mislead.
#[expect(clippy::unused_async, reason = "all commands are awaited alike")]
pub async fn run(_: Arguments, config: Option<&Path>) -> Result<(), Failure> {
    let settings = match Context::load(config) {
        Ok(context) => context.settings,
        Err(failure) if settings_file(config).is_some() => return Err(failure),
        Err(failure) => {
            let warning = "the settings cannot be used, so these are the default tables";
            // The statements are what was asked for, whoever reads the warning.
            let _ = io::Write::write_fmt(&mut io::stderr(), format_args!("{failure}\nwarning: {warning}\n"));
            Settings::load(None, [])?
        }
    };
    answer(&statements(&settings))
}

fn statements(settings: &Settings) -> String {
    let user = match settings.clickhouse.user.as_str() {
        "default" => ACCOUNT,
        user => user,
    };
    let mut sql = format!(
        "-- The least privileges of Recap's account, to be executed by an administrator of ClickHouse. Nothing is written,
-- and no column with the text of a prompt is read. (Where clients set OTEL_LOG_USER_PROMPTS=1 the exporter puts that
-- text among `LogAttributes`, where no grant can withhold it; Recap never asks for that key.)
--
-- Put the hash of a password of your own in place of <sha256>: printf %s \"$PASSWORD\" | sha256sum
-- readonly = 2 lets the account set a time limit for its queries, and write nothing.
-- Of events Recap reads five columns, and single keys in two of them. ClickHouse (26.7 at least) refuses a key to who
-- may read only its column, so the table itself is granted; the narrower statement below it is for later versions.
CREATE USER IF NOT EXISTS {} IDENTIFIED WITH sha256_hash BY '<sha256>' SETTINGS readonly = 2;
",
        quoted(user)
    );
    let mut purpose = "";
    for grant in grants(&settings.clickhouse) {
        // Writing to a string does not fail.
        if grant.purpose != purpose {
            let _ = writeln!(sql, "\n-- For {}:", grant.purpose);
        }
        purpose = grant.purpose;
        let _ = writeln!(sql, "{}", grant.statement(user));
        if let Some(narrower) = grant.narrower(user) {
            let _ = writeln!(sql, "-- {narrower}");
        }
    }
    if settings.clickhouse.logs_table.is_none() {
        sql.push_str("\n-- Leave out the tables that you do not have, or name yours in `clickhouse.logs_table` and run it again.\n");
    }
    sql
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_of_ones_own_is_the_one_that_is_granted() {
        let set = |key: &str, value: &str| (format!("RECAP__CLICKHOUSE__{key}"), value.to_owned());
        let settings = Settings::load(None, [set("USER", "digests"), set("PASSWORD", "pass-word")]).unwrap();
        let sql = statements(&settings);
        assert!(sql.contains("CREATE USER IF NOT EXISTS `digests` IDENTIFIED"), "{sql}");
        assert_eq!(sql.lines().filter(|line| line.starts_with("GRANT") && line.ends_with("TO `digests`;")).count(), 5);
        assert!(!sql.contains("pass-word"), "{sql}");
    }
}
