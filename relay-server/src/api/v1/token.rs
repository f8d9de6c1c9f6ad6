//! Tokens, for whoever holds one for all accounts.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::app::App;
use super::super::body::Lenient;
use super::super::endpoint::Endpoint;
use super::super::error::{ApiError, ApiResult};
use super::super::guard::for_all_accounts;
use crate::auth::{Caller, Secret};
use crate::model::{AuditEntry, Role, SubscriberId, Token, TokenId};

pub(super) fn endpoints() -> Vec<Endpoint> {
    let token = json!({
        "id": "tok_0198…", "name": "lobby", "subscriber": "S", "role": "trigger", "created_at": 1_767_323_045_678_i64,
        "expires_at": null, "last_used_at": null, "revoked_at": null,
    });
    let mut made = token.clone();
    made["token"] = json!("relay_0123…");
    vec![
        Endpoint::get("/v1/tokens", list)
            .role(Role::Admin)
            .says("Lists the tokens, without their secrets. For tokens of all accounts.")
            .answer(json!([token])),
        Endpoint::post("/v1/tokens", create)
            .says("Makes a token. Its secret is shown in this answer and never again.")
            .body(json!({"name": "lobby", "subscriber": "S", "role": "trigger"}))
            .answer(made),
        Endpoint::delete("/v1/tokens/{id}", revoke).says("Withdraws a token, at once."),
    ]
}

#[derive(Deserialize)]
struct NewToken {
    name: String,
    subscriber: Option<SubscriberId>,
    #[serde(default = "admin")]
    role: Role,
}

fn admin() -> Role {
    Role::Admin
}

async fn list(State(app): State<App>, caller: Caller) -> ApiResult<Json<Value>> {
    for_all_accounts(&caller)?;
    Ok(Json(json!(app.store().token_list().await?)))
}

async fn create(State(app): State<App>, caller: Caller, body: Lenient) -> ApiResult<Json<Value>> {
    for_all_accounts(&caller)?;
    let new: NewToken = body.read()?;
    let secret =
        Secret::generate().map_err(|_| ApiError::unavailable("the system has no randomness to give"))?;
    if let Some(subscriber) = &new.subscriber {
        app.account(subscriber)?;
    }
    let token = Token {
        id: TokenId::from(format!("tok_{}", uuid::Uuid::now_v7().simple())),
        name: new.name,
        subscriber: new.subscriber,
        role: new.role,
        created_at: app.now(),
        expires_at: None,
        last_used_at: None,
        revoked_at: None,
        parent: None,
    };
    app.store().token_create(&token, secret.hash()).await?;
    app.registry().note(AuditEntry::of_token(&caller.actor(), app.now(), "created", &token)).await;
    let mut made = json!(token);
    made["token"] = secret.reveal().into();
    Ok(Json(made))
}

async fn revoke(State(app): State<App>, caller: Caller, Path(id): Path<String>) -> ApiResult<StatusCode> {
    for_all_accounts(&caller)?;
    let id = TokenId::from(id);
    app.gate().withdraw(&id, app.now()).await?;
    let token = app.store().token_list().await?.into_iter().find(|token| token.id == id);
    if let Some(token) = token {
        app.registry().note(AuditEntry::of_token(&caller.actor(), app.now(), "revoked", &token)).await;
    }
    Ok(StatusCode::NO_CONTENT)
}
