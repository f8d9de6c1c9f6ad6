//! Workflow servers that take nobody's word for who dials.

use relay_runtime::prelude::*;
use relay_runtime::server::ServerBuilder;
use relay_server::config::{Addresses, Config};
use relay_testkit::Authority;
use serde_json::{Value, json};

use crate::server::{Api, answer};

/// Is over at once.
#[workflow(http)]
async fn ring(_cx: Context, _start: Start<Http>) -> Result<()> {
    Ok(())
}

/// A Relay server, and a place for the workflow server that it dials.
struct Stage {
    api: Api,
    authority: Authority,
}

impl Stage {
    async fn open(set: impl FnOnce(&mut Config)) -> Self {
        let authority = Authority::new("Relay development authority").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let ca = folder.path().join("ca.pem");
        std::fs::write(&ca, authority.pem()).unwrap();
        let api = Api::start_with(|config| {
            config.dial.extra_ca = vec![ca];
            set(config);
        })
        .await;
        Self { api, authority }
    }

    /// Dials a workflow server that demands this, once. What became of it, in words.
    async fn dial(&self, demand: impl FnOnce(ServerBuilder) -> ServerBuilder) -> String {
        let certificate = self.authority.certificate().unwrap();
        let server = relay_runtime::server::Server::builder()
            .workflow(ring)
            .tls_pem(certificate.certificate.clone(), certificate.key.clone())
            .bind(([127, 0, 0, 1], 0));
        let listening = demand(server).listen().await.unwrap();
        let uri = format!("wss://localhost:{}/ring?site=3", listening.local_addr().port());
        let serving = tokio::spawn(listening.serve_with_shutdown(std::future::pending()));
        let workflow = json!({"name": "ring", "config": {"trigger": {
            "start": {"workflow": {"uri": uri}}, "on_http": "POST",
        }}});
        let id = self.api.post("/v1/workflows", workflow).await.ok()["workflow_id"].clone();
        let path = format!("/v1/workflows/{}/trigger", id.as_str().unwrap());
        let started = self.api.post(&path, json!({})).await.ok();
        let trigger = format!("/v1/triggers/{}", started[0]["id"].as_str().unwrap());
        let became = loop {
            let shown = self.api.get(&trigger).await.ok();
            if let Some(kind) = shown["trigger"]["outcome"]["kind"].as_str() {
                break kind.to_owned();
            }
            if let Some(message) = shown["attempts"][0]["message"].as_str() {
                break message.to_owned();
            }
            tokio::task::yield_now().await;
        };
        serving.abort();
        became
    }

    async fn secret(&self) -> Value {
        self.api.get("/v1/signing").await.ok()
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[tokio::test]
async fn a_workflow_server_that_knows_the_secret_is_dialled() {
    let stage = Stage::open(|_| {}).await;
    let first = stage.secret().await;
    assert_eq!(stage.dial(|server| server).await, "completed", "who demands nothing is dialled as ever");
    assert_eq!(stage.dial(|server| server.require_signature(text(&first["secret"]))).await, "completed");
    let other = "whsec_b3RoZXJvdGhlcm90aGVyb3RoZXJvdGhlcg==";
    let refused = stage.dial(|server| server.require_signature(other)).await;
    assert!(refused.contains("HTTP 401") && refused.contains("relay-server secret show"), "{refused}");
    assert!(refused.contains("the signature is not by the secret that is known here"), "{refused}");
}

#[tokio::test]
async fn after_a_rotation_both_secrets_are_good_and_there_is_no_third() {
    let stage = Stage::open(|_| {}).await;
    let first = stage.secret().await;
    let rotated = stage.api.post("/v1/signing/rotate", json!({})).await.ok();
    assert_eq!(rotated["previous"]["secret"], first["secret"]);
    for secret in [&first["secret"], &rotated["secret"]] {
        assert_eq!(stage.dial(|server| server.require_signature(text(secret))).await, "completed");
    }
    let third = stage.api.post("/v1/signing/rotate", json!({})).await;
    assert_eq!(third.code(), (409, "replaced_lately"));
    assert_eq!(stage.secret().await, rotated);
}

#[tokio::test]
async fn each_account_has_a_secret_of_its_own_which_only_its_admin_sees() {
    let stage = Stage::open(|_| {}).await;
    let api = &stage.api;
    api.post("/v1/subscribers", json!({"id": "other"})).await.ok();
    let own = api.get(&format!("/v1/signing?subscriber_id={}", api.subscriber)).await.ok();
    assert_ne!(own["secret"], api.get("/v1/signing?subscriber_id=other").await.ok()["secret"]);
    let made = api.post("/v1/tokens", json!({"name": "looks", "role": "read"})).await.ok();
    for path in ["/v1/subscribers", "/v1/registry?subscriber_id=other", "/v1/info", "/metrics"] {
        let shown = answer(api.anonymous(reqwest::Method::GET, path).bearer_auth(text(&made["token"]))).await;
        assert!(!shown.body.to_string().contains("whsec_"), "{path}");
    }
}

#[tokio::test]
async fn the_command_shows_and_replaces_the_secret_of_a_server_that_runs() {
    let stage = Stage::open(|_| {}).await;
    let run = async |arguments: &[&str]| {
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_relay-server"));
        let command = command.arg("secret").args(arguments).arg("--data-dir").arg(stage.api.folder.path());
        let output = command.output().await.unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.success(), text(output.stdout), text(output.stderr))
    };
    let (fine, first, _) = run(&["show"]).await;
    assert!(fine && first.starts_with("whsec_"), "{first}");
    assert_eq!(stage.secret().await["secret"], first.trim());
    let (fine, second, told) = run(&["rotate"]).await;
    assert!(fine && told.contains("signs as well until"), "{told}");
    assert_eq!(stage.dial(|server| server.require_signature(second.trim())).await, "completed");
    let audit = stage.api.get("/ibot/audit?event_type=secret&action=replaced").await.ok();
    assert_eq!(audit["data"][0]["actor"], "the command line");
    assert!(!audit.to_string().contains("whsec_"), "{audit}");
    let (fine, _, why) = run(&["rotate"]).await;
    assert!(!fine && why.contains("replaced lately"), "{why}");
    let (fine, _, why) = run(&["show", "--subscriber", "none"]).await;
    assert!(!fine && why.contains("there is no account none; there is "), "{why}");
}

#[tokio::test]
async fn a_workflow_server_that_wants_a_certificate_is_shown_ours() {
    let callers = Authority::new("Our callers").unwrap();
    let ours = callers.certificate_for("relay.example.com").unwrap().to_files().unwrap();
    let stage = Stage::open(|config| {
        config.dial.client_cert = Some(ours.certificate.clone());
        config.dial.client_key = Some(ours.key.clone());
    })
    .await;
    assert_eq!(stage.dial(|server| server).await, "completed", "who does not ask is dialled as ever");
    let demand = |authority: &Authority| {
        let pem = authority.pem();
        move |server: ServerBuilder| server.require_client_certificate_pem(pem)
    };
    assert_eq!(stage.dial(demand(&callers)).await, "completed");
    let both = stage.secret().await;
    let both = stage.dial(|server| demand(&callers)(server).require_signature(text(&both["secret"])));
    assert_eq!(both.await, "completed");

    let refused = stage.dial(demand(&stage.authority)).await;
    assert!(refused.contains("does not believe the certificate of `dial.client_cert`"), "{refused}");
    let without = Stage::open(|_| {}).await;
    let refused = without.dial(demand(&callers)).await;
    assert!(refused.contains("set `dial.client_cert` and `dial.client_key`"), "{refused}");
}

#[tokio::test]
async fn a_certificate_that_cannot_be_shown_stops_the_start() {
    let callers = Authority::new("Our callers").unwrap();
    let [one, other] =
        ["one", "other"].map(|name| callers.certificate_for(name).unwrap().to_files().unwrap());
    let start = async |cert: &std::path::Path, key: &std::path::Path| {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.listen = "127.0.0.1:0".parse().unwrap();
        config.data_dir = folder.path().to_owned();
        (config.dial.client_cert, config.dial.client_key) = (Some(cert.to_owned()), Some(key.to_owned()));
        relay_server::Server::start(config).await.unwrap_err().to_string()
    };
    for (cert, key) in [(&one.certificate, &other.key), (&one.key, &one.key)] {
        let why = start(cert, key).await;
        assert!(why.starts_with(&format!("cannot show {}", cert.display())), "{why}");
    }
}

#[tokio::test]
async fn a_server_for_strangers_dials_no_private_address() {
    let stage = Stage::open(|config| config.dial.addresses = Addresses::Public).await;
    let refused = stage.dial(|server| server).await;
    assert!(refused.contains("is set up for public addresses and those of `dial.networks`"), "{refused}");
    let listed = Stage::open(|config| {
        config.dial.addresses = Addresses::Public;
        config.dial.networks = vec!["127.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()];
    })
    .await;
    assert_eq!(listed.dial(|server| server).await, "completed");
}
