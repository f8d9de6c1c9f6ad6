//! NFC tags and sounds.

use reqwest::Method;
use serde_json::json;

use crate::server::{Api, answer};

#[tokio::test]
async fn tags() {
    let api = Api::start().await;
    let content = json!({"type": "custom", "category": "door", "label": "A", "color": "red"});
    let made = api.post("/ibot/relay_nfc_tag", json!({"content": content})).await.ok();
    let path = format!("/ibot/relay_nfc_tag/{}", made["tag_id"].as_str().unwrap());
    assert_eq!((&made["content"], &made["uid"]), (&content, &json!("")));
    assert_eq!(api.get(&path).await.ok(), made);
    let paired = api.put(&path, json!({"uid": "04:A1:B2"})).await.ok();
    assert_eq!((&paired["uid"], &paired["content"]), (&json!("04a1b2"), &content));
    let replaced = api.put(&path, json!({"content": {"category": "gate"}})).await.ok();
    assert_eq!(replaced["content"], json!({"type": "custom", "category": "gate"}));
    assert_eq!(api.get("/ibot/relay_nfc_tag").await.ok(), json!({"results": [replaced]}));

    // Whoever holds a device to it starts what waits for it; nobody is there to be dialled, but it was accepted.
    api.device("990007560000001", "Alice").await;
    let workflow = json!({"name": "w", "install_rule": "urn:relay-resource:all:device", "config": {"trigger": {
        "start": {"workflow": {"uri": "wss://127.0.0.1:1/w"}}, "on_nfc": {"type": "custom", "category": "gate"},
    }}});
    api.post("/ibot/workflow", workflow).await.ok();
    let scanned = api.post("/v1/devices/990007560000001/scan", json!({"uid": "04a1b2"})).await.ok();
    assert_eq!(scanned["taken"], "workflow");

    assert_eq!(api.post("/ibot/relay_nfc_tag", json!({})).await.code(), (400, "invalid_content"));
    assert_eq!(
        api.post("/ibot/relay_nfc_tag", json!({"content": [1]})).await.code(),
        (400, "invalid_content")
    );
    assert_eq!(api.put(&path, json!({"uid": "xyz"})).await.code(), (400, "invalid_uid"));
    assert_eq!(api.delete(&path).await.ok(), json!({}));
    assert_eq!(api.get(&path).await.code(), (404, "not_found"));
    let gone = api.post("/v1/devices/990007560000001/scan", json!({"uid": "04a1b2"})).await.ok();
    assert_eq!(gone["taken"], "nobody");
}

/// Half a second at 16 kHz, 16 bit, mono.
fn wave() -> Vec<u8> {
    let mut file = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec();
    file.extend(16_000_u32.to_le_bytes());
    file.extend(32_000_u32.to_le_bytes());
    file.extend(b"\x02\0\x10\0data");
    file.extend(16_000_u32.to_le_bytes());
    file.resize(file.len() + 16_000, 0);
    file
}

#[tokio::test]
async fn sounds() {
    let api = Api::start().await;
    let body = json!({"audio_format": "wave", "subscriber_id": api.subscriber, "short_name": "ding"});
    let made = api.post("/ibot/custom_audio", body.clone()).await.ok();
    let (id, url) = (made["result"]["id"].as_str().unwrap(), made["s3_upload_url"].as_str().unwrap());
    let put = async |url: &str, file: Vec<u8>| {
        answer(api.client.put(url).header("content-type", "audio/wave").body(file)).await
    };
    assert_eq!(put(url, b"no sound".to_vec()).await.code(), (400, "invalid_audio"));
    assert_eq!(put(&url.replace("/relay_", "/relay_0"), wave()).await.code(), (403, "invalid_upload"));
    put(url, wave()).await.ok();
    assert_eq!(put(url, wave()).await.code(), (403, "invalid_upload"), "once");
    let listed = api.get("/ibot/custom_audio").await.ok();
    assert_eq!(
        listed,
        json!([{"id": id, "subscriber_id": api.subscriber, "short_name": "ding", "audio_format": "wave"}])
    );
    let content = api.request(Method::GET, &format!("/ibot/custom_audio/{id}/content")).send().await.unwrap();
    assert_eq!(content.bytes().await.unwrap(), wave());
    assert_eq!(api.post("/ibot/custom_audio", body).await.code(), (409, "name_taken"));
    assert_eq!(api.post("/ibot/custom_audio", json!({})).await.code(), (400, "invalid_name"));
    assert_eq!(api.delete(&format!("/ibot/custom_audio/{id}")).await.ok(), json!({}));
    assert_eq!(api.get("/ibot/custom_audio").await.ok(), json!([]));
    assert_eq!(api.delete(&format!("/ibot/custom_audio/{id}")).await.code(), (404, "not_found"));
}

#[tokio::test]
async fn a_sound_that_is_too_large_is_refused() {
    let api = Api::start_with(|config| config.limits.audio = relay_server::config::Size(1000)).await;
    let made = api.post("/ibot/custom_audio", json!({"short_name": "ding"})).await.ok();
    let put = api.client.put(made["s3_upload_url"].as_str().unwrap()).body(wave());
    assert_eq!(put.send().await.unwrap().status(), 413);
}
