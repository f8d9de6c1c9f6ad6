//! A server, a process with workflows on the official SDK, and devices.

use std::path::PathBuf;
use std::process::Stdio;

use relay_server::config::Config;
use relay_server::{Running, Server};
use relay_testkit::Authority;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::watch::Watch;

pub(crate) struct Stage {
    server: Running,
    client: Client,
    port: u16,
    watch: Watch,
    _node: Child,
    _folder: TempDir,
}

pub(crate) const ALICE: &str = "990007560000001";
pub(crate) const BOB: &str = "990007560000002";

impl Stage {
    /// Alice and Bob, who are both in the group Cleaning, and all workflows listening.
    pub(crate) async fn set() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let authority = Authority::new("development").unwrap();
        let ca = folder.path().join("ca.pem");
        std::fs::write(&ca, authority.pem()).unwrap();
        let files = authority.certificate().unwrap().to_files().unwrap();
        let js = std::env::var_os("RELAY_INTEROP_JS").expect("run `cargo xtask interop`");
        let mut node = Command::new("node");
        node.arg(PathBuf::from(js).join("workflows.mjs"));
        node.arg("--cert").arg(&files.certificate).arg("--key").arg(&files.key);
        let mut node =
            node.stdout(Stdio::piped()).stderr(Stdio::inherit()).kill_on_drop(true).spawn().unwrap();
        let port = port(&mut node).await;

        let mut config = Config::default();
        config.listen = "127.0.0.1:0".parse().unwrap();
        config.data_dir = folder.path().join("data");
        config.dial.extra_ca = vec![ca];
        config.devices.speaking_rate = 1000;
        let server = Server::start(config).await.unwrap();
        let client = Client::new();
        let events = client.get(format!("{}/v1/events", server.url())).bearer_auth(server.token());
        let watch = Watch::new(events.send().await.unwrap());
        let stage = Self { server, client, port, watch, _node: node, _folder: folder };
        stage.call(Method::PUT, "/v1/users/USER1", json!({"name": "Ada"})).await;
        let alice = json!({
            "name": "Alice", "user": "USER1", "location_enabled": true, "battery": 87,
            "location": {"latlong": [51.5, -0.12]},
        });
        stage.call(Method::PUT, &format!("/v1/devices/{ALICE}"), alice).await;
        stage.call(Method::PUT, &format!("/v1/devices/{BOB}"), json!({"name": "Bob"})).await;
        let group = json!({"name": "Cleaning", "members": [ALICE, BOB]});
        stage.call(Method::PUT, "/v1/groups/g1", group).await;
        stage
    }

    /// Registers a workflow for a trigger. Its path is its name.
    pub(crate) async fn register(&mut self, name: &str, trigger: Value, args: Value) -> String {
        let uri = format!("wss://localhost:{}/{name}", self.port);
        let mut trigger = trigger;
        trigger["start"] = json!({"workflow": {"uri": uri, "args": args}});
        let workflow = json!({
            "name": name, "config": {"trigger": trigger}, "install_rule": "urn:relay-resource:all:device",
        });
        let made = self.call(Method::POST, "/ibot/workflow", workflow).await;
        made[0]["workflow_id"].as_str().unwrap().to_owned()
    }

    /// Registers a workflow and lets Alice say its phrase to the Assistant.
    pub(crate) async fn told_by_alice(&mut self, name: &str, args: Value) {
        self.register(name, json!({"on_phrases": [format!("start {name}")]}), args).await;
        self.assistant(ALICE, &format!("start {name}")).await;
    }

    pub(crate) async fn assistant(&self, device: &str, text: &str) {
        self.act(device, "speak", json!({"text": text, "assistant": true})).await;
    }

    /// The person at the device does something.
    pub(crate) async fn act(&self, device: &str, verb: &str, body: Value) {
        let did = self.call(Method::POST, &format!("/v1/devices/{device}/{verb}"), body).await;
        assert_ne!(did["taken"], "nobody", "{verb}");
    }

    pub(crate) async fn call(&self, method: Method, path: &str, body: Value) -> Value {
        let request = self.client.request(method.clone(), format!("{}{path}", self.server.url()));
        let request = request.bearer_auth(self.server.token());
        let request = if body.is_null() { request } else { request.body(body.to_string()) };
        let response = request.send().await.unwrap();
        let (status, text) = (response.status(), response.text().await.unwrap());
        assert!(status.is_success(), "{method} {path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.call(Method::GET, path, Value::Null).await
    }

    /// What stands in a list, once something does: it is written behind.
    pub(crate) async fn recorded(&self, path: &str, key: &str) -> Value {
        loop {
            let list = self.get(path).await[key].take();
            if list != json!([]) {
                return list;
            }
        }
    }

    /// Waits until the device says this.
    pub(crate) async fn hears(&mut self, device: &str, text: &str) {
        let said = |event: &Value| {
            event["what"] == "sound_started" && event["device"] == device && event["data"]["text"] == text
        };
        self.watch.until(&format!("{device} hears {text:?}"), said).await;
    }

    /// Waits until the device shows this.
    pub(crate) async fn perceives(&mut self, device: &str, what: &str, is: impl Fn(&Value) -> bool) -> Value {
        let seen = |event: &Value| event["what"] == what && event["device"] == device && is(&event["data"]);
        self.watch.until(&format!("{device} perceives {what}"), seen).await
    }

    /// Waits until the device waits for speech.
    pub(crate) async fn listens(&mut self, device: &str) {
        self.perceives(device, "listening", |data| data["on"] == true).await;
    }

    /// Waits until the instance ends, as it should.
    pub(crate) async fn ends_well(&mut self) {
        let ended = |event: &Value| event["kind"] == "instance" && event["what"] == "ended";
        let event = self.watch.until("the instance ends", ended).await;
        assert_eq!(event["data"]["outcome"]["kind"], "completed", "{event}");
    }
}

/// The port that the process says.
async fn port(node: &mut Child) -> u16 {
    let mut lines = BufReader::new(node.stdout.take().unwrap()).lines();
    let port = loop {
        let line = lines.next_line().await.unwrap().expect("node ended");
        if let Some(port) = line.strip_prefix("listening on ") {
            break port.parse().unwrap();
        }
    };
    // The SDK writes a lot. Nobody wants to read it, but a full pipe would stop it.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    port
}
