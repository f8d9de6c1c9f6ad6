//! URIs of workflows: where a Relay server dials.

use std::net::IpAddr;

use reqwest::Url;

use crate::error::{CliError, Result};

/// Where a workflow is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WorkflowUri {
    url: Url,
    /// Without brackets.
    pub(crate) host: String,
    pub(crate) port: u16,
    /// `wss`, as opposed to `ws`.
    pub(crate) encrypted: bool,
}

impl WorkflowUri {
    /// Reads a URI with the scheme `wss` or `ws`.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let wrong = |why: &str| CliError::usage(format_args!("`{text}` is no URI of a workflow")).cause(why);
        let example = "it looks like wss://host:8443/hello";
        let url = Url::parse(text.trim()).map_err(|error| wrong(&error.to_string()).next(example))?;
        let encrypted = match url.scheme() {
            "wss" => true,
            "ws" => false,
            "http" | "https" => {
                return Err(wrong("Relay speaks WebSocket")
                    .next(format_args!("write {}", text.trim().replacen("http", "ws", 1))));
            }
            other => return Err(wrong(&format!("its scheme is `{other}`")).next(example)),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong("a Relay server does not log in to workflows")
                .next("leave out what stands before the @"));
        }
        if url.fragment().is_some() {
            return Err(wrong("what stands after the # would never be sent").next("leave it out"));
        }
        let host =
            url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']').to_owned();
        let port = url.port_or_known_default().unwrap_or(443);
        Ok(Self { url, host, port, encrypted })
    }

    /// Whether it leads to this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }

    /// The path that picks the workflow.
    pub(crate) fn path(&self) -> &str {
        self.url.path()
    }

    pub(crate) fn as_str(&self) -> &str {
        self.url.as_str()
    }

    /// Whether a registration with this URI means the same.
    pub(crate) fn is(&self, other: &str) -> bool {
        Url::parse(other.trim()).is_ok_and(|other| other == self.url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_filled_in() {
        let uri = WorkflowUri::parse("wss://Host.example/hello").unwrap();
        assert_eq!(
            (uri.host.as_str(), uri.port, uri.encrypted, uri.path()),
            ("host.example", 443, true, "/hello")
        );
        assert_eq!(WorkflowUri::parse("ws://[::1]:80/").unwrap().port, 80);
        assert!(uri.is("wss://host.example:443/hello"));
        assert!(!uri.is("wss://host.example/hello2"));
    }

    #[test]
    fn what_cannot_be_dialled_says_why() {
        for (text, why) in [
            ("hello", "relative URL without a base"),
            ("https://a/b", "Relay speaks WebSocket"),
            ("ftp://a/b", "its scheme is `ftp`"),
            ("wss://me:pw@a/b", "does not log in"),
            ("wss://a/b#c", "never be sent"),
        ] {
            let error = WorkflowUri::parse(text).unwrap_err();
            assert!(error.causes().iter().any(|cause| cause.contains(why)), "{error:?}");
        }
    }
}
