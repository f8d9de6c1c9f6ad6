//! Where a browser may be sent.

use axum::http::Uri;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// Names that stand for the person's own machine, the last two in the official command line.
const OWN_MACHINE: [&str; 5] = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    "auth-localredirect.relaypro.com",
    "auth2-localredirect.relaygo.info",
];

/// The URI, if it leads to a program on the person's own machine. A code must not go anywhere else. A fragment is left out,
/// since what is added to the query would end up in it.
pub(super) fn allowed(uri: Option<&str>) -> Option<String> {
    let uri: Uri = uri?.parse().ok()?;
    let fits = uri.scheme_str() == Some("http")
        && uri.host().is_some_and(|host| OWN_MACHINE.contains(&host))
        && uri.authority().is_some_and(|authority| !authority.as_str().contains('@'));
    fits.then(|| uri.to_string())
}

/// The URI with more in its query.
pub(super) fn with(uri: &str, pairs: &[(&str, Option<&str>)]) -> String {
    let pairs = pairs.iter().filter_map(|(name, value)| Some((name, (*value)?)));
    pairs.fold(uri.to_owned(), |uri, (name, value)| {
        let sign = if uri.contains('?') { '&' } else { '?' };
        format!("{uri}{sign}{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stay_on_the_persons_machine() {
        for good in [
            "http://localhost:8079/authorization-code/callback",
            "http://127.0.0.1:1/",
            "http://[::1]:8079/x",
        ] {
            assert_eq!(allowed(Some(good)).as_deref(), Some(good));
        }
        let elsewhere = [
            "https://evil.example/",
            "http://localhost.evil.example/",
            "http://localhost@evil.example/",
            "http://localhost\\@evil.example/",
            "http://localhost\t.evil.example/",
            "//evil.example/",
            "http:evil.example",
            "https://localhost/x",
            "javascript:x",
            "/x",
            "",
        ];
        for bad in elsewhere {
            assert_eq!(allowed(Some(bad)), None, "{bad}");
        }
        assert_eq!(allowed(None), None);
        assert_eq!(allowed(Some("http://localhost/x?y=1#z")).as_deref(), Some("http://localhost/x?y=1"));
    }

    #[test]
    fn pairs_are_added() {
        assert_eq!(with("http://l/x", &[("code", Some("a b")), ("state", None)]), "http://l/x?code=a%20b");
        assert_eq!(with("http://l/x?y=1", &[("code", Some("c"))]), "http://l/x?y=1&code=c");
    }
}
