//! Sounds that people upload.

use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use serde_json::{Value, json};

use super::super::app::App;
use super::super::body::Lenient;
use super::super::endpoint::Endpoint;
use super::super::error::{ApiError, ApiResult};
use super::super::guard::Scope;
use super::super::new_id;
use crate::model::{Audio, AudioId, Rest, SubscriberId};

pub(super) fn endpoints() -> Vec<Endpoint> {
    let account = "the account, if the token is for several";
    let audio = json!({"id": "9fQ1", "subscriber_id": "S", "short_name": "ding", "audio_format": "wave"});
    vec![
        Endpoint::get("/ibot/custom_audio", list)
            .says("Lists the sounds.")
            .query("subscriber_id", account)
            .answer(json!([audio])),
        Endpoint::post("/ibot/custom_audio", create)
            .says("Makes a sound, and says where its file is to be put. Workflows play it as relay-static://<name>.")
            .query("subscriber_id", account)
            .body(json!({"short_name": "ding", "audio_format": "wave"}))
            .answer(json!({"result": audio, "s3_upload_url": "http://127.0.0.1:8080/upload/S/9fQ1/<secret>"})),
        Endpoint::put("/upload/{subscriber_id}/{id}/{secret}", upload)
            .open()
            .uploads()
            .says("Takes the file of a sound: WAV. The URL is good once, for an hour, and needs no token.")
            .answer(json!({})),
        Endpoint::get("/ibot/custom_audio/{id}/content", content)
            .says("Gives the file of a sound.")
            .query("subscriber_id", account)
            .content_type("audio/wav"),
        Endpoint::delete("/ibot/custom_audio/{id}", delete)
            .says("Deletes a sound.")
            .query("subscriber_id", account)
            .answer(json!({})),
    ]
}

async fn list(State(app): State<App>, scope: Scope) -> ApiResult<Json<Value>> {
    let all: Vec<Audio> = app.store().list(&scope.subscriber).await?;
    Ok(Json(all.iter().map(|audio| official(&scope.subscriber, audio)).collect()))
}

async fn create(
    State(app): State<App>,
    scope: Scope,
    headers: HeaderMap,
    Lenient(body): Lenient,
) -> ApiResult<Json<Value>> {
    let text = |key: &str| body.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let name =
        text("short_name").ok_or_else(|| ApiError::bad("invalid_name", "the sound needs a `short_name`"))?;
    let audio = Audio {
        id: new_id().into(),
        name: name.into(),
        format: text("audio_format").unwrap_or("wave").into(),
        length_ms: None,
        rest: Rest::new(),
    };
    scope.registry(&app).save(&scope.subscriber, audio.clone()).await?;
    let secret = app.uploads().issue(&scope.subscriber, &audio.id)?;
    let base = base(&app, &headers);
    let url = format!("{base}/upload/{}/{}/{}", scope.subscriber, audio.id, secret.reveal());
    Ok(Json(json!({"result": official(&scope.subscriber, &audio), "s3_upload_url": url})))
}

async fn upload(
    State(app): State<App>,
    Path((subscriber, id, secret)): Path<(String, String, String)>,
    request: Request,
) -> ApiResult<Json<Value>> {
    let (subscriber, id) = (SubscriberId::from(subscriber), AudioId::from(id));
    let unexpected = || {
        let why = "this URL is wrong, was used, or is older than an hour: make the sound anew";
        ApiError::new(StatusCode::FORBIDDEN, "invalid_upload", why)
    };
    // Before the file is read: the URL is all that we know of whoever sends it.
    if !app.uploads().expects(&subscriber, &id, &secret) {
        return Err(unexpected());
    }
    let file = Bytes::from_request(request, &()).await.map_err(|rejection| {
        let why = "the file is larger than `limits.audio`, or was cut off";
        ApiError::new(rejection.status(), "invalid_audio", why)
    })?;
    let length = length(&file)?;
    if !app.uploads().redeem(&subscriber, &id, &secret) {
        return Err(unexpected());
    }
    app.registry().put_audio(&subscriber, &id, file.to_vec(), length).await?;
    Ok(Json(json!({})))
}

async fn content(State(app): State<App>, scope: Scope, Path(id): Path<String>) -> ApiResult {
    let content = app.store().audio_content(&scope.subscriber, &AudioId::from(id.as_str())).await?;
    let content = content.ok_or_else(|| ApiError::not_found("sound", id))?;
    Ok(([(CONTENT_TYPE, "audio/wav")], content).into_response())
}

async fn delete(State(app): State<App>, scope: Scope, Path(id): Path<String>) -> ApiResult<Json<Value>> {
    scope.registry(&app).delete::<Audio>(&scope.subscriber, &id).await?;
    Ok(Json(json!({})))
}

/// How the caller reaches this server.
fn base(app: &App, headers: &HeaderMap) -> String {
    let scheme = if app.config().tls.cert.is_some() { "https" } else { "http" };
    match (&app.config().public_url, headers.get(HOST).and_then(|host| host.to_str().ok())) {
        (Some(url), _) => url.trim_end_matches('/').to_owned(),
        (None, Some(host)) => format!("{scheme}://{host}"),
        (None, None) => format!("{scheme}://{}", app.config().listen),
    }
}

fn official(subscriber: &SubscriberId, audio: &Audio) -> Value {
    json!({
        "id": audio.id, "subscriber_id": subscriber, "short_name": audio.name, "audio_format": audio.format,
    })
}

/// How long a WAV file plays, by its header.
pub(crate) fn length(file: &[u8]) -> ApiResult<Duration> {
    let read = || {
        let word = |at: usize| Some(u32::from_le_bytes(file.get(at..at + 4)?.try_into().ok()?));
        (file.get(..4)? == b"RIFF" && file.get(8..12)? == b"WAVE").then_some(())?;
        let (mut at, mut rate) = (12, None);
        while let (Some(name), Some(size)) = (file.get(at..at + 4), word(at + 4)) {
            match (name, rate) {
                (b"fmt ", _) => rate = word(at + 16).filter(|rate| *rate > 0),
                (b"data", Some(rate)) => {
                    let there = file.len().saturating_sub(at + 8);
                    let bytes = u32::try_from(there).unwrap_or(u32::MAX).min(size);
                    return Some(Duration::from_secs_f64(f64::from(bytes) / f64::from(rate)));
                }
                _ => {}
            }
            at = at
                .checked_add(8)?
                .checked_add(usize::try_from(size).ok()?)?
                .checked_add(usize::try_from(size & 1).ok()?)?;
        }
        None
    };
    read().ok_or_else(|| ApiError::bad("invalid_audio", "the file is no WAV: send 16 kHz, 16 bit, mono"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of so many samples at 16 kHz, 16 bit, mono.
    fn wave(samples: u32) -> Vec<u8> {
        let mut file = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec();
        file.extend(16_000_u32.to_le_bytes());
        file.extend(32_000_u32.to_le_bytes());
        file.extend(b"\x02\0\x10\0data");
        file.extend((2 * samples).to_le_bytes());
        file.resize(file.len() + 2 * samples as usize, 0);
        file
    }

    #[test]
    fn a_file_says_how_long_it_plays() {
        assert_eq!(length(&wave(8000)).unwrap(), Duration::from_millis(500));
        for bad in [&b""[..], b"RIFF", b"RIFF\0\0\0\0WAVE", b"ID3\x04 an mp3 file"] {
            assert!(length(bad).is_err());
        }
    }
}
