//! What the database says, sorted into what may be tried again and what may not. Its own words never go on: they can
//! hold values of rows.

use super::StoreError;
use sqlx::error::{DatabaseError, Error};
use std::io;

/// An error, and whether the same transaction may succeed if it is begun again at once.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) error: StoreError,
    pub(super) again: bool,
}

impl Fault {
    fn unavailable(what: &str, again: bool) -> Self {
        Self { error: StoreError::Unavailable { what: what.to_owned() }, again }
    }

    fn unusable(what: impl Into<String>, hint: &str) -> Self {
        Self { error: StoreError::Unusable { what: what.into(), hint: hint.to_owned() }, again: false }
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self { error, again: false }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        match error {
            Error::Database(error) => of_database(&*error),
            Error::Io(error) => Self::unavailable(broken(error.kind()), true),
            Error::Tls(_) => Self::unusable("TLS with the store failed", "look at `sslmode` in `store.url`"),
            Error::Configuration(_) => {
                Self::unusable("`store.url` is no address of a store", "write `sqlite:PATH` or `postgres://…`")
            }
            Error::PoolTimedOut => Self::unavailable("no connection to it became free", false),
            Error::PoolClosed => Self::unavailable("it is closed", false),
            Error::Protocol(_) | Error::WorkerCrashed | Error::BeginFailed => {
                Self::unavailable("the connection broke", true)
            }
            Error::ColumnDecode { .. } | Error::Decode(_) | Error::ColumnNotFound(_) => {
                StoreError::Corrupt { what: "a value has another type".to_owned() }.into()
            }
            _ => Self::unusable("the store's driver failed", "this is a fault of Recap: please report it"),
        }
    }
}

fn broken(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::ConnectionRefused => "the connection was refused",
        io::ErrorKind::TimedOut => "it did not answer in time",
        io::ErrorKind::NotFound | io::ErrorKind::AddrNotAvailable => "its address leads nowhere",
        _ => "the connection broke",
    }
}

fn of_database(error: &dyn DatabaseError) -> Fault {
    let code = error.code().unwrap_or_default();
    match code.parse::<u32>() {
        // SQLite's codes are numbers below 10,000, PostgreSQL's have five letters or digits.
        Ok(number) if code.len() < 5 => of_sqlite(number),
        _ => of_postgres(&code, error.message()),
    }
}

/// By the codes of <https://sqlite.org/rescode.html>; the lowest byte is the primary one.
fn of_sqlite(code: u32) -> Fault {
    match code & 0xff {
        // Waiting was of no use, unless another connection is just recovering the log or moved on meanwhile.
        5 => Fault::unavailable("it is locked", code != 5),
        6 => Fault::unavailable("it is locked", true),
        8 => Fault::unavailable("it is read-only", false),
        10 => Fault::unavailable("its disk failed", false),
        13 => Fault::unavailable("its disk is full", false),
        14 => Fault::unavailable("its file cannot be opened", false),
        11 | 26 => Fault::unusable(
            "the store's file is damaged or no SQLite database",
            "put a copy of it in its place, or another path into `store.url`",
        ),
        3 | 23 => Fault::unusable("the store's file may not be read", "look at the rights of the file"),
        19 => refused(&code.to_string(), true),
        _ => refused(&code.to_string(), false),
    }
}

const PORT: &str = "connect to PostgreSQL itself, or to its pooler in session mode, on port 5432";

/// By the codes of <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
fn of_postgres(code: &str, message: &str) -> Fault {
    match code {
        "40001" | "40P01" | "55P03" => Fault::unavailable("others wrote the same rows", true),
        "25006" => Fault::unavailable("it is read-only", false),
        "26000" | "42P05" => Fault::unusable("the pooler in front of PostgreSQL cannot serve Recap", PORT),
        "28P01" | "28000" => {
            Fault::unusable("PostgreSQL refused the user or password", "look at the user and password in `store.url`")
        }
        "3D000" => Fault::unusable("there is no such database", "create it, or name another one in `store.url`"),
        "42501" => Fault::unusable(
            "the store's user may not do this",
            "let it create a schema in the database, or own the one in `store.schema`",
        ),
        "53100" => Fault::unavailable("its disk is full", false),
        "53300" => Fault::unavailable("it takes no more connections", false),
        "57P01" | "57P02" => Fault::unavailable("the connection broke", true),
        "57P03" => Fault::unavailable("it is starting or stopping", false),
        "57014" => Fault::unavailable("it did not answer in time", false),
        _ if message.contains("startup parameter") => Fault::unusable(
            "the pooler in front of PostgreSQL refuses a parameter of the connection",
            "set `ignore_startup_parameters = extra_float_digits` in pgbouncer.ini, or use port 5432",
        ),
        _ => match code.get(..2) {
            Some("08" | "53" | "58") => Fault::unavailable("the connection broke", true),
            Some("23") => refused(code, true),
            _ => refused(code, false),
        },
    }
}

fn refused(code: &str, again: bool) -> Fault {
    let what = format!("the store refused a statement (code `{code}`)");
    Fault { again, ..Fault::unusable(what, "this is a fault of Recap: please report it with the code") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_is_unavailable_and_what_does_not_has_a_hint() {
        for (code, what, again) in [
            (5, "locked", false),
            (261, "locked", true),
            (8, "read-only", false),
            (13, "full", false),
            (778, "disk", false),
            (14, "opened", false),
        ] {
            let fault = of_sqlite(code);
            assert!(fault.error.is_transient(), "{code}");
            assert!(fault.error.to_string().contains(what), "{code}: {}", fault.error);
            assert_eq!(fault.again, again, "{code}");
        }
        for (code, transient) in [
            ("40P01", true),
            ("53300", true),
            ("57P03", true),
            ("08006", true),
            ("28P01", false),
            ("3D000", false),
            ("42501", false),
            ("26000", false),
            ("42703", false),
        ] {
            let error = of_postgres(code, "").error;
            assert_eq!(error.is_transient(), transient, "{code}");
            assert!(!error.hint().is_empty(), "{code}");
        }
    }
}
