//! Commands against a server that restarts, and workflows that nobody serves.

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

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_workflow_can_be_triggered() {
    let world = World::new();
    let server = serve(&world.dir.join("data"), 0).await;
    let (host, token) = (server.url(), server.token().to_owned());
    for name in ["Alice", "Bob"] {
        let device = body(&world, &json!({ "name": name, "location_enabled": true }));
        api(&world, &host, &token, &["/v1/devices", "--input", &device]);
    }
    let fence = json!({ "id": "yard", "label": "Yard", "centre": [51.5, -0.12], "radius": 100.0 });
    api(&world, &host, &token, &["/v1/geofences", "--input", &body(&world, &fence)]);
    let venue = json!({ "id": "v1", "name": "Hotel", "positions": [{ "id": "p1", "tags": ["Lobby"] }] });
    api(&world, &host, &token, &["/v1/venues", "--input", &body(&world, &venue)]);
    let kinds = json!({
        "phrase": { "on_phrases": ["hello"] },
        "button": { "on_button": "action_button_double_tap" },
        "http": { "on_http": "POST" },
        "nfc": { "on_nfc": { "type": "custom", "category": "door" } },
        "discharge": { "on_battery_discharge": 25 },
        "charge": { "on_battery_charge": 90 },
        "entry": { "on_geofence": { "geofence_id": "yard", "transition": "entry" } },
        "exit": { "on_geofence": { "geofence_id": "yard", "transition": "exit" } },
        "position": { "on_position": { "venue_id": "v1", "position_id": "p1", "transition": "entry" } },
        "call": { "on_call_request": ".*" },
        "emergency": { "on_device_event": "emergency" },
    });
    for (name, trigger) in kinds.as_object().unwrap() {
        let mut config = trigger.clone();
        config["start"] = json!({ "workflow": { "uri": "wss://localhost:1/nobody", "args": {} } });
        let workflow = json!({
            "name": name, "config": { "trigger": config }, "install": [],
            "install_rule": "urn:relay-resource:all:device",
        });
        api(&world, &host, &token, &["/ibot/workflow", "--input", &body(&world, &workflow)]);
        let mut command = world.relay(&["trigger", name]);
        let output = command.env("RELAY_HOST", &host).env("RELAY_API_KEY", &token).output().unwrap();
        assert!(output.status.success(), "{name}: {}", text(&output.stderr));
        // It is on disk a moment later.
        let begun =
            |page: Value| page["items"].as_array().unwrap().iter().any(|run| run["workflow_name"] == **name);
        let mut looks = (0..200).map(|_| api(&world, &host, &token, &["/v1/triggers"]));
        assert!(looks.any(begun), "{name} was not triggered");
    }
    server.shutdown().await;
}
