//! Exchanging what a client has for tokens.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, PRAGMA};
use axum::response::IntoResponse;
use serde_json::{Value, json};

use super::super::app::App;
use super::super::error::{ApiError, ApiResult};
use super::super::guard::Origin;
use super::super::params::Params;
use super::claims;
use crate::auth::{Caller, Refused, Secret};

/// Our own command, which gives its token back when its user logs out. Others do not know how, so that they are given the
/// token that was entered.
const COMMAND: &str = "relay";

/// A refresh token, or the code of a sign-in, becomes three tokens. The body is a form, whatever its type says: one SDK
/// sends none, another says JSON.
pub(super) async fn exchange(State(app): State<App>, Origin(from): Origin, body: Bytes) -> ApiResult {
    let form = Params::parse(&String::from_utf8_lossy(&body));
    let token = match form.get("grant_type") {
        Some("refresh_token") => form.required("refresh_token")?.to_owned(),
        Some("authorization_code") => {
            let code = form.required("code")?;
            let uri = form.get("redirect_uri").unwrap_or_default();
            let verifier = form.get("code_verifier").unwrap_or_default();
            app.codes().redeem(code, uri, verifier).ok_or_else(|| {
                let why = "the code is wrong, was used, is too old, or was asked for by somebody else";
                ApiError::bad("invalid_grant", why)
            })?
        }
        Some(other) => {
            let why =
                format!("the grant type {other:?} is not known: use refresh_token or authorization_code");
            return Err(ApiError::bad("unsupported_grant_type", why));
        }
        None => return Err(ApiError::bad("invalid_request", "the form needs a `grant_type`")),
    };
    let now = app.now();
    let caller = app.gate().admit(&token, from, now).await.map_err(|refused| match refused {
        Refused::Token(why) => ApiError::bad("invalid_grant", why),
        other => other.into(),
    })?;
    let signs_in = form.get("code").is_some() && form.get("client_id") == Some(COMMAND);
    let given = if signs_in { app.gate().sign_in(&token, secret()?, now).await? } else { None };
    let token = match &given {
        Some(given) => given.reveal(),
        None => token.rsplit('.').next().unwrap_or_default(),
    };
    let tokens = json!({
        "access_token": claims::token(&caller, now, token),
        // Shown to others by clients, so without anything to use it for.
        "id_token": claims::token(&caller, now, "none"),
        "refresh_token": token,
        "token_type": "Bearer",
        "expires_in": claims::LIFETIME,
        "scope": "openid profile offline_access",
    });
    Ok(([(CACHE_CONTROL, "no-store"), (PRAGMA, "no-cache")], Json(tokens)).into_response())
}

/// Takes a token back that was given when somebody signed in (RFC 7009). One that is worth nothing is no error.
pub(super) async fn revoke(
    State(app): State<App>,
    Origin(from): Origin,
    body: Bytes,
) -> ApiResult<Json<Value>> {
    let form = Params::parse(&String::from_utf8_lossy(&body));
    let now = app.now();
    let revoked = match app.gate().admit(form.required("token")?, from, now).await {
        Ok(caller) => app.gate().sign_out(&caller, now).await?,
        Err(Refused::Token(_)) => false,
        Err(refused) => return Err(refused.into()),
    };
    Ok(Json(json!({ "revoked": revoked })))
}

fn secret() -> ApiResult<Secret> {
    Secret::generate().map_err(|_| ApiError::unavailable("the system has no randomness to give"))
}

/// Says whose token it is.
pub(super) async fn validate(caller: Caller) -> Json<Value> {
    let mut person = claims::person(&caller);
    person["userid"] = claims::user_uuid(&caller).into();
    Json(person)
}
