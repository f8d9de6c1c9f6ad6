//! Running the server until somebody stops it.

use std::time::Instant;

use relay_server::config::Config;
use relay_server::store::{Store, StoreOptions};
use relay_server::{DATABASE, Running, Server, ops};
use tokio::signal::unix::{SignalKind, signal};

pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    ops::init_logs(&config.log).map_err(anyhow::Error::msg)?;
    let began = Instant::now();
    let data_dir = config.data_dir.clone();
    let server = Server::start(config).await?;
    tracing::info!(url = server.url(), data_dir = %data_dir.display(), took = ?began.elapsed(), "ready");
    if let Some(addr) = server.metrics_addr() {
        tracing::info!("metrics on http://{addr}/metrics");
    }
    hint(&server, &data_dir).await?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    tracing::info!("stopping: instances are told; once more to stop at once");
    tokio::select! {
        () = server.shutdown() => tracing::info!("stopped"),
        _ = tokio::signal::ctrl_c() => tracing::warn!("stopped at once"),
    }
    Ok(())
}

/// Nothing can be done without a token, and the first has to come from somewhere.
async fn hint(server: &Running, data_dir: &std::path::Path) -> anyhow::Result<()> {
    let mut options = StoreOptions::new(data_dir.join(DATABASE));
    (options.create, options.serve) = (false, false);
    let store = Store::open(options).await?;
    let tokens = store.token_list().await?;
    store.close().await;
    if tokens.iter().all(|token| token.revoked_at.is_some()) {
        let accounts: Vec<String> = server.subscribers().await?.iter().map(ToString::to_string).collect();
        tracing::warn!(
            "there is no token yet, and nothing can be done without one: relay-server token create --data-dir {} me",
            data_dir.display()
        );
        tracing::info!("the account is {}", accounts.join(", "));
    }
    Ok(())
}
