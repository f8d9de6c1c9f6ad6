//! From what people write for a server to its URL.

use std::net::IpAddr;

use reqwest::Url;

use crate::error::{CliError, Result};

/// The vendor's cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cloud {
    /// The one that customers use.
    Pro,
    /// The vendor's own test installation.
    Qa,
}

impl Cloud {
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "pro" => Some(Self::Pro),
            "qa" => Some(Self::Qa),
            _ => None,
        }
    }

    pub(crate) fn of(url: &Url) -> Option<Self> {
        [Self::Pro, Self::Qa].into_iter().find(|cloud| url.as_str().starts_with(cloud.api()))
    }

    pub(crate) fn api(self) -> &'static str {
        match self {
            Self::Pro => "https://all-main-pro-ibot.relaysvr.com",
            Self::Qa => "https://all-main-qa-ibot.relaysvr.com",
        }
    }

    /// Where people sign in.
    pub(crate) fn sign_in(self) -> &'static str {
        match self {
            Self::Pro => "https://auth.relaypro.com",
            Self::Qa => "https://auth2.relaygo.info",
        }
    }

    /// A name of every machine by itself, which is all that a browser is sent back to; on the port 8079.
    pub(crate) fn own_machine(self) -> &'static str {
        match self {
            Self::Pro => "auth-localredirect.relaypro.com",
            Self::Qa => "auth2-localredirect.relaygo.info",
        }
    }

    /// The OAuth client as which a command line signs people in.
    pub(crate) fn command_line(self) -> &'static str {
        match self {
            Self::Pro => "83756T4P",
            Self::Qa => "4EgeETYm",
        }
    }

    /// Where refresh tokens of `relay token generate` are exchanged.
    pub(crate) fn auth(self) -> &'static str {
        match self {
            Self::Pro => "https://auth.relaygo.com",
            Self::Qa => "https://auth.relaygo.info",
        }
    }

    /// The OAuth client that such tokens are issued to.
    pub(crate) fn client_id(self) -> &'static str {
        match self {
            Self::Pro => "RJZKRhh9",
            Self::Qa => "rGGK996c",
        }
    }
}

/// Reads `relay.example`, `relay.example:8443`, a URL whose path is kept as a prefix, or the name of a cloud.
pub(crate) fn url(host: &str) -> Result<Url> {
    let host = host.trim();
    let text = match Cloud::named(host) {
        Some(cloud) => cloud.api().to_owned(),
        None if host.contains("://") => host.to_owned(),
        None => format!("https://{host}"),
    };
    let mut url = Url::parse(&text)
        .map_err(|error| CliError::usage(format_args!("`{host}` is no host or URL")).cause(error))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(CliError::usage("a password in the server's URL is not used")
            .next("log in with a token: relay login"));
    }
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => {
            return Err(CliError::usage(format_args!("`{host}` is plain http to another machine"))
                .cause("everybody on the way could read the token")
                .next("use https; an authority of your own is trusted with --ca FILE"));
        }
        other => return Err(CliError::usage(format_args!("`{other}` is not http or https"))),
    }
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_may_be_written_short_or_as_a_url() {
        for (host, expected) in [
            ("relay.example", "https://relay.example/"),
            (" relay.example:8443 ", "https://relay.example:8443/"),
            ("http://127.0.0.1:8080/pro?x#y", "http://127.0.0.1:8080/pro"),
            ("http://[::1]:8080", "http://[::1]:8080/"),
            ("pro", "https://all-main-pro-ibot.relaysvr.com/"),
        ] {
            assert_eq!(url(host).unwrap().as_str(), expected);
        }
    }

    #[test]
    fn what_would_give_the_token_away_is_refused() {
        for (host, why) in [
            ("http://relay.example", "plain http"),
            ("https://me:pw@relay.example", "password"),
            ("ftp://relay.example", "not http"),
            ("", "no host"),
        ] {
            assert!(url(host).unwrap_err().to_string().contains(why), "{host}");
        }
    }
}
