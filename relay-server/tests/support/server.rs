//! The program itself, as a process.

use std::path::Path;
use std::process::Stdio;

use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStderr, Command};

/// The program with its data in this folder, and what else it is told. `RELAY_TEST_PROGRAM` names another build of it.
pub(crate) fn command(data: &Path, arguments: &[&str]) -> Command {
    let program = std::env::var_os("RELAY_TEST_PROGRAM").unwrap_or(env!("CARGO_BIN_EXE_relay-server").into());
    let mut command = Command::new(program);
    command.arg("--data-dir").arg(data).args(arguments).current_dir(data);
    command
}

/// The command to serve, trusting the authority in this file when it dials.
pub(crate) fn serving(data: &Path, authority: &Path) -> Command {
    let mut command = command(data, &["--listen", "127.0.0.1:0", "--log-format", "json", "--extra-ca"]);
    command.arg(authority);
    command
}

/// A server. Killed when it is dropped.
pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) url: String,
    log: Option<Lines<BufReader<ChildStderr>>>,
    said: String,
}

impl Server {
    /// One that may not answer yet.
    pub(crate) fn spawn(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
        let log = child.stderr.take().map(|log| BufReader::new(log).lines());
        Self { child, url: String::new(), log, said: String::new() }
    }

    /// Waits until it answers. If it ends instead: what it said. Cancel safe.
    pub(crate) async fn ready(&mut self) -> Result<(), String> {
        let log = self.log.as_mut().unwrap();
        while let Ok(Some(line)) = log.next_line().await {
            let event: Value = serde_json::from_str(&line).unwrap_or_default();
            if let Some(url) = event["url"].as_str() {
                self.url = url.to_owned();
                // It must not stop because nobody reads what it says.
                let mut log = self.log.take().unwrap();
                tokio::spawn(async move { while let Ok(Some(_)) = log.next_line().await {} });
                return Ok(());
            }
            self.said = format!("{}{line}\n", self.said);
        }
        Err(std::mem::take(&mut self.said))
    }

    /// One that answers.
    pub(crate) async fn start(command: Command) -> Self {
        let mut server = Self::spawn(command);
        server.ready().await.unwrap_or_else(|said| panic!("it does not start: {said}"));
        server
    }

    /// SIGKILL, and waits until it is dead.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }
}

/// Somebody with a token for everything.
#[derive(Clone)]
pub(crate) struct Caller {
    client: Client,
    token: String,
}

impl Caller {
    /// A new one at the server with its data in this folder.
    pub(crate) async fn new(data: &Path) -> Self {
        let created = command(data, &["token", "create", "test"]).output().await.unwrap();
        assert!(created.status.success(), "{created:?}");
        let token = String::from_utf8(created.stdout).unwrap().trim().to_owned();
        Self { client: Client::new(), token }
    }

    /// A request with the token, to the server there.
    pub(crate) fn request(&self, url: &str, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{url}{path}")).bearer_auth(&self.token)
    }

    /// What stands at a path.
    pub(crate) async fn get(&self, url: &str, path: &str) -> Value {
        answer(self.request(url, Method::GET, path)).await.unwrap_or_else(|why| panic!("{path}: {why}"))
    }

    /// Registers a workflow for HTTP, and says its id.
    pub(crate) async fn register(&self, url: &str, name: &str, uri: &str) -> String {
        let trigger = json!({"start": {"workflow": {"uri": uri}}, "on_http": "POST"});
        let workflow = json!({"name": name, "config": {"trigger": trigger}});
        let made = self.request(url, Method::POST, "/ibot/workflow").body(workflow.to_string());
        answer(made).await.unwrap()[0]["workflow_id"].as_str().unwrap().to_owned()
    }
}

/// The body of a 2xx, or what else there was.
pub(crate) async fn answer(request: RequestBuilder) -> Result<Value, String> {
    let response = request.send().await.map_err(|error| error.to_string())?;
    let status = response.status();
    let text = response.text().await.map_err(|error| error.to_string())?;
    if status.is_success() {
        serde_json::from_str(&text).map_err(|error| error.to_string())
    } else {
        Err(format!("{status} {text}"))
    }
}
