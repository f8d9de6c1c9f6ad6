//! Which URIs may be registered and dialled.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use relay_protocol::signature::SigningSecret;
use tokio_tungstenite::tungstenite::http::Uri;

/// What a workflow's URI leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Destination {
    /// A workflow server.
    Workflow(Target),
    /// `relay-local://broadcast`: this server speaks a text on devices, no workflow server is needed.
    Broadcast,
}

/// A workflow server that may be dialled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub(super) uri: Uri,
    pub(super) encrypted: bool,
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) instance: Option<String>,
    pub(super) secrets: Vec<SigningSecret>,
}

/// What is permitted beyond `wss`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UriRules {
    /// `ws://` to 127.0.0.0/8, ::1 and localhost. Default: no.
    pub insecure_loopback: bool,
}

/// Why a URI can be neither registered nor dialled.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum UriError {
    /// It cannot be read as a URI with a scheme and a host.
    NotAUri {
        /// What was given.
        uri: String,
    },
    /// `ws://`, which is not encrypted.
    Plaintext {
        /// Whether it leads to this machine, where a flag could permit it.
        loopback: bool,
    },
    /// Something that is not a WebSocket.
    Scheme {
        /// The scheme.
        scheme: String,
    },
    /// `wss://user:password@…`.
    Credentials,
    /// `…#fragment`.
    Fragment,
    /// A `relay-local://` that is no part of this server.
    BuiltIn {
        /// Its name.
        name: String,
    },
}

impl Destination {
    /// Reads the URI of a registration.
    ///
    /// # Errors
    ///
    /// [`UriError`], whose text says what is wrong and what to do.
    pub fn parse(text: &str, rules: UriRules) -> Result<Self, UriError> {
        let not_a_uri = || UriError::NotAUri { uri: text.to_owned() };
        // `Uri` drops fragments without a word.
        if text.contains('#') {
            return Err(UriError::Fragment);
        }
        let uri: Uri = text.parse().map_err(|_| not_a_uri())?;
        let (scheme, authority) = uri.scheme_str().zip(uri.authority().cloned()).ok_or_else(not_a_uri)?;
        if authority.as_str().contains('@') {
            return Err(UriError::Credentials);
        }
        let host = match authority.host().strip_prefix('[') {
            // An address with the name of a network card in it, as in [fe80::1%eth0], means nothing elsewhere.
            Some(literal) => {
                let literal = literal.trim_end_matches(']');
                literal.parse::<Ipv6Addr>().map_err(|_| not_a_uri())?;
                literal.to_owned()
            }
            None => authority.host().to_owned(),
        };
        if host.is_empty() {
            return Err(not_a_uri());
        }
        let (encrypted, default_port) = match scheme {
            "wss" => (true, 443),
            "ws" if rules.insecure_loopback && is_loopback(&host) => (false, 80),
            "ws" => return Err(UriError::Plaintext { loopback: is_loopback(&host) }),
            "relay-local" if host == "broadcast" => return Ok(Self::Broadcast),
            "relay-local" => return Err(UriError::BuiltIn { name: host }),
            scheme => return Err(UriError::Scheme { scheme: scheme.to_owned() }),
        };
        let port = match authority.port_u16() {
            Some(port) => port,
            // A port that is there but is no number is otherwise passed over.
            None if authority.as_str().len() > authority.host().len() => return Err(not_a_uri()),
            None => default_port,
        };
        Ok(Self::Workflow(Target { uri, encrypted, host, port, instance: None, secrets: Vec::new() }))
    }
}

impl Target {
    /// Says to the workflow server which instance the connection is for, so that its log can name it.
    #[must_use]
    pub fn for_instance(self, id: impl Into<String>) -> Self {
        Self { instance: Some(id.into()), ..self }
    }

    /// Proves to the workflow server who dials, by the [signature](relay_protocol::signature) of each of these secrets. It is
    /// for the [instance](Self::for_instance); without one there is none.
    #[must_use]
    pub fn signed_by<'a>(self, secrets: impl IntoIterator<Item = &'a SigningSecret>) -> Self {
        Self { secrets: secrets.into_iter().cloned().collect(), ..self }
    }

    /// The host: a name or an address, without brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, also where the URI leaves it out.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Host and port: what shares one fate, and so one breaker.
    pub fn authority(&self) -> String {
        match self.host.contains(':') {
            true => format!("[{}]:{}", self.host, self.port),
            false => format!("{}:{}", self.host, self.port),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.uri.fmt(f)
    }
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

impl std::error::Error for UriError {}

impl fmt::Display for UriError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAUri { uri } => {
                write!(f, "`{uri}` is no URI of a workflow, which looks like wss://example.com/hello")
            }
            Self::Plaintext { loopback: false } => {
                f.write_str("ws:// is not encrypted: serve the workflow over TLS and register wss://")
            }
            Self::Plaintext { loopback: true } => f.write_str(
                "ws:// is not encrypted: register wss://, or start the server with --allow-insecure-loopback \
                 to permit it on this machine",
            ),
            Self::Scheme { scheme } => {
                write!(f, "a workflow is dialled as a WebSocket over TLS: register wss://, not {scheme}://")
            }
            Self::Credentials => f.write_str(
                "a user or password in the URI would be shown in lists and logs: take it out, and tell \
                 dialling servers apart by a shared secret in the query or the path",
            ),
            Self::Fragment => f.write_str("a fragment (`#…`) is never sent to a server: take it out"),
            Self::BuiltIn { name } => write!(
                f,
                "this server has no built-in workflow `{name}`; the one that it has is relay-local://broadcast"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRICT: UriRules = UriRules { insecure_loopback: false };
    const LENIENT: UriRules = UriRules { insecure_loopback: true };

    fn target(uri: &str, rules: UriRules) -> Target {
        match Destination::parse(uri, rules).unwrap() {
            Destination::Workflow(target) => target,
            other => panic!("{other:?}"),
        }
    }

    fn refused(uri: &str, rules: UriRules) -> UriError {
        Destination::parse(uri, rules).unwrap_err()
    }

    #[test]
    fn wss_is_taken_with_its_port_path_and_query() {
        let full = target("wss://Example.com:8443/hello?secret=1", STRICT);
        assert_eq!((full.host(), full.port()), ("Example.com", 8443));
        assert_eq!(full.to_string(), "wss://Example.com:8443/hello?secret=1");
        assert_eq!(target("wss://example.com", STRICT).authority(), "example.com:443");
        assert_eq!(target("wss://[::1]/hello", STRICT).authority(), "[::1]:443");
    }

    #[test]
    fn ws_is_taken_only_to_this_machine_and_only_if_permitted() {
        for uri in [
            "ws://127.0.0.1:8080/a",
            "ws://127.9.9.9/a",
            "ws://[::1]/a",
            "ws://localhost/a",
            "ws://LOCALHOST",
        ] {
            assert!(!target(uri, LENIENT).encrypted, "{uri}");
            assert_eq!(refused(uri, STRICT), UriError::Plaintext { loopback: true }, "{uri}");
        }
        for uri in
            ["ws://example.com", "ws://10.0.0.1", "ws://127.0.0.1.example.com", "ws://localhost.example.com"]
        {
            assert_eq!(refused(uri, LENIENT), UriError::Plaintext { loopback: false }, "{uri}");
        }
    }

    #[test]
    fn everything_else_is_refused_for_its_own_reason() {
        assert_eq!(refused("https://example.com", STRICT), UriError::Scheme { scheme: "https".into() });
        assert_eq!(refused("wss://me:secret@example.com", STRICT), UriError::Credentials);
        assert_eq!(refused("wss://me@example.com", STRICT), UriError::Credentials);
        assert_eq!(refused("wss://example.com/a#b", STRICT), UriError::Fragment);
        // An address of one network card of this machine means nothing to anybody else.
        for scoped in ["wss://[fe80::1%eth0]/a", "wss://[fe80::1%25eth0]/a", "wss://[::1%lo]/a"] {
            assert!(matches!(refused(scoped, LENIENT), UriError::NotAUri { .. }), "{scoped}");
        }
        for uri in
            ["", "hello", "/hello", "wss://", "wss:///path", "wss://host:port", "wss://host:", "wss://a b"]
        {
            assert!(matches!(refused(uri, STRICT), UriError::NotAUri { .. }), "{uri}");
        }
    }

    #[test]
    fn of_the_built_in_workflows_there_is_one() {
        assert_eq!(Destination::parse("relay-local://broadcast", STRICT), Ok(Destination::Broadcast));
        assert_eq!(refused("relay-local://capsule", STRICT), UriError::BuiltIn { name: "capsule".into() });
    }
}
