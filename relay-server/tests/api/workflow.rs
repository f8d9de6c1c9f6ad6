//! Registering workflows, as the official command line does.

use serde_json::{Value, json};

use crate::server::Api;

fn greeter() -> Value {
    json!({
        "name": "greeter",
        "options": {"transient": true, "hidden": false},
        "config": {"trigger": {
            "start": {"workflow": {"uri": "wss://wf.example.org:8443/greeter", "args": {"greeting": "hi", "n": 2, "loud": true}}},
            "on_phrases": ["say hello"],
        }},
        "install_rule": "urn:relay-resource:all:device",
    })
}

fn with_trigger(name: &str, key: &str, value: Value) -> Value {
    let mut workflow = greeter();
    workflow["name"] = json!(name);
    let trigger = workflow["config"]["trigger"].as_object_mut().unwrap();
    trigger.remove("on_phrases");
    trigger.insert(key.into(), value);
    workflow
}

#[tokio::test]
async fn a_workflow_is_made_and_replaced_by_its_name() {
    let api = Api::start().await;
    let made = api.post("/ibot/workflow", greeter()).await.ok();
    let id = made[0]["workflow_id"].as_str().unwrap();
    assert!(id.starts_with("wf_greeter_"), "{id}");
    let mut expected = greeter();
    expected["workflow_id"] = json!(id);
    expected["install"] = json!([]);
    assert_eq!(made, json!([expected]));
    assert_eq!(api.get("/ibot/workflow").await.ok(), json!({"results": [expected]}));

    let mut other = greeter();
    other["config"]["trigger"]["start"]["workflow"]["uri"] = json!("wss://wf.example.org/other");
    let again = api.post("/ibot/workflow", other).await.ok();
    assert_eq!(again[0]["workflow_id"], id);
    assert_eq!(api.get("/ibot/workflow").await.ok()["results"].as_array().unwrap().len(), 1);

    assert_eq!(api.delete(&format!("/ibot/workflow/{id}")).await.ok(), json!({}));
    assert_eq!(api.get("/ibot/workflow").await.ok(), json!({"results": []}));
    assert_eq!(api.delete(&format!("/ibot/workflow/{id}")).await.code(), (404, "workflow_not_found"));
}

#[tokio::test]
async fn an_update_keeps_what_it_does_not_know_and_what_it_leaves_out() {
    let api = Api::start().await;
    api.device("990007560000001", "Alice").await;
    let mut workflow = greeter();
    workflow["theirs"] = json!({"a": [1]});
    let mut made = api.post("/ibot/workflow", workflow).await.ok()[0].clone();
    assert_eq!(made["theirs"], json!({"a": [1]}));
    let id = made["workflow_id"].clone();

    // `install` without options sends neither field.
    let fields = made.as_object_mut().unwrap();
    fields.remove("install");
    fields.remove("install_rule");
    made["config"]["trigger"]["start"]["workflow"]["args"] = json!({"n": 3});
    let kept = api.post("/ibot/workflow", made.clone()).await.ok()[0].clone();
    assert_eq!(kept["workflow_id"], id);
    assert_eq!(kept["install_rule"], "urn:relay-resource:all:device");
    assert_eq!(kept["config"]["trigger"]["start"]["workflow"]["args"], json!({"n": 3}));

    // `install -i` sends a list and no rule.
    made["install"] = json!(["990007560000001"]);
    let narrowed = api.post("/ibot/workflow", made).await.ok()[0].clone();
    assert_eq!(narrowed["install"], json!(["990007560000001"]));
    assert_eq!(narrowed.get("install_rule"), None);
}

#[tokio::test]
async fn every_trigger_of_the_command_line_is_taken() {
    let api = Api::start().await;
    let geofence = json!({"label": "Yard", "lat": 35.5, "long": -78.1, "radius": 100});
    let geofence = api.post("/ibot/geofence", geofence).await.ok()["geofence_id"].clone();
    api.put("/v1/venues/v1", json!({"name": "Hotel", "positions": [{"id": "p1", "tags": ["Lobby"]}]}))
        .await
        .ok();
    let triggers = [
        ("on_phrases", json!(["hello", "hi there"])),
        ("on_phrase", json!("hello")),
        ("on_button", json!("action_button_single_tap")),
        ("on_button", json!("action_button_double_tap")),
        ("on_http", json!("POST")),
        ("on_device_event", json!("emergency")),
        ("on_call_request", json!(".*")),
        ("on_incoming_call", json!(".*")),
        ("on_battery_discharge", json!(25)),
        ("on_battery_charge", json!(90)),
        ("on_geofence", json!({"transition": "entry", "geofence_id": geofence})),
        ("on_position", json!({"transition": "exit", "venue_id": "v1", "position_id": "p1"})),
        ("on_nfc", json!({"type": "custom", "category": "door", "label": "A"})),
        ("on_nfc", json!({"payload": "*"})),
        ("on_timer", json!({"start_time": "immediately"})),
        (
            "on_timer",
            json!({"start_time": "2036-11-23T14:00:00", "timezone": "America/New_York", "count": 1}),
        ),
        (
            "on_timer",
            json!({
                "start_time": "2036-11-23T14:00:00", "timezone": "America/New_York", "frequency": "weekly",
                "interval": 2, "until": "2037-01-01T00:00:00", "byweekday": [1, 5],
            }),
        ),
    ];
    for (n, (key, value)) in triggers.into_iter().enumerate() {
        api.post("/ibot/workflow", with_trigger(&format!("w{n}"), key, value)).await.ok();
    }
}

#[tokio::test]
async fn what_cannot_work_is_refused_with_what_to_do() {
    let api = Api::start().await;
    let mut uri = greeter();
    let mut refused = Vec::new();
    for (there, says) in [
        ("ws://wf.example.org/x", "register wss://"),
        ("ws://127.0.0.1/x", "--allow-insecure-loopback"),
        ("https://wf.example.org/x", "register wss://, not https://"),
        ("wss://me:secret@wf.example.org", "user or password"),
        ("wss://wf.example.org/#x", "fragment"),
        ("notauri", "is no URI"),
        ("relay-local://capsule", "relay-local://broadcast"),
    ] {
        uri["config"]["trigger"]["start"]["workflow"]["uri"] = json!(there);
        refused.push((uri.clone(), "invalid_uri", says));
    }
    let mut install = greeter();
    install.as_object_mut().unwrap().remove("install_rule");
    install["install"] = json!(["990007560000009"]);
    refused.push((install, "invalid_install_user_id", "990007560000009"));
    let mut rule = greeter();
    rule["install_rule"] = json!("urn:relay-resource:id:tag:none");
    refused.push((rule.clone(), "invalid_install_rule", "\"none\""));
    rule["install_rule"] = json!("everybody");
    refused.push((rule, "invalid_install_rule", "urn:relay-resource:all:device"));
    let mut nameless = greeter();
    nameless.as_object_mut().unwrap().remove("name");
    refused.push((nameless, "invalid_name", "needs a name"));
    for (key, value, says) in [
        ("on_phrases", json!([]), "needs a phrase"),
        ("on_phrases", json!(["?!"]), "nobody can say"),
        ("on_button", json!("quintuple"), "action_button_single_tap"),
        ("on_http", json!("GET"), "POST can"),
        ("on_battery_discharge", json!(101), "1 to 100"),
        ("on_geofence", json!({"transition": "entry", "geofence_id": "none"}), "make the geofence first"),
        (
            "on_position",
            json!({"transition": "entry", "venue_id": "v", "position_id": "p"}),
            "make the venue first",
        ),
        ("on_device_event", json!("earthquake"), "emergency can"),
        ("on_fire", json!(true), "on_phrases, on_button"),
        ("nothing", json!(true), "something that starts it"),
    ] {
        refused.push((with_trigger("bad", key, value), "invalid_trigger", says));
    }
    let mut two = greeter();
    two["config"]["trigger"]["on_http"] = json!("POST");
    refused.push((two, "invalid_trigger", "make one for each"));
    let mut args = greeter();
    args["config"]["trigger"]["start"]["workflow"]["args"] = json!({"x": {"y": 1}});
    refused.push((args, "invalid_args", "\"x\""));
    refused.push((json!({"name": "x"}), "invalid_config", "config.trigger"));
    for (workflow, code, says) in refused {
        let answer = api.post("/ibot/workflow", workflow.clone()).await;
        let (status, error, message) = answer.refused();
        assert_eq!((status, error), (400, code), "{workflow} {message}");
        assert!(message.contains(says), "{message:?} does not say {says:?}");
    }
    assert_eq!(api.get("/ibot/workflow").await.ok(), json!({"results": []}), "nothing is left of them");
}

#[tokio::test]
async fn a_timer_that_makes_no_sense_is_refused() {
    let api = Api::start().await;
    for timer in [
        json!({"start_time": "Invalid DateTimeTInvalid DateTime", "timezone": "America/New_York", "count": 1}),
        json!({"start_time": "2036-11-23T14:00:00", "timezone": "Atlantis/Capital", "count": 1}),
        json!({"start_time": "2036-11-23T14:00:00", "timezone": "UTC", "frequency": "daily", "interval": 0, "count": 2}),
    ] {
        let answer = api.post("/ibot/workflow", with_trigger("t", "on_timer", timer.clone())).await;
        assert_eq!(answer.code(), (400, "invalid_timer"), "{timer}");
    }
}

#[tokio::test]
async fn loopback_is_taken_if_the_server_was_told_so() {
    let api = Api::start_with(|config| config.dial.allow_insecure_loopback = true).await;
    let mut workflow = greeter();
    workflow["config"]["trigger"]["start"]["workflow"]["uri"] = json!("ws://127.0.0.1:9/x");
    api.post("/ibot/workflow", workflow).await.ok();
}

#[tokio::test]
async fn older_clients_are_understood() {
    let api = Api::start().await;
    let yaml =
        "trigger:\n  on_phrase: hello\n  start:\n    workflow: wss://a.example/b\n    args:\n      n: 1\n";
    let made = api.post("/ibot/workflow", json!({"name": "old", "config": yaml, "install": []})).await.ok();
    let trigger = &made[0]["config"]["trigger"];
    assert_eq!(trigger["start"]["workflow"], json!({"uri": "wss://a.example/b", "args": {"n": 1}}));
    assert_eq!(trigger["on_phrases"], json!(["hello"]));
    // curl says that everything is a form.
    let request = api.request(reqwest::Method::POST, "/ibot/workflow");
    let request =
        request.header("content-type", "application/x-www-form-urlencoded").body(greeter().to_string());
    crate::server::answer(request).await.ok();
}

#[tokio::test]
async fn names_and_ids_are_not_mixed_up() {
    let api = Api::start().await;
    let first = api.post("/ibot/workflow", greeter()).await.ok()[0].clone();
    let mut second = greeter();
    second["name"] = json!("second");
    let mut second = api.post("/ibot/workflow", second).await.ok()[0].clone();
    second["name"] = json!("greeter");
    assert_eq!(api.post("/ibot/workflow", second).await.code(), (409, "name_taken"));
    let mut unknown = first;
    unknown["workflow_id"] = json!("wf_unknown_1");
    unknown["name"] = json!("third");
    assert_eq!(api.post("/ibot/workflow", unknown).await.code(), (404, "workflow_not_found"));
}
