//! The secret that proves to workflow servers who dials them.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::super::app::App;
use super::super::endpoint::Endpoint;
use super::super::error::ApiResult;
use super::super::guard::Scope;
use crate::auth;
use crate::model::{Role, Signing, UnixMs};

pub(super) fn endpoints() -> Vec<Endpoint> {
    let account = "the account, if the token is for several";
    let alone = json!({"secret": "whsec_…", "previous": null});
    let both =
        json!({"secret": "whsec_…", "previous": {"secret": "whsec_…", "until": 1_767_323_045_678_i64}});
    vec![
        Endpoint::get("/v1/signing", show)
            .role(Role::Admin)
            .says("Shows the secret that dials are signed with, to give it to workflow servers.")
            .query("subscriber_id", account)
            .answer(alone),
        Endpoint::post("/v1/signing/rotate", rotate)
            .says("Replaces the secret. The old one signs as well for 24 hours, in which there can be no third.")
            .query("subscriber_id", account)
            .answer(both),
    ]
}

async fn show(State(app): State<App>, scope: Scope) -> ApiResult<Json<Value>> {
    let signing = auth::signing(app.store(), &scope.subscriber).await?;
    scope.note(&app, "secret", "shown", json!({})).await;
    Ok(Json(shown(&signing, app.now())))
}

async fn rotate(State(app): State<App>, scope: Scope) -> ApiResult<Json<Value>> {
    let now = app.now();
    let signing = auth::rotate(app.store(), &scope.subscriber, now).await?;
    tracing::info!(subscriber = %scope.subscriber, "the signing secret was replaced");
    scope.note(&app, "secret", "replaced", json!({})).await;
    Ok(Json(shown(&signing, now)))
}

fn shown(signing: &Signing, now: UnixMs) -> Value {
    let previous = signing.previous.as_ref().filter(|previous| now < previous.until);
    let previous =
        previous.map(|previous| json!({"secret": previous.secret.reveal(), "until": previous.until}));
    json!({"secret": signing.current.reveal(), "previous": previous})
}
