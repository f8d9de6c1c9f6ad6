//! Reading a token out of what clients send.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

/// The token of a request. Any scheme word will do, in any case: the official command line sends `Bearer` or what it is
/// told, the alerts API wants `RelayApiKey`.
pub(super) fn token(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?.trim();
    let (_, token) = value.split_once(' ')?;
    Some(bare(token.trim()))
}

/// Official clients want an access token to be a JWT, whose claims they read. Ours is the token behind claims, in the
/// place of a signature: the claims are for the client, we never look at them.
pub(super) fn bare(token: &str) -> &str {
    token.rsplit('.').next().unwrap_or(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_scheme_in_any_case_will_do() {
        for header in ["Bearer t1", "bearer  t1", "RelayApiKey t1", "RELAYAPIKEY t1 ", "Bearer h.c.t1"] {
            let headers = HeaderMap::from_iter([(AUTHORIZATION, header.parse().unwrap())]);
            assert_eq!(token(&headers), Some("t1"), "{header}");
        }
        for header in ["", "t1", "Bearer"] {
            let headers = HeaderMap::from_iter([(AUTHORIZATION, header.parse().unwrap())]);
            assert_eq!(token(&headers), None, "{header}");
        }
        assert_eq!(token(&HeaderMap::new()), None);
    }
}
