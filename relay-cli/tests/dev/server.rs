//! Commands against a server that restarts.

use std::path::Path;

use relay_server::config::Config;
use relay_server::{Running, Server, StartError};
use serde_json::{Value, json};

use crate::world::{World, text};

async fn serve(dir: &Path, port: u16) -> Running {
    let mut config = Config::default();
    config.listen = ([127, 0, 0, 1], port).into();
    config.data_dir = dir.into();
    loop {
        match Server::start(config.clone()).await {
            // Somebody who dials elsewhere may have been given it for a moment.
            Err(StartError::Listen { .. }) => tokio::task::yield_now().await,
            other => return other.unwrap(),
        }
    }
}

/// A call as a user makes it.
fn api(world: &World, host: &str, token: &str, args: &[&str]) -> Value {
    let mut command = world.relay(&["api"]);
    let output = command.args(args).env("RELAY_HOST", host).env("RELAY_API_KEY", token).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap_or_default()
}

/// The body of a call, as a file.
fn body(world: &World, value: &Value) -> String {
    let file = world.dir.join("body.json");
    std::fs::write(&file, value.to_string()).unwrap();
    file.display().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_goes_on_after_a_restart_and_says_that_something_is_missing() {
    let world = World::new();
    let data = world.dir.join("data");
    let first = serve(&data, 0).await;
    let (host, port) = (first.url(), first.local_addr().port());
    let new = body(&world, &json!({ "name": "test", "role": "admin" }));
    let token = api(&world, &host, first.token(), &["/v1/tokens", "--input", &new]);
    let token = token["token"].as_str().unwrap().to_owned();
    let device = body(&world, &json!({ "name": "Zoe" }));
    let device = api(&world, &host, &token, &["/v1/devices", "--input", &device]);
    let path = format!("/v1/devices/{}/turn", device["id"].as_str().unwrap());
    let to = |channel: &str| body(&world, &json!({ "talk": channel }));

    let mut logs = world.relay(&["logs", "--follow", "--all"]);
    logs.env("RELAY_HOST", &host).env("RELAY_API_KEY", &token);
    let mut logs = crate::world::Running::start(logs);
    logs.says("following");
    api(&world, &host, &token, &[&path, "--input", &to("Kitchen")]);
    logs.says("Kitchen");
    first.shutdown().await;
    let second = serve(&data, port).await;
    logs.says("a gap of");
    api(&world, &host, &token, &[&path, "--input", &to("Garden")]);
    logs.says("Garden");
    second.shutdown().await;
}
