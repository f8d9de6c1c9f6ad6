//! What the admin listener answers.

use std::sync::Arc;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{ALLOW, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HeaderName, WWW_AUTHENTICATE};
use hyper::http::HeaderValue;
use hyper::{Method, Request, Response, StatusCode};
use relay_protocol::manifest::WorkflowManifest;
use serde::Serialize;
use subtle::ConstantTimeEq;

use super::{AdminSettings, Exporter};
use crate::server::Phase;
use crate::server::lifecycle::Lifecycle;
use crate::server::paths::Paths;

const TEXT: &str = "text/plain; charset=utf-8";
const JSON: &str = "application/json";
/// What Prometheus calls the version of its text format.
const METRICS: &str = "text/plain; version=0.0.4; charset=utf-8";

pub(in crate::server) struct Answers {
    lifecycle: Arc<Lifecycle>,
    exporter: Option<Arc<dyn Exporter>>,
    manifest: Option<Guarded>,
}

/// The manifests, for those who know the token.
struct Guarded {
    token: String,
    paths: Paths,
}

#[derive(Serialize)]
struct Manifest {
    workflows: Vec<WorkflowManifest>,
}

impl Answers {
    pub(in crate::server) fn new(settings: AdminSettings, lifecycle: Arc<Lifecycle>, paths: Paths) -> Self {
        let manifest = settings.token.map(|token| Guarded { token, paths });
        Self { lifecycle, exporter: settings.exporter, manifest }
    }

    pub(super) fn upkeep(&self) {
        if let Some(exporter) = &self.exporter {
            exporter.upkeep();
        }
    }

    pub(super) fn to<B>(&self, request: &Request<B>) -> Response<Full<Bytes>> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            let refusal = answer(StatusCode::METHOD_NOT_ALLOWED, TEXT, "only GET\n");
            return with(refusal, ALLOW, "GET, HEAD");
        }
        match (request.uri().path(), &self.exporter, &self.manifest) {
            ("/healthz", ..) => answer(StatusCode::OK, TEXT, "ok\n"),
            ("/readyz", ..) if self.lifecycle.phase() == Phase::Serving => {
                answer(StatusCode::OK, TEXT, "ready\n")
            }
            ("/readyz", ..) => answer(StatusCode::SERVICE_UNAVAILABLE, TEXT, "the server is shutting down\n"),
            ("/metrics", Some(exporter), _) => answer(StatusCode::OK, METRICS, exporter.render()),
            ("/manifest", _, Some(manifest)) if manifest.admits(request) => {
                answer(StatusCode::OK, JSON, manifest.page())
            }
            ("/manifest", _, Some(_)) => {
                let refusal = answer(StatusCode::UNAUTHORIZED, TEXT, "this needs the admin token\n");
                with(refusal, WWW_AUTHENTICATE, "Bearer")
            }
            _ => answer(StatusCode::NOT_FOUND, TEXT, "no such page\n"),
        }
    }
}

impl Guarded {
    /// Takes the same time for every wrong token of the right length, so that it cannot be guessed byte by byte.
    fn admits<B>(&self, request: &Request<B>) -> bool {
        let header = request.headers().get(AUTHORIZATION).map(HeaderValue::as_bytes).unwrap_or_default();
        let Some((scheme, token)) = header.split_at_checked("Bearer ".len()) else { return false };
        scheme.eq_ignore_ascii_case(b"Bearer ") && bool::from(token.ct_eq(self.token.as_bytes()))
    }

    fn page(&self) -> Vec<u8> {
        // Texts, lists and maps of texts: it cannot fail. If it did, the page would be empty.
        serde_json::to_vec(&Manifest { workflows: self.paths.manifests() }).unwrap_or_default()
    }
}

fn answer(status: StatusCode, kind: &'static str, body: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    let response = with(response, CONTENT_TYPE, kind);
    with(response, CACHE_CONTROL, "no-store")
}

fn with<B>(mut response: Response<B>, name: HeaderName, value: &'static str) -> Response<B> {
    response.headers_mut().insert(name, HeaderValue::from_static(value));
    response
}
