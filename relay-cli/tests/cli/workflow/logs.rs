//! Following what is said of workflows.

use std::path::Path;

use relay_runtime::prelude::*;
use relay_server::config::Config;
use relay_server::{Running, StartError};
use serde_json::{Value, json};

use super::several;
use crate::process::Process;
use crate::relay::Relay;

const BELL: &str = "wf_bell_0hN2k8Qe5mTzYw1RbVx7Ua";

#[test]
fn logs_are_readable_for_people_and_whole_for_programs() {
    let server = several();
    let line = |level: &str, message: &str, instance: Value| {
        let context = json!({ "workflow_id": BELL, "workflow_instance_id": instance });
        json!({ "level": level, "timestamp": "2026-01-02T03:04:05.678Z", "message": message, "context": context })
    };
    let lines = [line("info", "started", json!("wfi_1")), line("error", "oh", Value::Null)];
    server.streams("GET /ibot/workflowdebug", &format!("{}\n\n{}\nplain", lines[0], lines[1]));
    let relay = Relay::of(&server);
    let logs = Process::start(relay.process("workflow logs -w bell"));
    for (part, shown) in [
        ("started", "01-02 03:04:05.678 I [wf_bell_0hN2k8Qe5mTzYw1RbVx7Ua wfi_1] started"),
        ("oh", "01-02 03:04:05.678 E [wf_bell_0hN2k8Qe5mTzYw1RbVx7Ua] oh"),
        ("plain", "plain"),
    ] {
        assert_eq!(logs.says(part), shown);
    }
    let asked = server.world().requests.last().unwrap().line.clone();
    assert_eq!(asked, format!("GET /ibot/workflowdebug?workflow_id={BELL}&subscriber_id=S1"));
    let logs = Process::start(relay.process("workflow logs --json"));
    assert_eq!(serde_json::from_str::<Value>(&logs.says("started")).unwrap(), lines[0]);
    assert_eq!(logs.says("plain"), "plain");
}

#[test]
fn a_server_that_does_not_want_to_is_not_asked_again() {
    let server = several();
    server.says("GET /ibot/workflowdebug", 403, json!({ "message": "not for you" }));
    Relay::of(&server).run("workflow logs").code(4);
    Relay::of(&server).run("workflow logs -w nothing").code(3);
}

/// Ends as soon as it has begun.
#[workflow(http)]
async fn brief(_cx: Context, _start: Start<Http>) -> Result<()> {
    Ok(())
}

async fn serve(data: &Path, port: u16) -> Running {
    let mut config = Config::default();
    config.listen = ([127, 0, 0, 1], port).into();
    config.data_dir = data.into();
    config.dial.allow_insecure_loopback = true;
    loop {
        match relay_server::Server::start(config.clone()).await {
            // Somebody who dials elsewhere may have been given it for a moment.
            Err(StartError::Listen { .. }) => tokio::task::yield_now().await,
            other => return other.unwrap(),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_names_instances_and_goes_on_after_a_restart() {
    let workflow = Server::builder().workflow(brief).bind(([127, 0, 0, 1], 0)).without_tls();
    let workflow = workflow.listen().await.unwrap();
    let uri = format!("ws://{}/brief", workflow.local_addr());
    let workflow = tokio::spawn(workflow.serve());
    let data = tempfile::tempdir().unwrap();
    let first = serve(data.path(), 0).await;
    let (host, port) = (first.url(), first.local_addr().port());
    let post = async |token: &str, path: &str, body: Value| {
        let request = reqwest::Client::new().post(format!("{host}{path}")).bearer_auth(token);
        let answer = request.body(body.to_string()).send().await.unwrap().text().await.unwrap();
        serde_json::from_str::<Value>(&answer).unwrap()
    };
    let token = post(first.token(), "/v1/tokens", json!({ "name": "test" })).await;
    let token = token["token"].as_str().unwrap();
    let trigger = json!({ "on_http": "POST", "start": { "workflow": { "uri": uri } } });
    let saved = json!({ "name": "brief", "config": { "trigger": trigger } });
    let saved = post(token, "/ibot/workflow", saved).await;
    let simulate = format!("/v1/workflows/{}/simulate", saved[0]["workflow_id"].as_str().unwrap());

    let relay = Relay::new();
    let mut command = relay.process("workflow logs -w brief");
    command.env("RELAY_HOST", &host).env("RELAY_API_KEY", token);
    let logs = Process::start(command);
    logs.says("connected to");
    let run = post(token, &simulate, json!({})).await;
    for what in ["started", "ended"] {
        let line = logs.says(what);
        assert!(line.contains(run["id"].as_str().unwrap()), "{line}");
    }
    first.shutdown().await;
    logs.says("the connection is lost");
    let second = serve(data.path(), port).await;
    logs.says("connected again");
    let run = post(token, &simulate, json!({})).await;
    let line = logs.says("started");
    assert!(line.contains(run["id"].as_str().unwrap()), "{line}");
    second.shutdown().await;
    workflow.abort();
}
