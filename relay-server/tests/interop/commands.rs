//! The official command line, unmodified, as people use it.

use std::path::PathBuf;

use relay_server::Server;
use relay_server::config::Config;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::process::Command;

const ALICE: &str = "990007560000001";

struct Terminal {
    server: relay_server::Running,
    subscriber: String,
    home: tempfile::TempDir,
}

impl Terminal {
    async fn open() -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.listen = "127.0.0.1:0".parse().unwrap();
        config.data_dir = home.path().join("data");
        let server = Server::start(config).await.unwrap();
        let subscriber = server.subscribers().await.unwrap()[0].to_string();
        // What signing in leaves behind. The version on npm cannot sign in any more: it asks a host that is gone.
        let session = json!({"session": {
            "subscriber": {"id": subscriber, "name": "test"},
            "tokens": {server.local_addr().to_string(): {
                "access_token": server.token(), "uuid": ALICE, "username": "ada@relay.invalid",
            }},
        }});
        let folder = home.path().join(".config/@relaypro/cli-nodejs");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("config.json"), session.to_string()).unwrap();
        let terminal = Self { server, subscriber, home };
        terminal.call(Method::PUT, &format!("/v1/devices/{ALICE}"), json!({"name": "Alice"})).await;
        terminal
    }

    /// What the command writes.
    async fn relay(&self, command: &str) -> String {
        let installed = std::env::var_os("RELAY_INTEROP_CLI").expect("run `cargo xtask interop`");
        let mut relay = Command::new(PathBuf::from(installed).join("node_modules/.bin/relay"));
        relay.args(command.split(' '));
        relay.env("HOME", self.home.path()).env_remove("XDG_CONFIG_HOME").current_dir(self.home.path());
        relay.env("RELAY_ENV", "pro").env("RELAY_HOST", format!("{}/pro", self.server.url()));
        relay.env("RELAY_API_KEY", self.server.token()).env("RELAY_SUBSCRIBER_ID", &self.subscriber);
        let output = relay.output().await.unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{command}: {text}{}", String::from_utf8_lossy(&output.stderr));
        text
    }

    async fn call(&self, method: Method, path: &str, body: Value) -> Value {
        let request = reqwest::Client::new().request(method, format!("{}{path}", self.server.url()));
        let answer = request.bearer_auth(self.server.token()).body(body.to_string()).send().await.unwrap();
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    }
}

#[tokio::test]
#[ignore = "needs the official command line: cargo xtask interop"]
async fn the_command_line_registers_and_starts_workflows() {
    let terminal = Terminal::open().await;
    assert!(terminal.relay("devices").await.contains(ALICE));
    let made = terminal
        .relay(&format!("workflow:create:http --name bell --uri wss://127.0.0.1:1/bell --install {ALICE}"))
        .await;
    let id = made.split_whitespace().find(|word| word.starts_with("wf_bell_")).expect("an id").to_owned();
    terminal.relay("workflow:create:phrase --name hi --trigger hello --uri wss://127.0.0.1:1/hi").await;
    terminal.relay("workflow:create:button --name tap --uri wss://127.0.0.1:1/tap").await;
    terminal.relay("workflow:create:battery --name low --uri wss://127.0.0.1:1/low").await;
    let list = terminal.relay("workflow:list").await;
    for part in [id.as_str(), "bell", "http:POST", "button:single", "battery:discharge:25"] {
        assert!(list.contains(part), "{part} is not in\n{list}");
    }
    terminal.relay(&format!("workflow:trigger --workflow-id {id} --arg room=231")).await;
    let triggers = terminal.call(Method::GET, "/v1/triggers", json!({})).await;
    assert_eq!(triggers["items"][0]["workflow"], id.as_str());
    assert_eq!(triggers["items"][0]["trigger"]["args"]["args"]["room"], "231", "{triggers}");
}

#[tokio::test]
#[ignore = "needs the official command line: cargo xtask interop"]
async fn the_command_line_uploads_sounds() {
    let terminal = Terminal::open().await;
    let mut file =
        b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\x3e\0\0\0\x7d\0\0\x02\0\x10\0data\0\x7d\0\0"
            .to_vec();
    file.resize(file.len() + 32_000, 0);
    std::fs::write(terminal.home.path().join("ding.wav"), &file).unwrap();
    let made = terminal.relay("audio:create --name ding --file ding.wav").await;
    assert!(made.contains("ding") || !made.is_empty(), "{made}");
    let list = terminal.relay("audio:list").await;
    assert!(list.contains("ding"), "{list}");
    let known = terminal.call(Method::GET, "/ibot/custom_audio", json!({})).await;
    let id = known[0]["id"].as_str().unwrap();
    let content = format!("{}/ibot/custom_audio/{id}/content", terminal.server.url());
    let content =
        reqwest::Client::new().get(content).bearer_auth(terminal.server.token()).send().await.unwrap();
    assert_eq!(content.bytes().await.unwrap(), file);
    terminal.relay(&format!("audio:delete --id {id}")).await;
    assert_eq!(terminal.call(Method::GET, "/ibot/custom_audio", json!({})).await, json!([]));
}
