//! Settings from the command line, and everything below it.

use std::path::{Path, PathBuf};

use clap::Args;
use relay_server::config::{Config, ConfigError, Layers};

/// Read if it is there and no other is named.
const FILE: &str = "relay-server.toml";

#[derive(Debug, Args)]
pub(crate) struct Settings {
    /// The file with settings. Default: relay-server.toml, if it is there.
    #[arg(long, global = true, env = "RELAY_SERVER_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where the API is offered.
    #[arg(long, global = true, value_name = "ADDRESS")]
    listen: Option<String>,
    /// The folder of the database.
    #[arg(long, global = true, value_name = "FOLDER")]
    data_dir: Option<String>,
    /// The certificate chain of the API, in PEM.
    #[arg(long, value_name = "FILE")]
    tls_cert: Option<String>,
    /// Its private key, in PEM.
    #[arg(long, value_name = "FILE")]
    tls_key: Option<String>,
    /// An authority to trust when workflows are dialled, in PEM. Can be given several times.
    #[arg(long, value_name = "FILE")]
    extra_ca: Vec<String>,
    /// The certificate chain to show to workflow servers that ask for one, in PEM.
    #[arg(long, value_name = "FILE")]
    client_cert: Option<String>,
    /// Its private key, in PEM.
    #[arg(long, value_name = "FILE")]
    client_key: Option<String>,
    /// Dial workflows on this machine without encryption.
    #[arg(long)]
    allow_insecure_loopback: bool,
    /// Let time stand still until it is advanced over the API.
    #[arg(long)]
    virtual_clock: bool,
    /// How lines of the log look: text or json.
    #[arg(long, value_name = "FORMAT")]
    log_format: Option<String>,
    /// What is logged: a level, or directives by module.
    #[arg(long, value_name = "LEVEL")]
    log_level: Option<String>,
}

impl Settings {
    /// All settings together.
    pub(crate) fn config(&self) -> Result<Config, ConfigError> {
        let layers = match &self.config {
            Some(file) => Layers::new().file(file)?,
            None if Path::new(FILE).exists() => Layers::new().file(Path::new(FILE))?,
            None => Layers::new(),
        };
        let flag = |on: bool| on.then_some("true");
        let authorities = (!self.extra_ca.is_empty()).then(|| self.extra_ca.join(":"));
        let environment = std::env::vars_os().filter_map(|(name, value)| {
            // Those that are no text are none of ours.
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        layers
            .environment(environment)?
            .flag("--listen", "listen", self.listen.as_deref())?
            .flag("--data-dir", "data_dir", self.data_dir.as_deref())?
            .flag("--tls-cert", "tls.cert", self.tls_cert.as_deref())?
            .flag("--tls-key", "tls.key", self.tls_key.as_deref())?
            .flag("--extra-ca", "dial.extra_ca", authorities)?
            .flag("--client-cert", "dial.client_cert", self.client_cert.as_deref())?
            .flag("--client-key", "dial.client_key", self.client_key.as_deref())?
            .flag(
                "--allow-insecure-loopback",
                "dial.allow_insecure_loopback",
                flag(self.allow_insecure_loopback),
            )?
            .flag("--virtual-clock", "clock.virtual", flag(self.virtual_clock))?
            .flag("--log-format", "log.format", self.log_format.as_deref())?
            .flag("--log-level", "log.level", self.log_level.as_deref())?
            .build()
    }
}
