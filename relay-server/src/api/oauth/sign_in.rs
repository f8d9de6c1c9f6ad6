//! Signing a client in by a browser: a person enters a token, the client gets a code.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::json;
use tokio::time::Instant;

use super::super::app::App;
use super::super::error::{ApiError, ApiResult};
use super::super::guard::Origin;
use super::super::params::Params;
use super::codes::Grant;
use super::{page, redirect};
use crate::auth::{Refused, Secret};
use crate::model::AuditEntry;

/// Asks for a token.
pub(super) async fn ask(params: Params) -> Response {
    match check(&params) {
        Ok(_) => page::form(StatusCode::OK, None),
        Err(why) => page::note(StatusCode::BAD_REQUEST, why),
    }
}

/// Takes the token, and sends the browser back to the client with a code.
pub(super) async fn take(
    State(app): State<App>,
    Origin(from): Origin,
    params: Params,
    form: Bytes,
) -> ApiResult {
    let (redirect_uri, challenge) = match check(&params) {
        Ok(checked) => checked,
        Err(why) => return Ok(page::note(StatusCode::BAD_REQUEST, why)),
    };
    let form = Params::parse(&String::from_utf8_lossy(&form));
    let token = form.get("token").unwrap_or_default().trim();
    let caller = match app.gate().admit(token, from, app.now()).await {
        Ok(caller) => caller,
        Err(Refused::Token(why)) => return Ok(page::form(StatusCode::UNAUTHORIZED, Some(why))),
        Err(refused @ Refused::TooMany { .. }) => {
            return Ok(page::form(StatusCode::TOO_MANY_REQUESTS, Some(&refused.to_string())));
        }
        Err(refused) => return Err(refused.into()),
    };
    let code =
        Secret::generate().map_err(|_| ApiError::unavailable("the system has no randomness to give"))?;
    let grant = Grant {
        token: token.into(),
        redirect_uri: params.get("redirect_uri").unwrap_or_default().into(),
        challenge: challenge.into(),
        since: Instant::now(),
    };
    app.codes().insert(code.reveal(), grant);
    let login = AuditEntry::new(&caller.actor(), app.now(), "session", "login", json!({ "from": from }));
    app.registry().note(AuditEntry { subscriber: caller.subscriber, ..login }).await;
    let back =
        redirect::with(&redirect_uri, &[("code", Some(code.reveal())), ("state", params.get("state"))]);
    Ok(Redirect::to(&back).into_response())
}

/// Sends the browser back to the client.
pub(super) async fn leave(params: Params) -> Response {
    let back = params.get("post_logout_redirect_uri").or_else(|| params.get("redirect_uri"));
    match redirect::allowed(back) {
        Some(uri) => Redirect::to(&redirect::with(&uri, &[("state", params.get("state"))])).into_response(),
        None => page::note(StatusCode::OK, "You are signed out."),
    }
}

/// Where to send the browser, and what the client must prove to know. Without that, whoever sees a code in a history or a
/// log could use it: it passes through the browser.
fn check(params: &Params) -> Result<(String, &str), &'static str> {
    let challenge = params.get("code_challenge").ok_or("The client must send a code challenge (PKCE).")?;
    if !matches!(params.get("code_challenge_method"), None | Some("S256")) {
        return Err("Only the code challenge method S256 is known here.");
    }
    let uri = redirect::allowed(params.get("redirect_uri"))
        .ok_or("redirect_uri must lead to a program on your own machine, as in http://localhost:8079/…")?;
    Ok((uri, challenge))
}
