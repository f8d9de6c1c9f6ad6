//! A server that says what a Relay server would, from memory.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

/// The server. Its thread ends with the process.
pub(crate) struct Stub {
    addr: SocketAddr,
    world: Arc<Mutex<World>>,
}

/// What the server knows, and what it was asked.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) workflows: Vec<Value>,
    pub(crate) instances: Vec<Value>,
    pub(crate) requests: Vec<Request>,
    /// What is answered to requests that begin so, whatever else is known.
    answers: Vec<(String, u16, Value)>,
    /// What is answered as it is.
    streams: Vec<(String, String)>,
    /// What needs no token.
    open: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Request {
    /// `GET /ibot/workflow?subscriber_id=S1`
    pub(crate) line: String,
    pub(crate) body: Value,
    /// What stood in the header for it.
    pub(crate) token: String,
}

impl Stub {
    pub(crate) fn start() -> Self {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let addr = listener.local_addr().unwrap();
        let world = Arc::new(Mutex::new(World::default()));
        let app = Router::new().fallback(answer).with_state(world.clone());
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                axum::serve(listener, app).await.unwrap();
            });
        });
        Self { addr, world }
    }

    /// One that has ended: nothing listens on its port any more.
    pub(crate) fn gone() -> Self {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        Self { addr: listener.local_addr().unwrap(), world: Arc::default() }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    /// From now on says this to requests that begin with `line`.
    pub(crate) fn says(&self, line: &str, status: u16, body: Value) -> &Self {
        self.world().answers.insert(0, (line.to_owned(), status, body));
        self
    }

    /// From now on answers with this text to requests that begin with `line`.
    pub(crate) fn streams(&self, line: &str, text: &str) {
        self.world().streams.push((line.to_owned(), text.to_owned()));
    }

    /// From now on takes requests that begin with `line` from anybody.
    pub(crate) fn opens(&self, line: &str) {
        self.world().open.push(line.to_owned());
    }

    /// The requests that change something.
    pub(crate) fn changes(&self) -> Vec<Request> {
        self.world().requests.iter().filter(|request| !request.line.starts_with("GET ")).cloned().collect()
    }
}

async fn answer(
    State(world): State<Arc<Mutex<World>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let line = format!("{method} {uri}");
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let mut world = world.lock().unwrap();
    let token =
        headers.get(AUTHORIZATION).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
    world.requests.push(Request { line: line.clone(), body: body.clone(), token: token.clone() });
    let open = world.open.iter().any(|open| line.starts_with(open));
    if !open && token != "Bearer t0ken" {
        return reply(401, json!({ "error": "bad_token", "message": "this token is not valid" }));
    }
    if let Some((_, status, body)) = world.answers.iter().find(|(start, ..)| line.starts_with(start)) {
        return reply(*status, body.clone());
    }
    if open {
        return reply(200, json!({}));
    }
    if let Some((_, text)) = world.streams.iter().find(|(start, _)| line.starts_with(start)) {
        return text.clone().into_response();
    }
    let path = uri.path().trim_start_matches('/').to_owned();
    let path: Vec<&str> = path.split('/').collect();
    match (method.as_str(), path.as_slice()) {
        ("GET", ["ibot", "authz_context"]) => reply(200, json!([{ "subscriber_id": "S1" }])),
        ("GET", ["ibot", "subscriber_info", _]) => {
            reply(200, json!({ "capabilities": { "workflow_sdk": true, "calling": true, "sos": false } }))
        }
        ("GET", ["ibot", "workflow"]) => reply(200, json!({ "results": world.workflows })),
        ("POST", ["ibot", "workflow"]) => reply(200, json!([world.save(body)])),
        ("DELETE", ["ibot", "workflow", id]) => {
            world.workflows.retain(|workflow| workflow["workflow_id"] != **id);
            reply(200, json!({}))
        }
        ("POST", ["ibot", "workflow", id]) => {
            let known = world.workflows.iter().any(|workflow| workflow["workflow_id"] == **id);
            if known {
                reply(200, json!({ "workflow_instance_id": "wfi_1" }))
            } else {
                reply(404, json!({ "error": "workflow_not_found", "message": "there is no such workflow" }))
            }
        }
        ("GET", ["ibot", "workflow_instances"]) => reply(200, json!(world.instances)),
        ("DELETE", ["ibot", "workflow_instances", id]) => {
            world.instances.retain(|instance| instance["instance_id"] != **id);
            reply(200, json!({}))
        }
        ("GET", ["ibot", "subscriber", _, "device_ids"]) => {
            reply(200, json!({ "devices": ["990007560011111", "990007560022222"] }))
        }
        _ => reply(
            404,
            json!({ "error": "not_found", "message": format!("there is nothing at {}", uri.path()) }),
        ),
    }
}

impl World {
    /// By id, else by name.
    fn save(&mut self, workflow: Value) -> Value {
        let key = if workflow.get("workflow_id").is_some() { "workflow_id" } else { "name" };
        let at = self.workflows.iter().position(|known| known[key] == workflow[key]);
        let mut saved: Map<String, Value> = workflow.as_object().cloned().unwrap_or_default();
        let name = saved.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let id = at.map_or_else(
            || json!(format!("wf_{name}_{:022}", self.workflows.len() + 1)),
            |at| self.workflows[at]["workflow_id"].clone(),
        );
        saved.insert("workflow_id".into(), id);
        saved.entry("install").or_insert_with(|| json!([]));
        let saved = Value::Object(saved);
        match at {
            Some(at) => self.workflows[at] = saved.clone(),
            None => self.workflows.push(saved.clone()),
        }
        saved
    }
}

fn reply(status: u16, body: Value) -> Response {
    (StatusCode::from_u16(status).unwrap(), axum::Json(body)).into_response()
}
