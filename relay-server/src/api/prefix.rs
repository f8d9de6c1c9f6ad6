//! The prefix that some clients insist on.

use axum::http::uri::PathAndQuery;
use axum::http::{Request, Uri};

/// Official clients want the host to contain `pro` or `qa`, and the JS SDK keeps a path that was added for that. So every
/// path may begin with `/pro` or `/qa`, which means nothing.
pub(super) fn strip<B>(mut request: Request<B>) -> Request<B> {
    if let Some(uri) = stripped(request.uri()) {
        *request.uri_mut() = uri;
    }
    request
}

fn stripped(uri: &Uri) -> Option<Uri> {
    let whole = uri.path_and_query()?.as_str();
    let rest = ["/pro", "/qa"].into_iter().find_map(|prefix| whole.strip_prefix(prefix))?;
    let rest = match rest.as_bytes().first() {
        None => "/".to_owned(),
        Some(b'/') => rest.to_owned(),
        Some(b'?') => format!("/{rest}"),
        Some(_) => return None,
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(rest).ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_means_nothing() {
        let cases = [
            ("/pro/ibot/workflow?a=1", "/ibot/workflow?a=1"),
            ("/qa/healthz", "/healthz"),
            ("/pro", "/"),
            ("/pro?x", "/?x"),
        ];
        for (from, to) in cases {
            assert_eq!(stripped(&from.parse().unwrap()).map(|uri| uri.to_string()).as_deref(), Some(to));
        }
        for other in ["/ibot/pro", "/profile", "/v1"] {
            assert_eq!(stripped(&other.parse().unwrap()), None, "{other}");
        }
    }
}
