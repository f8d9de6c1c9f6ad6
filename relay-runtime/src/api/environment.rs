//! Where Relay is, and what it is called there.

use reqwest::Url;

use super::ApiError;

/// Which of Relay's own installations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Environment {
    /// The one that customers use.
    #[default]
    Pro,
    /// The vendor's own test installation.
    Qa,
}

impl Environment {
    pub(super) fn api(self) -> &'static str {
        match self {
            Self::Pro => "https://all-main-pro-ibot.relaysvr.com",
            Self::Qa => "https://all-main-qa-ibot.relaysvr.com",
        }
    }

    /// The older of Relay's two auth hosts: `relay token generate` and all official SDKs use it for SDK tokens.
    pub(super) fn auth(self) -> &'static str {
        match self {
            Self::Pro => "https://auth.relaygo.com",
            Self::Qa => "https://auth.relaygo.info",
        }
    }

    /// The host of alerts, broadcasts and analytics, which is documented for `pro` only.
    pub(super) fn alerts(self) -> Option<&'static str> {
        match self {
            Self::Pro => Some("https://api.relaypro.com"),
            Self::Qa => None,
        }
    }

    /// A refresh token belongs to the OAuth client that it was issued to. That is the one of `relay token generate`;
    /// the official JS SDK has another default for `pro`.
    pub(super) fn client_id(self) -> &'static str {
        match self {
            Self::Pro => "RJZKRhh9",
            Self::Qa => "rGGK996c",
        }
    }
}

/// Reads `relay.example`, `relay.example:8443` or a whole URL, whose path is kept as a prefix.
pub(super) fn base(setting: &'static str, host: &str, plain_http: bool) -> Result<Url, ApiError> {
    let wrong = |why: String| ApiError::Setting { name: setting, why };
    let host = host.trim();
    let text = if host.contains("://") { host.to_owned() } else { format!("https://{host}") };
    let mut url = Url::parse(&text).map_err(|error| wrong(format!("`{host}` is no host or URL: {error}")))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("a password in the URL is not used; set a token instead".into()));
    }
    match url.scheme() {
        "https" => {}
        "http" if plain_http || loopback(&url) => {}
        "http" => {
            return Err(wrong(format!("`{host}` would show the token to everybody on the way: use https")));
        }
        other => return Err(wrong(format!("`{other}` is not http or https"))),
    }
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

fn loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_may_be_written_short_or_as_a_url() {
        for (host, url) in [
            ("relay.example", "https://relay.example/"),
            (" relay.example:8443 ", "https://relay.example:8443/"),
            ("https://relay.example/pro?x#y", "https://relay.example/pro"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080/"),
            ("http://[::1]:8080", "http://[::1]:8080/"),
            ("http://localhost", "http://localhost/"),
        ] {
            assert_eq!(base("host", host, false).unwrap().as_str(), url);
        }
        assert!(base("host", "http://relay.example", true).is_ok());
    }

    #[test]
    fn what_cannot_be_called_is_refused_with_the_reason() {
        for (host, why) in [
            ("", "no host or URL"),
            ("http://relay.example", "use https"),
            ("ftp://relay.example", "not http or https"),
            ("https://me:pw@relay.example", "a password in the URL is not used"),
        ] {
            let error = base("host", host, false).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
            assert!(!error.contains("pw"), "{error}");
        }
    }
}
