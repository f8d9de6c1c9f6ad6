//! The HTTP client underneath.

use std::fs;
use std::path::Path;
use std::time::Duration;

use reqwest::{Certificate, redirect, retry};

use crate::error::{CliError, Result};

const USER_AGENT: &str = concat!("relay-cli/", env!("CARGO_PKG_VERSION"));

/// How long connecting may take, TLS included.
const CONNECT: Duration = Duration::from_secs(10);

/// How long a connection may be silent before the system asks the other side whether it is there.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// Trusts what the system trusts, and the authorities in the file `ca`.
pub(super) fn http(ca: Option<&Path>) -> Result<reqwest::Client> {
    let client = reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .connect_timeout(CONNECT)
        // Streams that end without a word, as after the sleep of a laptop, are known by that.
        .tcp_keepalive(KEEPALIVE)
        // They would carry the token elsewhere.
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .tls_certs_merge(ca.map(authorities).transpose()?.unwrap_or_default());
    client
        .build()
        .map_err(|error| super::failure::with_sources(CliError::failed("TLS cannot be set up"), &error))
}

fn authorities(file: &Path) -> Result<Vec<Certificate>> {
    let unusable = |why: &dyn std::fmt::Display| {
        CliError::usage(format_args!("{} is no file with an authority", file.display()))
            .cause(why)
            .next("--ca and RELAY_CA_CERT want a PEM file with at least one certificate")
    };
    let pem = fs::read(file).map_err(|error| unusable(&error))?;
    let found = Certificate::from_pem_bundle(&pem).map_err(|error| unusable(&error))?;
    if found.is_empty() { Err(unusable(&"it holds no certificate")) } else { Ok(found) }
}
