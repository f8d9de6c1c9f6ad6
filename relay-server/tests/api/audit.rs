//! Who did what.

use reqwest::Method;
use serde_json::{Value, json};

use crate::server::{Api, answer};

const ALICE: &str = "990007560000001";

/// What was done to things of this type, the oldest first: what, by whom, and to what.
async fn done(api: &Api, event_type: &str) -> Vec<(String, String, Value)> {
    let page = api.get(&format!("/ibot/audit?event_type={event_type}")).await.ok();
    let text = |entry: &Value, key: &str| entry[key].as_str().unwrap().to_owned();
    let told = |entry: &Value| {
        let data = serde_json::from_str(&text(entry, "data")).unwrap();
        (text(entry, "action"), text(entry, "actor"), data)
    };
    page["data"].as_array().unwrap().iter().rev().map(told).collect()
}

fn actions(done: &[(String, String, Value)]) -> Vec<&str> {
    done.iter().map(|(action, ..)| action.as_str()).collect()
}

#[tokio::test]
async fn what_is_registered_and_by_whom() {
    let api = Api::start().await;
    let made = api.post("/v1/tokens", json!({"name": "the lobby", "subscriber": api.subscriber})).await.ok();
    let lobby = async |method, path: &str, body: Value| {
        let request = api.anonymous(method, path).bearer_auth(made["token"].as_str().unwrap());
        answer(request.body(body.to_string())).await.ok()
    };
    lobby(Method::PUT, &format!("/v1/devices/{ALICE}"), json!({"name": "Alice"})).await;
    lobby(Method::PUT, &format!("/v1/devices/{ALICE}"), json!({"name": "Alice"})).await; // as it was
    lobby(Method::PUT, &format!("/v1/devices/{ALICE}"), json!({"name": "Alicia"})).await;
    lobby(Method::DELETE, &format!("/v1/devices/{ALICE}"), Value::Null).await;
    let devices = done(&api, "device").await;
    assert_eq!(actions(&devices), ["created", "changed", "deleted"]);
    assert_eq!(devices[2], ("deleted".into(), "the lobby".into(), json!({"id": ALICE, "name": "Alicia"})));
    let tokens = done(&api, "token").await;
    assert_eq!(
        tokens,
        [(
            "created".to_owned(),
            "this process".to_owned(),
            json!({"id": made["id"], "name": "the lobby", "role": "admin"}),
        )]
    );
    api.delete(&format!("/v1/tokens/{}", made["id"].as_str().unwrap())).await;
    assert_eq!(actions(&done(&api, "token").await), ["created", "revoked"]);
}

#[tokio::test]
async fn what_becomes_of_a_workflow() {
    let api = Api::start().await;
    api.device(ALICE, "Alice").await;
    let mut workflow = json!({
        "name": "greeter",
        "config": {"trigger": {
            "start": {"workflow": {"uri": "wss://wf.example.org/", "args": {"password": "s3cret"}}},
            "on_http": "POST",
        }},
    });
    let id = api.post("/ibot/workflow", workflow.clone()).await.ok()[0]["workflow_id"].clone();
    workflow["workflow_id"] = id.clone();
    for install in [json!([ALICE]), json!([])] {
        workflow["install"] = install;
        api.post("/ibot/workflow", workflow.clone()).await.ok();
    }
    workflow["config"]["trigger"]["start"]["workflow"]["args"] = json!({"password": "0ther"});
    api.post("/ibot/workflow", workflow.clone()).await.ok();
    api.delete(&format!("/ibot/workflow/{}", id.as_str().unwrap())).await.ok();
    let workflows = done(&api, "workflow").await;
    assert_eq!(actions(&workflows), ["created", "installed", "uninstalled", "changed", "deleted"]);
    assert_eq!(workflows[1].2["installed"], json!([ALICE]));
    assert_eq!(workflows[2].2["uninstalled"], json!([ALICE]));
    let all = api.get("/ibot/audit").await.ok().to_string();
    assert!(!all.contains("s3cret") && !all.contains("0ther"), "{all}");
}

#[tokio::test]
async fn who_uses_which_device_as_the_official_command_line_asks() {
    let api = Api::start().await;
    for user in [json!("USER1"), json!("USER2"), Value::Null] {
        api.put(&format!("/v1/devices/{ALICE}"), json!({"name": "Alice", "user": user})).await.ok();
    }
    let asked = "/ibot/audit?event_type=ibot_user_profile&action=assigned";
    let first = api.get(&format!("{asked}&limit=1")).await.ok();
    let data = first["data"][0]["data"].as_str().unwrap();
    assert_eq!(serde_json::from_str::<Value>(data).unwrap(), json!({"id": "USER2", "device_id": ALICE}));
    assert!(first["data"][0]["timestamp_action"].as_str().unwrap().ends_with('Z'));
    let cursor = first["cursor"].as_str().unwrap();
    let second = api.get(&format!("{asked}&limit=1&cursor={cursor}")).await.ok();
    assert_eq!((&second["data"][0]["user_id"], &second["cursor"]), (&json!("USER1"), &json!("")));
    assert_eq!(
        actions(&done(&api, "ibot_user_profile").await),
        ["assigned", "unassigned", "assigned", "unassigned"]
    );
    let of_one = api.get("/ibot/audit?user_id=USER1").await.ok();
    assert_eq!(of_one["data"].as_array().unwrap().len(), 2);
    assert_eq!(api.get("/ibot/audit?oldest=yesterday").await.code(), (400, "invalid_parameter"));
}

#[tokio::test]
async fn what_concerns_all_accounts_is_not_shown_to_one() {
    let api = Api::start().await;
    api.post("/v1/tokens", json!({"name": "everything"})).await.ok();
    let own = json!({"name": "the lobby", "subscriber": api.subscriber});
    let own = api.post("/v1/tokens", own).await.ok()["token"].as_str().unwrap().to_owned();
    assert_eq!(done(&api, "token").await.len(), 2);
    let seen = answer(api.anonymous(Method::GET, "/ibot/audit?event_type=token").bearer_auth(own)).await.ok();
    assert_eq!(seen["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn who_signs_in_and_who_stops_what() {
    let api = Api::start().await;
    let token =
        api.post("/v1/tokens", json!({"name": "Ada"})).await.ok()["token"].as_str().unwrap().to_owned();
    let callback = "http://localhost:8079/authorization-code/callback";
    let query = format!("/oauth2/authorization?redirect_uri={callback}&code_challenge=x");
    for (token, status) in [("wrong", 401), (&*token, 303)] {
        let page = api.anonymous(Method::POST, &query).body(format!("token={token}")).send().await.unwrap();
        assert_eq!(page.status(), status);
    }
    assert_eq!(
        done(&api, "session").await,
        [("login".to_owned(), "Ada".to_owned(), json!({"from": "127.0.0.1"}))]
    );

    let workflow = json!({
        "name": "away",
        "config": {"trigger": {"start": {"workflow": {"uri": "wss://127.0.0.1:9/"}}, "on_http": "POST"}},
    });
    let id = api.post("/ibot/workflow", workflow).await.ok()[0]["workflow_id"].as_str().unwrap().to_owned();
    let later = json!({"not_before": "2036-01-02T03:04:05Z"});
    let begun = api.post(&format!("/v1/workflows/{id}/trigger"), later).await.ok();
    let instance = begun[0]["id"].as_str().unwrap();
    let path = format!("/v1/instances/{instance}?reason=enough");
    assert_eq!(api.delete(&path).await.status, 204);
    assert_eq!(api.delete(&path).await.status, 404);
    assert_eq!(
        done(&api, "instance").await,
        [("stopped".to_owned(), "this process".to_owned(), json!({"id": instance, "reason": "enough"}))]
    );
    let all = api.get("/ibot/audit").await.ok().to_string();
    assert!(!all.contains(&token), "{all}");
}
