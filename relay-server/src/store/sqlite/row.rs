//! Columns to values.

use std::str::FromStr;

use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::Result;
use crate::model::UnixMs;
use crate::store::StoreError;

/// What our columns hold.
pub(super) trait Columns {
    fn text<T: From<String>>(&self, column: &str) -> Result<T>;
    fn maybe_text<T: From<String>>(&self, column: &str) -> Result<Option<T>>;
    fn number(&self, column: &str) -> Result<u64>;
    fn time(&self, column: &str) -> Result<UnixMs>;
    fn maybe_time(&self, column: &str) -> Result<Option<UnixMs>>;
    fn word<T: FromStr>(&self, column: &str) -> Result<T>;
    fn json<T: DeserializeOwned>(&self, column: &str) -> Result<T>;
}

impl Columns for SqliteRow {
    fn text<T: From<String>>(&self, column: &str) -> Result<T> {
        Ok(self.try_get::<String, _>(column)?.into())
    }

    fn maybe_text<T: From<String>>(&self, column: &str) -> Result<Option<T>> {
        Ok(self.try_get::<Option<String>, _>(column)?.map(T::from))
    }

    fn number(&self, column: &str) -> Result<u64> {
        let number: i64 = self.try_get(column)?;
        u64::try_from(number).map_err(|_| StoreError::Damaged(format!("{column} is {number}")))
    }

    fn time(&self, column: &str) -> Result<UnixMs> {
        Ok(UnixMs::new(self.try_get(column)?))
    }

    fn maybe_time(&self, column: &str) -> Result<Option<UnixMs>> {
        Ok(self.try_get::<Option<i64>, _>(column)?.map(UnixMs::new))
    }

    fn word<T: FromStr>(&self, column: &str) -> Result<T> {
        let word: &str = self.try_get(column)?;
        word.parse().map_err(|_| StoreError::Damaged(format!("{column} is {word:?}")))
    }

    fn json<T: DeserializeOwned>(&self, column: &str) -> Result<T> {
        let text: &str = self.try_get(column)?;
        serde_json::from_str(text).map_err(|error| StoreError::Damaged(format!("{column}: {error}")))
    }
}

/// As our columns hold it.
pub(super) fn to_json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| StoreError::Database(sqlx::Error::Encode(error.into())))
}

/// As our columns hold it. What does not fit is as good as the greatest that does.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
