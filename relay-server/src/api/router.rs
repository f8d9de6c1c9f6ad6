//! All endpoints together.

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Value, json};
use tower_http::catch_panic::CatchPanicLayer;

use super::app::App;
use super::endpoint::{self, Endpoint};
use super::error::{ApiError, ApiResult};
use super::{ibot, oauth, openapi as document, v1};

/// The endpoints under the headings of the document.
fn sections() -> Vec<(&'static str, Vec<Endpoint>)> {
    let mut sections = vec![("Official", ibot::endpoints()), ("Signing in", oauth::endpoints())];
    sections.extend(v1::sections());
    sections.push(("Operations", operations()));
    sections
}

fn operations() -> Vec<Endpoint> {
    vec![
        Endpoint::get("/healthz", healthz)
            .open()
            .says("Whether the process is alive.")
            .answer(json!({"status": "ok"})),
        Endpoint::get("/readyz", readyz)
            .open()
            .says("Whether the server can do its work: its store can be written, and it is not stopping.")
            .answer(json!({"status": "ok"})),
        Endpoint::get("/metrics", metrics).says("Metrics for Prometheus.").content_type("text/plain"),
        Endpoint::get("/openapi.json", openapi_json)
            .says("This document.")
            .answer(json!({"openapi": "3.1.0"})),
    ]
}

/// The OpenAPI document.
pub fn openapi() -> Value {
    document::document(&sections())
}

/// Everything that is served.
pub(crate) fn router(app: App) -> Router {
    let endpoints = sections().into_iter().flat_map(|(_, endpoints)| endpoints).collect();
    endpoint::router(endpoints, &app)
        .fallback(nothing)
        .method_not_allowed_fallback(other_method)
        .layer(middleware::from_fn(safe))
        .layer(middleware::from_fn_with_state(app.clone(), counted))
        .layer(CatchPanicLayer::custom(|_| {
            let why = "the server has a fault here: its log says more";
            ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", why).into_response()
        }))
        .with_state(app)
}

/// Metrics and health, for whoever reaches the listener that is for them.
pub(crate) fn metrics_router(app: App) -> Router {
    Router::new()
        .route("/metrics", get(metrics))
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .with_state(app)
}

async fn nothing(uri: Uri) -> ApiError {
    let why = format!("there is nothing at {}: see /openapi.json", uri.path());
    ApiError::new(StatusCode::NOT_FOUND, "not_found", why)
}

async fn other_method() -> ApiError {
    let why = "this path knows other methods: see /openapi.json";
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", why)
}

/// Nothing is guessed from content, and nothing is kept by caches unless a handler says so.
async fn safe(request: axum::extract::Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

async fn counted(State(app): State<App>, request: axum::extract::Request, next: Next) -> Response {
    let path = request.extensions().get::<axum::extract::MatchedPath>().map(|path| path.as_str().to_owned());
    let method = request.method().clone();
    let began = std::time::Instant::now();
    let response = next.run(request).await;
    app.metrics().request(&method, path, response.status(), began.elapsed());
    response
}

async fn healthz() -> Json<Value> {
    Json(json!({"status": "ok"}))
}

async fn readyz(State(app): State<App>) -> ApiResult<Json<Value>> {
    if app.draining().is_cancelled() {
        return Err(ApiError::unavailable("the server is stopping"));
    }
    app.store().ping().await?;
    Ok(Json(json!({"status": "ok"})))
}

async fn metrics(State(app): State<App>) -> Response {
    let text = app.metrics().render(app.runner(), app.store()).await;
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

async fn openapi_json() -> Json<Value> {
    Json(openapi())
}
