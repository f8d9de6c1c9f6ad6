//! Settings from the environment.

use std::ffi::OsString;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use super::{ServerBuilder, ServerError};

const PORT: &str = "PORT";
const BIND: &str = "RELAY_BIND";
const CERT: &str = "RELAY_TLS_CERT";
const KEY: &str = "RELAY_TLS_KEY";
const CLIENT_CA: &str = "RELAY_TLS_CLIENT_CA";
const SECRET: &str = "RELAY_SIGNING_SECRET";
const ADMIN: &str = "RELAY_ADMIN";
const ADMIN_TOKEN: &str = "RELAY_ADMIN_TOKEN";
const TRANSCRIPTS: &str = "RELAY_TRANSCRIPTS";

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
    if let Some(file) = set(CLIENT_CA) {
        builder = builder.require_client_certificate(file);
    }
    if let Some(value) = set(SECRET) {
        builder.secrets = value.to_string_lossy().split_whitespace().map(Into::into).collect();
    }
    if let Some(value) = set(ADMIN) {
        // A port alone stays on this machine: nobody should open it to the world by leaving something out.
        let local = value.to_str().and_then(|port| port.trim().parse().ok()).map(|port: u16| local(port));
        let fix = "write a port, for 127.0.0.1, or an address with port such as 10.0.0.5:9090";
        builder = builder.admin(local.map_or_else(|| parse(ADMIN, value, fix), Ok)?);
    }
    if let Some(token) = set(ADMIN_TOKEN) {
        builder = builder.admin_token(token.to_string_lossy());
    }
    if let Some(dir) = set(TRANSCRIPTS) {
        // The program may have said what of them is kept, and how.
        builder.transcripts = Some(match builder.transcripts.take() {
            Some(transcripts) => transcripts.moved_to(dir),
            None => dir.into(),
        });
    }
    match (set(CERT).map(PathBuf::from), set(KEY).map(PathBuf::from)) {
        (Some(certificate), Some(key)) => Ok(builder.tls_pem_files(certificate, key)),
        (None, None) => Ok(builder),
        (Some(_), None) => Err(ServerError::VariableMissing { name: KEY, because_of: CERT }),
        (None, Some(_)) => Err(ServerError::VariableMissing { name: CERT, because_of: KEY }),
    }
}

fn local(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

fn parse<T: std::str::FromStr>(
    name: &'static str,
    value: OsString,
    fix: &'static str,
) -> Result<T, ServerError> {
    let value = value.to_string_lossy();
    value.trim().parse().map_err(|_| ServerError::Variable { name, value: value.into_owned(), fix })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::{Server, Transcripts};

    fn from(variables: &[(&str, &str)]) -> Result<ServerBuilder, ServerError> {
        let lookup =
            |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into());
        apply(Server::builder().bind(([127, 0, 0, 1], 9000)), lookup)
    }

    #[test]
    fn variables_win_over_what_was_set_and_empty_ones_do_not() {
        for (variables, addr) in [
            (&[][..], "127.0.0.1:9000"),
            (&[("PORT", "8443")], "127.0.0.1:8443"),
            (&[("PORT", ""), ("RELAY_BIND", ""), ("RELAY_TLS_CERT", "")], "127.0.0.1:9000"),
            (&[("RELAY_BIND", "::"), ("PORT", " 80 ")], "[::]:80"),
        ] {
            assert_eq!(from(variables).unwrap().addr.to_string(), addr, "{variables:?}");
        }
    }

    #[test]
    fn the_admin_port_is_on_loopback_unless_an_address_is_given() {
        for (value, addr) in [("9090", "127.0.0.1:9090"), ("10.0.0.5:9090", "10.0.0.5:9090")] {
            let builder = from(&[("RELAY_ADMIN", value), ("RELAY_ADMIN_TOKEN", "secret")]).unwrap();
            assert_eq!(builder.admin.addr.unwrap().to_string(), addr);
            assert!(!format!("{builder:?}").contains("secret"));
        }
    }

    #[test]
    fn secrets_replace_those_of_the_program_and_are_not_shown() {
        let old = Server::builder().require_signature("whsec_old");
        let lookup = |name: &str| (name == SECRET).then(|| "whsec_a  whsec_b".into());
        let builder = apply(old, lookup).unwrap();
        assert_eq!(builder.secrets, ["whsec_a", "whsec_b"]);
        assert!(!format!("{builder:?}").contains("whsec"));
    }

    #[test]
    fn a_wrong_value_is_named_with_its_variable_and_the_fix() {
        for (name, value, fix) in [
            ("PORT", "https", "a port is a number"),
            ("PORT", "65536", "a port is a number"),
            ("PORT", "-1", "a port is a number"),
            ("RELAY_BIND", "localhost", "write an IP address"),
            ("RELAY_BIND", "0.0.0.0:80", "the port in PORT"),
            ("RELAY_ADMIN", "localhost", "write a port"),
        ] {
            let error = from(&[(name, value)]).unwrap_err().to_string();
            assert!(error.starts_with(&format!("{name} is `{value}`: ")) && error.contains(fix), "{error}");
        }
    }

    #[test]
    fn the_folder_for_transcripts_may_come_from_outside() {
        let builder = from(&[("RELAY_TRANSCRIPTS", "/var/lib/hello")]).unwrap();
        assert_eq!(builder.transcripts, Some("/var/lib/hello".into()));
        let redacted = Server::builder().transcripts(Transcripts::new("here").redacted());
        let builder = apply(redacted, |name| (name == TRANSCRIPTS).then(|| "there".into())).unwrap();
        assert_eq!(builder.transcripts, Some(Transcripts::new("there").redacted()));
    }

    #[test]
    fn certificate_and_key_come_together() {
        let error = from(&[("RELAY_TLS_CERT", "cert.pem")]).unwrap_err();
        assert_eq!(error.to_string(), "RELAY_TLS_CERT is set but RELAY_TLS_KEY is not: set both or neither");
        let error = from(&[("RELAY_TLS_KEY", "key.pem")]).unwrap_err();
        assert_eq!(error.to_string(), "RELAY_TLS_KEY is set but RELAY_TLS_CERT is not: set both or neither");
        let builder = from(&[("RELAY_TLS_CERT", "cert.pem"), ("RELAY_TLS_KEY", "key.pem")]).unwrap();
        assert!(format!("{builder:?}").contains("cert.pem"));
    }
}
