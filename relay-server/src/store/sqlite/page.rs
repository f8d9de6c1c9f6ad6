//! Pages of lists whose rows are numbered by `seq`, the newest first.

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::Result;
use crate::model::{Cursor, Page, PageRequest};
use crate::store::StoreError;

/// Items on a page at most, whatever is asked for.
const MOST: u32 = 1000;

/// How many rows to read: one more than wanted, to know whether there are more.
pub(super) fn limit(page: &PageRequest) -> u32 {
    page.limit.clamp(1, MOST) + 1
}

/// Rows have to be below this number.
pub(super) fn before(page: &PageRequest) -> Result<i64> {
    match &page.after {
        None => Ok(i64::MAX),
        Some(Cursor(text)) => text.parse().map_err(|_| StoreError::Cursor(text.clone())),
    }
}

/// The page that these rows are.
pub(super) fn collect<T>(
    page: &PageRequest,
    mut rows: Vec<SqliteRow>,
    read: impl Fn(&SqliteRow) -> Result<T>,
) -> Result<Page<T>> {
    let more = rows.len() >= limit(page) as usize;
    rows.truncate(limit(page) as usize - 1);
    let last = rows.last().filter(|_| more).map(|row| row.try_get::<i64, _>("seq")).transpose()?;
    let items = rows.iter().map(read).collect::<Result<_>>()?;
    Ok(Page { items, next: last.map(|seq| Cursor(seq.to_string())) })
}
