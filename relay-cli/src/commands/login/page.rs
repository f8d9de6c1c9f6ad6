//! What the browser shows in the end.

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY};
use axum::response::{Html, IntoResponse, Response};

const STYLE: &str = "body{font:16px system-ui,sans-serif;max-width:26rem;margin:15vh auto;padding:0 1rem}";

/// A page with a heading and a sentence.
pub(super) fn page(status: StatusCode, heading: &str, sentence: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
         <title>Relay</title><style>{STYLE}</style><h1>{}</h1><p>{}</p></html>",
        escape(heading),
        escape(sentence)
    );
    // No script, nothing from elsewhere, and the code of the address nowhere.
    let headers = [
        (CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
    ];
    (status, headers, Html(html)).into_response()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
