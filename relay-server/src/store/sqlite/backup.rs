//! A copy of the live database.

use std::fs::File;
use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};

use super::Result;
use super::open::{file, private, sync_directory};
use crate::store::{Store, StoreError};

impl Store {
    /// Writes a copy of the database as it is now into a new file, while work goes on. The copy is whole, and on disk, or
    /// it is not there.
    ///
    /// # Errors
    ///
    /// [`StoreError::Exists`] if there is a file already; [`StoreError::File`], [`StoreError::Full`].
    pub async fn backup(&self, to: &Path) -> Result<()> {
        if to.exists() {
            return Err(StoreError::Exists { what: "file", id: to.display().to_string() });
        }
        let mut name = to.as_os_str().to_owned();
        name.push(".part");
        let part = Path::new(&name);
        remove(part)?; // of a backup that was interrupted
        let copied = self.copy_into(part).await;
        if copied.is_err() {
            remove(part)?;
        }
        copied?;
        publish(part, to).map_err(|source| file(to, source))
    }

    async fn copy_into(&self, part: &Path) -> Result<()> {
        let Some(name) = part.to_str() else {
            let source = std::io::Error::new(std::io::ErrorKind::InvalidInput, "the name is not UTF-8");
            return Err(file(part, source));
        };
        private(part)?;
        let options = SqliteConnectOptions::new().filename(&*self.database.path).create_if_missing(false);
        let mut connection = SqliteConnection::connect_with(&options).await?;
        sqlx::query("VACUUM INTO ?").bind(name).execute(&mut connection).await?;
        connection.close().await?;
        Ok(())
    }
}

/// Makes a complete file durable and gives it its name.
fn publish(part: &Path, to: &Path) -> std::io::Result<()> {
    File::open(part)?.sync_all()?;
    std::fs::rename(part, to)?;
    sync_directory(to)
}

fn remove(part: &Path) -> Result<()> {
    match std::fs::remove_file(part) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(file(part, source)),
        _ => Ok(()),
    }
}
