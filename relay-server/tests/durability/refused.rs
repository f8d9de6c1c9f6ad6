//! The disk fails under the program: what it answers, and what is left.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use relay_testkit::Authority;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::journal;
use crate::pour::Starts;
use crate::powerless::scratch;
use crate::server::{Caller, Server, answer, serving};
use crate::workflows::{Workflow, acceptor, serve};

const NO_SPACE: i32 = 28;
const READ_ONLY: i32 = 30;

struct Stage {
    server: Server,
    caller: Caller,
    /// While this file is there, nothing can be written.
    fault: PathBuf,
    workflow: String,
    folder: TempDir,
}

impl Stage {
    async fn set(workflow: Arc<impl Workflow>) -> Self {
        let (folder, authority) = (scratch(), Authority::new("disk test").unwrap());
        let [data, ca, fault] = ["data", "ca.pem", "fault"].map(|name| folder.path().join(name));
        std::fs::create_dir(&data).unwrap();
        std::fs::write(&ca, authority.pem()).unwrap();
        let tls = acceptor(&authority.certificate().unwrap(), 0);
        let port = serve(Some(tls), workflow).await;
        let mut command = serving(&data, &ca);
        command.env("LD_PRELOAD", journal::library(folder.path()));
        command.env("JOURNAL_DIR", &data).env("JOURNAL_FAULT", &fault);
        let server = Server::start(command).await;
        let caller = Caller::new(&data).await;
        let workflow = caller.register(&server.url, "bell", &format!("wss://localhost:{port}/bell")).await;
        Self { server, caller, fault, workflow, folder }
    }

    /// Calls the workflow: the id of the trigger.
    async fn ring(&self, key: &str) -> Result<String, String> {
        let path = format!("/v1/workflows/{}/trigger", self.workflow);
        let request = self.caller.request(&self.server.url, Method::POST, &path);
        let accepted = answer(request.body(json!({"args": {"key": key}}).to_string())).await?;
        Ok(accepted[0]["id"].as_str().unwrap().to_owned())
    }

    async fn get(&self, path: &str) -> Value {
        self.caller.get(&self.server.url, path).await
    }

    /// What a refusal says: code, message and when to come again.
    async fn refused(&self, method: Method, path: &str) -> (String, String, String) {
        let response = self.caller.request(&self.server.url, method, path).body("{}").send().await.unwrap();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        let after = response.headers()["retry-after"].to_str().unwrap().to_owned();
        let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        let text = |key: &str| body[key].as_str().unwrap().to_owned();
        (text("error"), text("message"), after)
    }
}

/// What is refused is refused with a sentence, nothing of it is left, and all is well when the disk is.
async fn refuses_while(error: i32, code: &str, sentence: &str) {
    let starts = Arc::new(Starts::default());
    let stage = Stage::set(starts.clone()).await;
    let before = stage.ring("before").await.unwrap();
    while stage.get("/v1/triggers?state=ended").await["items"][0]["id"] != before.as_str() {}

    std::fs::write(&stage.fault, error.to_string()).unwrap();
    let trigger = format!("/v1/workflows/{}/trigger", stage.workflow);
    for (method, path) in [(Method::POST, &*trigger), (Method::GET, "/readyz")] {
        let (is, message, after) = stage.refused(method, path).await;
        assert_eq!((&*is, &*after), (code, "10"), "{path}");
        assert!(message.starts_with(sentence), "{path}: {message}");
    }
    assert_eq!(stage.get("/healthz").await["status"], "ok", "it is alive");
    assert_eq!(stage.get("/v1/triggers").await["items"][0]["id"], before.as_str(), "it can be read");

    std::fs::remove_file(&stage.fault).unwrap();
    assert_eq!(stage.get("/readyz").await["status"], "ok");
    let after = stage.ring("after").await.unwrap();
    while stage.get("/v1/triggers?state=ended").await["items"][0]["id"] != after.as_str() {}
    let all = stage.get("/v1/triggers").await["items"].take();
    let ids: Vec<_> = all.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [after, before]);
    assert_eq!(starts.counted().into_values().collect::<Vec<_>>(), [1, 1]);
}

#[tokio::test]
async fn a_full_disk_is_answered_so() {
    refuses_while(NO_SPACE, "storage_full", "the disk is full").await;
}

#[tokio::test]
async fn a_disk_that_has_become_read_only_is_answered_so() {
    refuses_while(READ_ONLY, "storage_failed", "the disk failed").await;
}

/// A workflow for which the disk is full throughout its first connection, so that its start cannot be written down.
#[derive(Default)]
struct Filling {
    starts: Starts,
    fault: Mutex<Option<PathBuf>>,
}

impl Workflow for Filling {
    fn dialled(&self) {
        if let Some(fault) = &*self.fault.lock().unwrap() {
            std::fs::write(fault, NO_SPACE.to_string()).unwrap();
        }
    }

    fn gone(&self) {
        if let Some(fault) = self.fault.lock().unwrap().take() {
            assert!(self.starts.counted().is_empty());
            std::fs::remove_file(fault).unwrap();
        }
    }

    fn started(&self, args: &Value) {
        self.starts.started(args);
    }
}

#[tokio::test]
async fn a_start_that_cannot_be_written_down_leaves_once_it_can() {
    let filling = Arc::new(Filling::default());
    let stage = Stage::set(filling.clone()).await;
    *filling.fault.lock().unwrap() = Some(stage.fault.clone());
    let id = stage.ring("full").await.unwrap();
    let path = format!("/v1/triggers/{id}");
    let ended = loop {
        let now = stage.get(&path).await;
        if now["trigger"]["state"] == "ended" {
            break now;
        }
    };
    assert_eq!(ended["trigger"]["outcome"]["kind"], "completed");
    assert_eq!(filling.starts.counted().into_values().collect::<Vec<_>>(), [1]);
    let [attempt] = &ended["attempts"].as_array().unwrap()[..] else { panic!("{ended}") };
    assert_eq!((&attempt["stage"], &attempt["code"]), (&json!("before"), &json!("not_recorded")));
    let message = attempt["message"].as_str().unwrap();
    assert!(message.starts_with("its start cannot be written down: the disk is full"), "{message}");
}

#[tokio::test]
async fn where_nothing_may_be_written_the_server_does_not_start() {
    let stage = Stage::set(Arc::new(Starts::default())).await;
    stage.server.kill().await;
    let data = stage.folder.path().join("data");
    let mut command = serving(&data, &stage.folder.path().join("ca.pem"));
    command.env("LD_PRELOAD", stage.folder.path().join("journal.so"));
    command.env("JOURNAL_DIR", &data).env("JOURNAL_READONLY", "1");
    let mut server = Server::spawn(command);
    let said = server.ready().await.unwrap_err();
    assert!(said.contains("relay.db.lock: Read-only file system"), "{said}");
    assert!(!server.child.wait().await.unwrap().success());
}
