//! A Relay server in this process, with an account, devices and a token of its own.

use std::fs::{self, File};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use relay_server::config::Config;
use relay_server::{Running, Server, StartError};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::port;
use super::publish::Publisher;
use crate::certs::Development;
use crate::client::Client;
use crate::config::{Dev, Paths, Published, Settings};
use crate::error::{CliError, Result};

/// What kind of server is wanted.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    /// Where data is kept; nowhere if none.
    pub(crate) data: Option<PathBuf>,
    /// The port; one that is free if none.
    pub(crate) port: Option<u16>,
    /// Whether one near the default is wanted, rather than any.
    pub(crate) near_default: bool,
    /// Whether time stands still until it is advanced.
    pub(crate) virtual_time: bool,
    /// The names of devices that are there if there are none.
    pub(crate) devices: Vec<String>,
    /// A document with devices, registrations and more.
    pub(crate) import: Option<Value>,
}

/// A Relay server in this process.
#[derive(Debug)]
pub(crate) struct Platform {
    running: Running,
    pub(crate) dev: Dev,
    pub(crate) certificates: Development,
    /// The names of the devices.
    pub(crate) devices: Vec<String>,
    _data: Data,
}

/// Where the server keeps its data, for nobody else at the same time.
#[derive(Debug)]
enum Data {
    Kept { _lock: File },
    Forgotten { _dir: TempDir },
}

impl Platform {
    /// Starts one. It answers when this returns.
    ///
    /// # Errors
    ///
    /// If it cannot start, or takes no part of what is imported.
    pub(crate) async fn start(wanted: Wanted, paths: &Paths) -> Result<Self> {
        let certificates = Development::in_dir(&paths.certificates());
        certificates.provide(&[], false)?;
        let (dir, data) = data(wanted.data.as_deref())?;
        let mut config = Config::default();
        config.data_dir = dir;
        config.dial.extra_ca = vec![certificates.authority.clone()];
        config.dial.allow_insecure_loopback = true;
        config.clock.is_virtual = wanted.virtual_time;
        config.shutdown_grace = relay_server::config::Span::seconds(1);
        let running = listen(config, &wanted).await?;

        let account = running.subscribers().await.ok().and_then(|all| all.into_iter().next());
        let account = account.ok_or_else(|| CliError::failed("the server has no account"))?;
        let dev = Dev {
            host: running.url(),
            token: running.token().to_owned(),
            subscriber_id: account.to_string(),
            ca: Some(certificates.authority.display().to_string()),
            folder: std::env::current_dir().unwrap_or_default(),
            began: u64::try_from(Timestamp::now().as_millisecond()).unwrap_or_default(),
        };
        let mut platform = Self { running, dev, certificates, devices: Vec::new(), _data: data };
        platform.furnish(&wanted).await?;
        Ok(platform)
    }

    async fn furnish(&mut self, wanted: &Wanted) -> Result<()> {
        let client = self.client()?;
        if let Some(document) = &wanted.import {
            let imported = client.post(&["v1", "registry"], document.clone()).send().await?;
            if let Some(refused) = imported["refused"].as_array().filter(|refused| !refused.is_empty()) {
                let error = CliError::usage("not all of the imported file can be taken");
                let refused = refused.iter().filter_map(Value::as_str);
                return Err(refused.fold(error, CliError::cause));
            }
        }
        let known = client.get(&["v1", "devices"]).send().await?;
        let known = known.as_array().into_iter().flatten().filter_map(|device| device["name"].as_str());
        self.devices = known.map(str::to_owned).collect();
        if self.devices.is_empty() {
            for name in &wanted.devices {
                let device = json!({ "name": name, "location_enabled": true });
                client.post(&["v1", "devices"], device).send().await?;
            }
            self.devices.clone_from(&wanted.devices);
        }
        self.devices.sort_unstable();
        Ok(())
    }

    /// For the server's administrator.
    pub(crate) fn client(&self) -> Result<Client> {
        let dev = self.dev.clone();
        Client::new(Settings::of_dev(dev)?)
    }

    /// For what this process has to tell those who follow the log.
    pub(crate) fn publisher(&self) -> Publisher {
        Publisher::new(self.running.events().clone(), self.dev.subscriber_id.clone())
    }

    /// Tells the other commands that it runs.
    pub(crate) fn publish(&self, paths: &Paths) -> Result<Published> {
        self.dev.publish(paths)
    }

    /// By which a program finds the server, and shows a certificate that the server trusts.
    pub(crate) fn variables(&self) -> Vec<(&'static str, String)> {
        let Development { authority, certificate, key, .. } = &self.certificates;
        vec![
            ("RELAY_HOST", self.dev.host.clone()),
            ("RELAY_API_KEY", self.dev.token.clone()),
            ("RELAY_SUBSCRIBER_ID", self.dev.subscriber_id.clone()),
            ("RELAY_TLS_CERT", certificate.display().to_string()),
            ("RELAY_TLS_KEY", key.display().to_string()),
            ("NODE_EXTRA_CA_CERTS", authority.display().to_string()),
        ]
    }

    /// Ends it, with all instances.
    pub(crate) async fn stop(self) {
        self.running.shutdown().await;
    }
}

async fn listen(mut config: Config, wanted: &Wanted) -> Result<Running> {
    let failed = |error: &dyn std::fmt::Display| CliError::failed("the server does not start").cause(error);
    let on = |port: u16| (Ipv4Addr::LOCALHOST, port).into();
    if let Some(port) = wanted.port {
        config.listen = on(port);
        return Server::start(config).await.map_err(|error| match error {
            StartError::Listen { .. } => failed(&error).next("leave --port out to take one that is free"),
            error => failed(&error),
        });
    }
    // Somebody else may take it between our look and the server's.
    for _ in 0..3 {
        let port = if wanted.near_default { port::near_default() } else { Ok(0) };
        config.listen = on(port.map_err(|error| failed(&error))?);
        match Server::start(config.clone()).await {
            Err(StartError::Listen { .. }) => {}
            other => return other.map_err(|error| failed(&error)),
        }
    }
    Err(failed(&"there is no free port"))
}

fn data(kept: Option<&Path>) -> Result<(PathBuf, Data)> {
    let Some(dir) = kept else {
        let dir = TempDir::with_prefix("relay-dev-")
            .map_err(|error| CliError::failed("there is no place for the database").cause(error))?;
        return Ok((dir.path().into(), Data::Forgotten { _dir: dir }));
    };
    let failed = |error| CliError::failed(format_args!("cannot write to {}", dir.display())).cause(error);
    fs::create_dir_all(dir).map_err(failed)?;
    let lock = File::create(dir.join("lock")).map_err(failed)?;
    if lock.try_lock().is_err() {
        return Err(CliError::failed("another `relay dev` works on this project")
            .cause(format_args!("it has locked {}", dir.display()))
            .next("end it, or say --ephemeral to have a server without its data"));
    }
    Ok((dir.into(), Data::Kept { _lock: lock }))
}
