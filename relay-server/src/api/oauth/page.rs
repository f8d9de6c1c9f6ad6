//! The page that asks for a token.

use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_FRAME_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};

const STYLE: &str = "body{font:16px system-ui,sans-serif;max-width:26rem;margin:15vh auto;padding:0 1rem}\
    input,button{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;margin:.25rem 0}.no{color:#b00020}";

/// A page with a form for a token.
pub(super) fn form(status: StatusCode, refusal: Option<&str>) -> Response {
    let refusal = refusal.map(|why| format!("<p class=no>{}</p>", escape(why))).unwrap_or_default();
    page(
        status,
        &format!(
            "<h1>Sign in to Relay</h1>{refusal}<form method=post>\
             <label>Token<input name=token type=password autocomplete=off autofocus required></label>\
             <button>Sign in</button></form><p>Tokens are made with <code>relay-server token create</code>.</p>"
        ),
    )
}

/// A page with one sentence.
pub(super) fn note(status: StatusCode, sentence: &str) -> Response {
    page(status, &format!("<p>{}</p>", escape(sentence)))
}

fn page(status: StatusCode, body: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
         <title>Relay</title><style>{STYLE}</style>{body}</html>"
    );
    let mut response = (status, Html(html)).into_response();
    let headers = response.headers_mut();
    // No script, no frame, nothing from elsewhere, and no token left in a cache.
    let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    response
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
