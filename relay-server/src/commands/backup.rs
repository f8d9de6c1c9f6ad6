//! Copying the database.

use std::io::Write;
use std::path::Path;

use relay_server::DATABASE;
use relay_server::config::Config;
use relay_server::store::{Store, StoreOptions};

/// Copies the database as it is at one moment. The server may run.
pub(super) async fn run(config: &Config, file: &Path) -> anyhow::Result<()> {
    let store = open(config).await?;
    let copied = store.backup(file).await;
    store.close().await;
    copied?;
    Ok(writeln!(std::io::stdout(), "copied to {}", file.display())?)
}

/// The database beside a server that may run.
pub(super) async fn open(config: &Config) -> anyhow::Result<Store> {
    let mut options = StoreOptions::new(config.data_dir.join(DATABASE));
    (options.create, options.serve) = (false, false);
    Ok(Store::open(options).await?)
}
