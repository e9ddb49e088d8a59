//! Why made-up usage was not written.

/// A clause without a full stop; `hint` says what to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the table `{table}` holds rows that `recap sample` did not write")]
    Foreign { table: String },
    #[error("the table `{table}` does not have the columns of this shape: {}", missing.join(", "))]
    WrongShape { table: String, missing: Vec<String> },
    #[error("the ClickHouse account may not write to `{table}`")]
    ReadOnly { table: String },
    #[error("ClickHouse did not answer")]
    Unreachable { source: clickhouse::error::Error },
    #[error("ClickHouse refused the account or its password")]
    Account,
    #[error("ClickHouse refused to {action} `{table}`: {reason}")]
    Refused { action: &'static str, table: String, reason: String },
    #[error("the made-up usage ended early")]
    Interrupted,
}

impl Error {
    /// What the reader can do.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Foreign { .. } => {
                "name another database (`clickhouse.database`) or table (`clickhouse.logs_table`): real telemetry is never replaced"
            }
            Self::WrongShape { .. } => {
                "choose the `--shape` that the table has, or name another table in `clickhouse.logs_table`"
            }
            Self::ReadOnly { .. } => "use an account that may create tables and insert, or the embedded engine",
            Self::Unreachable { .. } => "see that ClickHouse runs and that `clickhouse.url` is its HTTP address",
            Self::Account => "see that `clickhouse.user` and `clickhouse.password` are right",
            Self::Refused { .. } => {
                "see that the account may create tables in `clickhouse.database` and that the disk is not full"
            }
            Self::Interrupted => "run the command again; it replaces what was written",
        }
    }

    /// The error for `source`, met when trying to `action` `table`.
    pub(super) fn from_engine(action: &'static str, table: &str, source: clickhouse::error::Error) -> Self {
        use clickhouse::error::Error as Fault;
        let table = table.to_owned();
        match &source {
            Fault::BadResponse(reply) if says(reply, FORBIDDEN) => Self::ReadOnly { table },
            Fault::BadResponse(reply) if says(reply, UNKNOWN_ACCOUNT) => Self::Account,
            Fault::Network(_) | Fault::TimedOut => Self::Unreachable { source },
            _ => Self::Refused { action, table, reason: first_line(&source.to_string()) },
        }
    }
}

/// READONLY, ACCESS_DENIED and TABLE_IS_READ_ONLY, as replies begin.
const FORBIDDEN: [&str; 3] = ["Code: 164.", "Code: 497.", "Code: 242."];
/// UNKNOWN_USER, REQUIRED_PASSWORD and AUTHENTICATION_FAILED.
const UNKNOWN_ACCOUNT: [&str; 3] = ["Code: 192.", "Code: 194.", "Code: 516."];

fn says(reply: &str, codes: [&str; 3]) -> bool {
    codes.iter().any(|code| reply.contains(code))
}

/// The server goes on with advice over many lines.
fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().trim_end_matches('.').to_owned()
}
