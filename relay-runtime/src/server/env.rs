//! Settings from the environment.

use std::ffi::OsString;
use std::net::IpAddr;
use std::path::PathBuf;

use super::{ServerBuilder, ServerError};

const PORT: &str = "PORT";
const BIND: &str = "RELAY_BIND";
const CERT: &str = "RELAY_TLS_CERT";
const KEY: &str = "RELAY_TLS_KEY";

/// Changes what the variables name. `lookup` is `std::env::var_os`, or a table in tests: the environment belongs to
/// the whole process.
pub(super) fn apply(
    mut builder: ServerBuilder,
    lookup: impl Fn(&str) -> Option<OsString>,
) -> Result<ServerBuilder, ServerError> {
    // An empty variable is how many deployment files spell "not set".
    let set = |name| lookup(name).filter(|value| !value.is_empty());

    if let Some(value) = set(PORT) {
        let fix = "a port is a number from 0 to 65535";
        builder.addr.set_port(parse(PORT, value, fix)?);
    }
    if let Some(value) = set(BIND) {
        let fix = "write an IP address such as 0.0.0.0, 127.0.0.1 or ::, and the port in PORT";
        builder.addr.set_ip(parse::<IpAddr>(BIND, value, fix)?);
    }
    match (set(CERT).map(PathBuf::from), set(KEY).map(PathBuf::from)) {
        (Some(certificate), Some(key)) => Ok(builder.tls_pem_files(certificate, key)),
        (None, None) => Ok(builder),
        (Some(_), None) => Err(ServerError::VariableMissing { name: KEY, because_of: CERT }),
        (None, Some(_)) => Err(ServerError::VariableMissing { name: CERT, because_of: KEY }),
    }
}

fn parse<T: std::str::FromStr>(
    name: &'static str,
    value: OsString,
    fix: &'static str,
) -> Result<T, ServerError> {
    let value = value.to_string_lossy();
    value.trim().parse().map_err(|_| ServerError::Variable { name, value: value.into_owned(), fix })
}
