//! The schema, and the way to it.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use relay_server::store::StoreError;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, Connection, SqlSafeStr, SqliteConnection};

use crate::{open, raw};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store")
}

/// The schema as SQLite has it, in the order of its making.
async fn schema(connection: &mut SqliteConnection) -> String {
    let sql = "SELECT sql || ';' FROM sqlite_schema
        WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' AND name NOT LIKE '%sqlx%' ORDER BY rowid";
    let statements: Vec<String> = sqlx::query_scalar(sql).fetch_all(connection).await.unwrap();
    statements.join("\n\n") + "\n"
}

/// The steps as they stand in the repository.
fn steps() -> Vec<Migration> {
    let entries = std::fs::read_dir(folder().join("migrations")).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let step = |(file, number): (&PathBuf, i64)| {
        let name = file.file_stem().unwrap().to_str().unwrap();
        let (version, name) = name.split_once('_').unwrap();
        assert_eq!(version.parse(), Ok(number), "steps are numbered without a gap");
        let sql = AssertSqlSafe(std::fs::read_to_string(file).unwrap()).into_sql_str();
        Migration::new(number, Cow::Owned(name.to_owned()), MigrationType::Simple, sql, false)
    };
    files.iter().zip(1..).map(step).collect()
}

#[tokio::test]
async fn all_steps_together_are_the_schema_in_the_repository() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("relay.db");
    open(&path).await.unwrap().close().await;
    let made = schema(&mut raw(&path).await).await;
    let file = folder().join("schema.sql");
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(&file, &made).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap();
    assert!(
        made == committed,
        "run this test with UPDATE_SCHEMA=1, and read what has changed in {}",
        file.display()
    );
}

#[tokio::test]
async fn opening_again_changes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("relay.db");
    let mut seen = Vec::new();
    for _ in 0..2 {
        open(&path).await.unwrap().close().await;
        let mut raw = raw(&path).await;
        let sql = "SELECT max(installed_on) || count(*) FROM _sqlx_migrations";
        let applied: String = sqlx::query_scalar(sql).fetch_one(&mut raw).await.unwrap();
        seen.push((schema(&mut raw).await, applied));
    }
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn every_earlier_schema_is_brought_up_to_date() {
    let directory = tempfile::tempdir().unwrap();
    let steps = steps();
    for known in 0..steps.len() {
        let path = directory.path().join(format!("{known}.db"));
        let mut earlier = raw(&path).await;
        if known > 0 {
            sqlx::query("PRAGMA application_id = 1382834553").execute(&mut earlier).await.unwrap();
            Migrator::with_migrations(steps[..known].to_vec()).run(&mut earlier).await.unwrap();
        }
        earlier.close().await.unwrap();
        open(&path).await.unwrap().close().await;
        let committed = std::fs::read_to_string(folder().join("schema.sql")).unwrap();
        assert_eq!(schema(&mut raw(&path).await).await, committed, "from {known} steps");
    }
}

#[tokio::test]
async fn the_database_of_a_newer_server_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("relay.db");
    open(&path).await.unwrap().close().await;
    let mut newer = raw(&path).await;
    let sql = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        VALUES (99, 'from the future', 1, x'00', 0)";
    sqlx::query(sql).execute(&mut newer).await.unwrap();
    let before = schema(&mut newer).await;
    newer.close().await.unwrap();
    let error = open(&path).await.unwrap_err();
    assert!(
        matches!(error, StoreError::Newer { found: 99, known } if known == steps().len() as i64),
        "{error}"
    );
    assert!(error.to_string().contains("newer server"));
    // Not its bytes: SQLite moves what was written from one file to the other when it likes.
    let mut after = raw(&path).await;
    assert_eq!(schema(&mut after).await, before);
    let steps_taken: i64 =
        sqlx::query_scalar("SELECT count(*) FROM _sqlx_migrations").fetch_one(&mut after).await.unwrap();
    assert_eq!(steps_taken, steps().len() as i64 + 1);
}

#[tokio::test]
async fn a_step_that_is_not_the_released_one_is_noticed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("relay.db");
    open(&path).await.unwrap().close().await;
    let mut changed = raw(&path).await;
    let sql = "UPDATE _sqlx_migrations SET checksum = x'00' WHERE version = 2";
    sqlx::query(sql).execute(&mut changed).await.unwrap();
    changed.close().await.unwrap();
    let error = open(&path).await.unwrap_err().to_string();
    assert!(error.contains("step 2 of its schema is not the one that was released"), "{error}");
}
