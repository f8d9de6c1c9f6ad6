//! The schema, and the way to it from each earlier one.

use std::borrow::Cow;

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr, SqliteConnection};

use super::Result;
use crate::store::StoreError;

/// Each is applied once, in this order, and never changed after its release.
const STEPS: [(i64, &str, &str); 5] = [
    (1, "registry", include_str!("../migrations/0001_registry.sql")),
    (2, "triggers", include_str!("../migrations/0002_triggers.sql")),
    (3, "history", include_str!("../migrations/0003_history.sql")),
    (4, "signing", include_str!("../migrations/0004_signing.sql")),
    (5, "audit", include_str!("../migrations/0005_audit.sql")),
];

/// Brings the schema up to date, if it is not newer than we are.
pub(super) async fn migrate(connection: &mut SqliteConnection) -> Result<()> {
    let steps = STEPS.map(|(version, name, sql)| {
        let sql = AssertSqlSafe(sql).into_sql_str();
        Migration::new(version, Cow::Borrowed(name), MigrationType::Simple, sql, false)
    });
    let known = STEPS.len() as i64;
    Migrator::with_migrations(steps.to_vec()).run(connection).await.map_err(|error| match error {
        MigrateError::VersionMissing(found) => StoreError::Newer { found, known },
        MigrateError::VersionMismatch(step) => {
            StoreError::Damaged(format!("step {step} of its schema is not the one that was released"))
        }
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
        other => StoreError::Damaged(other.to_string()),
    })
}
