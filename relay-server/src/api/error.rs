//! How a request is refused: a code for machines and a message for people.

use std::fmt;
use std::time::Duration;

use axum::Json;
use axum::http::header::{CACHE_CONTROL, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::account::AccountGone;
use crate::auth::SigningError;
use crate::registry::RegistryError;
use crate::store::StoreError;
use crate::trigger::AcceptError;

/// How soon it makes sense to look whether a disk was mended.
const MENDING: Duration = Duration::from_secs(10);

/// What a handler gives back.
pub(crate) type ApiResult<T = Response> = Result<T, ApiError>;

/// Why a request is refused. Becomes `{"error": code, "message": message}`.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    /// In `snake_case`, and stable.
    code: &'static str,
    /// What is wrong, and what to do.
    message: String,
    retry_after: Option<Duration>,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), retry_after: None }
    }

    /// The request cannot be understood or carried out as it is.
    pub(crate) fn bad(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// The token is missing, wrong, or no longer good. Official clients answer this by exchanging their refresh token,
    /// so that it must stand for nothing else.
    pub(crate) fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "invalid_token", message)
    }

    /// The token does not allow this.
    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", message)
    }

    /// There is no such thing.
    pub(crate) fn not_found(kind: &'static str, id: impl fmt::Display) -> Self {
        let code = match kind {
            "workflow" => "workflow_not_found",
            "device" => "device_not_found",
            "instance" => "instance_not_found",
            "trigger" => "trigger_not_found",
            _ => "not_found",
        };
        Self::new(StatusCode::NOT_FOUND, code, format!("there is no {kind} {id} in this account"))
    }

    /// Something else stands in the way.
    pub(crate) fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, message)
    }

    /// Too much, for now.
    pub(crate) fn too_many(code: &'static str, message: impl Into<String>, retry_after: Duration) -> Self {
        let retry_after = Some(retry_after);
        Self { status: StatusCode::TOO_MANY_REQUESTS, code, message: message.into(), retry_after }
    }

    /// Not now: the server stops, or what it needs does not work.
    pub(crate) fn unavailable(message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::SERVICE_UNAVAILABLE,
            code: "unavailable",
            message: message.into(),
            retry_after: Some(Duration::from_secs(1)),
        }
    }

    /// Not before somebody has seen to the disk.
    fn storage(code: &'static str, message: String) -> Self {
        tracing::error!("the store failed: {message}");
        Self { code, retry_after: Some(MENDING), ..Self::unavailable(message) }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = json!({"error": self.code, "message": self.message});
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(wait) = self.retry_after {
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            headers.insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for ApiError {}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let message = error.to_string();
        match error {
            StoreError::NotFound { what, id } => Self::not_found(what, id),
            StoreError::NameTaken { .. } => Self::conflict("name_taken", message),
            StoreError::Exists { .. } => Self::conflict("exists", message),
            StoreError::KeyReused => Self::conflict("idempotency_key_reused", message),
            StoreError::Fenced(_) => Self::conflict("in_other_hands", message),
            StoreError::Replaced { .. } => Self::conflict("replaced_lately", message),
            StoreError::Cursor(_) => Self::bad("invalid_cursor", message),
            StoreError::Full => Self::storage("storage_full", message),
            StoreError::ReadOnly => Self::storage("storage_read_only", message),
            StoreError::Disk(_) => Self::storage("storage_failed", message),
            StoreError::Locked | StoreError::Closed => Self::unavailable(message),
            other => {
                tracing::error!("the store failed: {other}");
                // It may name files, and words of the database; whoever asks for `/readyz` is a stranger.
                let why = "the store has failed: the log of the server says more";
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "storage_failed", why)
            }
        }
    }
}

impl From<SigningError> for ApiError {
    fn from(error: SigningError) -> Self {
        match error {
            SigningError::Store(error) => error.into(),
            other => Self::unavailable(other.to_string()),
        }
    }
}

impl From<AccountGone> for ApiError {
    fn from(_: AccountGone) -> Self {
        Self::unavailable("the server is stopping")
    }
}

impl From<RegistryError> for ApiError {
    fn from(error: RegistryError) -> Self {
        match error {
            RegistryError::Invalid { code, message } => Self::bad(code, message),
            RegistryError::NotFound { what, id } => Self::not_found(what, id),
            RegistryError::Conflict { code, message } => Self::conflict(code, message),
            RegistryError::Store(error) => error.into(),
            RegistryError::Gone => AccountGone.into(),
        }
    }
}

impl From<AcceptError> for ApiError {
    fn from(error: AcceptError) -> Self {
        let message = error.to_string();
        match error {
            AcceptError::NoAccount => Self::new(StatusCode::NOT_FOUND, "subscriber_not_found", message),
            AcceptError::NoWorkflow => Self::new(StatusCode::NOT_FOUND, "workflow_not_found", message),
            AcceptError::NoDevice => Self::bad("unknown_device", message),
            AcceptError::OtherTrigger => Self::bad("not_an_http_workflow", message),
            AcceptError::NotInstalled => Self::bad("not_installed", message),
            AcceptError::NoTrigger => Self::bad("invalid_trigger", message),
            AcceptError::QueueFull { .. } => Self::too_many("queue_full", message, Duration::from_secs(5)),
            AcceptError::Store(error) => error.into(),
            _ => Self::unavailable(message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_machine_looks_like_inside_is_not_told() {
        let inside = [
            StoreError::File { path: "/var/lib/relay".into(), source: std::io::Error::other("gone") },
            StoreError::Damaged("page 7 of /var/lib/relay".into()),
        ];
        for error in inside {
            let told = ApiError::from(error).to_string();
            assert!(told.starts_with("storage_failed: ") && !told.contains("/var/lib"), "{told}");
        }
    }
}
