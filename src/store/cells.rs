//! Values of a row as Recap's types; one that cannot be read is named by its column alone.

use super::StoreError;
use crate::model::MemberEmail;
use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use sqlx::{Row, any::AnyRow};
use std::str::FromStr;

/// How an instant is stored.
pub(super) fn micros(at: DateTime<Utc>) -> i64 {
    at.timestamp_micros()
}

/// Foreign text as every backend takes it: PostgreSQL has no room for NUL.
pub(super) fn clean(text: &str) -> String {
    text.replace('\0', "")
}

/// A list as it is stored; null where there is none.
pub(super) fn json<T: serde::Serialize>(list: Option<&Vec<T>>) -> Option<String> {
    list.map(|list| serde_json::json!(list).to_string())
}

pub(super) trait Cells {
    fn text_or_null(&self, column: &str) -> Result<Option<String>, StoreError>;
    fn number_or_null(&self, column: &str) -> Result<Option<i64>, StoreError>;

    fn text(&self, column: &str) -> Result<String, StoreError> {
        self.text_or_null(column)?.ok_or_else(|| unreadable(column))
    }

    fn number(&self, column: &str) -> Result<i64, StoreError> {
        self.number_or_null(column)?.ok_or_else(|| unreadable(column))
    }

    fn flag(&self, column: &str) -> Result<bool, StoreError> {
        Ok(self.number(column)? != 0)
    }

    /// A number that is never negative.
    fn count<T: TryFrom<i64>>(&self, column: &str) -> Result<T, StoreError> {
        T::try_from(self.number(column)?).map_err(|_| unreadable(column))
    }

    fn instant(&self, column: &str) -> Result<DateTime<Utc>, StoreError> {
        self.instant_or_null(column)?.ok_or_else(|| unreadable(column))
    }

    fn instant_or_null(&self, column: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
        let instant = |micros| DateTime::from_timestamp_micros(micros).ok_or_else(|| unreadable(column));
        self.number_or_null(column)?.map(instant).transpose()
    }

    fn parsed<T: FromStr>(&self, column: &str) -> Result<T, StoreError> {
        self.parsed_or_null(column)?.ok_or_else(|| unreadable(column))
    }

    fn parsed_or_null<T: FromStr>(&self, column: &str) -> Result<Option<T>, StoreError> {
        let parse = |text: String| text.parse().map_err(|_| unreadable(column));
        self.text_or_null(column)?.map(parse).transpose()
    }

    fn email(&self) -> Result<Option<MemberEmail>, StoreError> {
        self.parsed_or_null("email")
    }

    fn list_or_null<T: DeserializeOwned>(&self, column: &str) -> Result<Option<Vec<T>>, StoreError> {
        let parse = |text: String| serde_json::from_str(&text).map_err(|_| unreadable(column));
        self.text_or_null(column)?.map(parse).transpose()
    }
}

impl Cells for AnyRow {
    fn text_or_null(&self, column: &str) -> Result<Option<String>, StoreError> {
        self.try_get(column).map_err(|_| unreadable(column))
    }

    fn number_or_null(&self, column: &str) -> Result<Option<i64>, StoreError> {
        self.try_get(column).map_err(|_| unreadable(column))
    }
}

pub(super) fn unreadable(column: &str) -> StoreError {
    StoreError::Corrupt { what: format!("column `{column}`") }
}
