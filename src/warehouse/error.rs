//! What can go wrong between Recap and ClickHouse, and what to do about it.

use std::time::Duration;

/// Why a connection failed; the client's own error around it would say so twice.
type Cause = Box<dyn std::error::Error + Send + Sync>;

/// A question that the warehouse did not answer.
#[derive(Debug, thiserror::Error)]
pub enum WarehouseError {
    /// Nothing answers; retried until the deadline before it is told.
    #[error("ClickHouse at `{url}` cannot be reached")]
    Unreachable {
        url: String,
        #[source]
        source: Cause,
    },
    /// The account or its password was refused.
    #[error("ClickHouse refused the account `{user}`")]
    AccessRefused { user: String },
    /// The account lacks a right.
    #[error("the account `{user}` may not read what Recap needs: {what}")]
    NotGranted { user: String, what: String },
    /// The database that the settings name is not there.
    #[error("there is no database `{database}` in ClickHouse")]
    NoDatabase { database: String },
    /// No table of a known name, or not the one that the settings name.
    #[error("there is no table `{table}` in database `{database}`")]
    NoTable { database: String, table: String },
    /// A table that holds something else.
    #[error("table `{table}` is not a table of Claude Code events: {missing}")]
    WrongShape { table: String, missing: String, found: String },
    /// The answer did not end in time.
    #[error("ClickHouse did not answer within {} s", .0.as_secs())]
    Deadline(Duration),
    /// The connection broke in the middle of an answer.
    #[error("the answer of ClickHouse was cut off")]
    CutOff(#[source] Cause),
    /// ClickHouse answered with an error.
    #[error("ClickHouse refused the query (code {code}): {message}")]
    Refused { code: u32, message: String },
    /// What answers is not ClickHouse, or its answer has another form.
    #[error("the answer of ClickHouse cannot be read")]
    Unreadable(#[source] clickhouse::error::Error),
}

impl WarehouseError {
    /// What the reader can do.
    pub fn hint(&self) -> String {
        match self {
            Self::Unreachable { .. } => {
                "check `clickhouse.url` and that ClickHouse's HTTP interface is up (usually port 8123, or 8443 with TLS)".into()
            }
            Self::AccessRefused { .. } => "check `clickhouse.user` and `clickhouse.password` (or RECAP__CLICKHOUSE__PASSWORD_FILE)".into(),
            Self::NotGranted { .. } => "run `recap grants` and have its statements executed by an administrator".into(),
            Self::NoDatabase { .. } => "set `clickhouse.database` to the database that the collector writes to".into(),
            Self::NoTable { .. } => {
                "set `clickhouse.logs_table` to the collector's table, or `clickhouse.database` to where it is; `recap sample` makes one to try with".into()
            }
            Self::WrongShape { found, .. } => {
                format!("set `clickhouse.logs_table` to the table that the OpenTelemetry Collector's `clickhouse` exporter writes; this one has {found}")
            }
            Self::Deadline(_) => "raise `clickhouse.max_execution_seconds`, or ask why ClickHouse is slow".into(),
            Self::CutOff(_) => "nothing was used of it; run the command again, and look into ClickHouse's log if it repeats".into(),
            Self::Refused { code: 452, .. } => "lower `clickhouse.max_execution_seconds` to what the account may set".into(),
            Self::Refused { code: 241 | 202, .. } => "ClickHouse lacks memory or runs too many queries; try again when it is quieter".into(),
            Self::Refused { code: 164, .. } => "the account is read-only in a way that refuses settings; `recap check` tells more".into(),
            Self::Refused { .. } => "`recap check` tells what Recap can read".into(),
            Self::Unreadable(_) => "check that `clickhouse.url` is the HTTP interface of ClickHouse, not its native port or a proxy's page".into(),
        }
    }

    /// Whether the same question may succeed in a moment.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Deadline(_) | Self::CutOff(_))
    }
}

/// The code and the first sentence of an exception's text, such as `Code: 60. DB::Exception: Unknown table …`.
pub(super) fn exception(text: &str) -> Option<(u32, String)> {
    let rest = &text[text.find("Code: ")? + "Code: ".len()..];
    let digits = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
    let code = rest[..digits].parse().ok()?;
    let message = rest.split_once("DB::Exception: ").map_or("", |(_, message)| message);
    Some((code, first_sentence(message)))
}

/// ClickHouse repeats the query in its errors; one sentence of it is what a person can read.
fn first_sentence(message: &str) -> String {
    const LONGEST: usize = 300;
    let line = message.lines().next().unwrap_or_default();
    // What comes after `: while ` is a piece of the query, which may hold the end of a sentence itself.
    let end =
        line.find(": while ").or_else(|| line.find(". (")).or_else(|| line.find(" In scope ")).unwrap_or(line.len());
    let mut sentence: String = line[..end].chars().filter(|letter| !letter.is_control()).take(LONGEST).collect();
    while sentence.ends_with(['.', ' ']) {
        sentence.pop();
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_is_told_by_its_code_and_first_sentence() {
        let text = "Code: 497. DB::Exception: reader: Not enough privileges. To execute this query, it's necessary to have the grant SELECT(Body) ON default.otel_logs. (ACCESS_DENIED) (version 26.7.2.1)";
        let (code, message) = exception(text).unwrap();
        assert_eq!(code, 497);
        assert!(message.contains("SELECT(Body) ON default.otel_logs"), "{message}");
        assert!(!message.contains("version"), "{message}");
        assert!(exception("<html>nginx</html>").is_none());
    }

    #[test]
    fn a_piece_of_the_query_is_no_part_of_the_sentence() {
        let text = "Code: 407. DB::Exception: Decimal overflow: while executing 'FUNCTION toDateTime64(x. (y), 9)'. (DECIMAL_OVERFLOW) (version 26.7.2.1)";
        assert_eq!(exception(text), Some((407, "Decimal overflow".to_owned())));
    }
}
