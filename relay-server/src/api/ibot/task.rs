//! Tasks run code of the vendor's, which is not here.

use axum::http::{Method, StatusCode};

use super::super::endpoint::Endpoint;
use super::super::error::{ApiError, ApiResult};

pub(super) fn endpoints() -> Vec<Endpoint> {
    let mut all = Vec::new();
    for path in ["/relaypro/api/v1/{*rest}"] {
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE] {
            all.push(Endpoint::new(method, path, not_supported).says("Tasks are not supported: 404."));
        }
    }
    all
}

async fn not_supported() -> ApiResult {
    let why = "tasks run code of the vendor's server: this one has workflows only";
    Err(ApiError::new(StatusCode::NOT_FOUND, "not_supported", why))
}
