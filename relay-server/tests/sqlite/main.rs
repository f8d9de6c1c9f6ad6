//! What holds for the database in SQLite in particular: its schema, its file, and what can be wrong with either.

#![allow(clippy::unwrap_used, reason = "these are tests, helpers included")]

mod backup;
mod files;
mod full;
mod schema;

use std::path::Path;

use relay_server::model::{Subscriber, SubscriberId};
use relay_server::store::{Store, StoreError, StoreOptions};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};

async fn open(path: &Path) -> Result<Store, StoreError> {
    Store::open(StoreOptions::new(path)).await
}

/// A new database with an account in it, closed.
async fn with_account(path: &Path) -> SubscriberId {
    let store = open(path).await.unwrap();
    store.subscriber_create(&Subscriber::new("sub")).await.unwrap();
    store.close().await;
    "sub".into()
}

/// The database as another program sees it.
async fn raw(path: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
    SqliteConnection::connect_with(&options).await.unwrap()
}
