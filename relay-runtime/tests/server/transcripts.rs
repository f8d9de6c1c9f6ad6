//! Sessions, written to files.

use std::fs;
use std::path::{Path, PathBuf};

use futures_util::{SinkExt, StreamExt};
use relay_protocol::transcript::{Side, Transcript, What};
use relay_runtime::prelude::*;
use relay_runtime::server::{ServerError, Transcripts};
use relay_runtime::testing;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::common::peer::dial;
use crate::common::serving::Serving;

#[workflow(phrase = ["note", "fail"])]
async fn keeper(cx: Context, start: Start<Phrase>) -> Result<()> {
    cx.vars().set("heard", start.spillover()).await?;
    match start.phrase() {
        "fail" => Err(Error::msg("out of paper")),
        _ => Ok(()),
    }
}

/// Plays the platform of one session, until it is over.
async fn converse(server: &Serving, phrase: &str, spillover: &str) {
    let mut socket = dial(server.addr, "/keeper").await.unwrap();
    let args = json!({
        "phrase": phrase, "spillover": spillover, "source_uri": "urn:relay-resource:name:device:Alice",
    });
    let start = json!({"_type": "wf_api_start_event", "trigger": {"type": "phrase", "args": args}});
    socket.send(Message::text(start.to_string())).await.unwrap();
    while let Some(Ok(Message::Text(text))) = socket.next().await {
        let request: Value = serde_json::from_str(&text).unwrap();
        let stops = request["_type"] == "wf_api_terminate_request";
        let answer = match request["_type"].as_str().unwrap() {
            _ if stops => json!({"_type": "wf_api_stop_event", "reason": "normal"}),
            kind => json!({"_type": kind.replace("_request", "_response"), "_id": request["_id"]}),
        };
        socket.send(Message::text(answer.to_string())).await.unwrap();
        if stops {
            socket.close(None).await.unwrap();
        }
    }
}

async fn serve(transcripts: impl Into<Transcripts>) -> Serving {
    Serving::start(Server::builder().workflow(keeper).transcripts(transcripts)).await
}

/// Lets the server stop, after which everything is written.
async fn stop(server: Serving) {
    server.handle.shutdown();
    server.task.await.unwrap();
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn read(dir: &Path) -> Vec<Transcript> {
    files(dir).iter().map(|path| fs::read_to_string(path).unwrap().parse().unwrap()).collect()
}

#[tokio::test]
async fn a_session_becomes_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let server = serve(dir.path().join("new")).await;
    converse(&server, "fail", "the alarm").await;
    stop(server).await;

    let dir = dir.path().join("new");
    let [transcript] = &*read(&dir) else { panic!("{:?}", files(&dir)) };
    let head = &transcript.head;
    assert_eq!((&*head.workflow, &*head.path, &*head.session), ("keeper", "/keeper", "1"));
    assert!(head.sdk.starts_with("relay-runtime ") && head.began_unix_ms.is_some(), "{head:?}");
    let kinds = |side| -> Vec<String> {
        let kind = |(_, text): (_, &str)| {
            let frame: Value = serde_json::from_str(text).unwrap();
            frame["_type"].as_str().unwrap().trim_start_matches("wf_api_").to_owned()
        };
        transcript.frames(side).map(kind).collect()
    };
    assert_eq!(kinds(Side::Engine), ["start_event", "set_var_response", "stop_event"]);
    assert_eq!(kinds(Side::Workflow), ["set_var_request", "terminate_request"]);
    let failures: Vec<_> = transcript.failures().collect();
    assert!(matches!(&*failures, [(handler, "out of paper")] if handler.contains("keeper")), "{failures:?}");
    assert_eq!(transcript.ended(), Some("stopped (normal)"));
    assert!(transcript.entries.is_sorted_by_key(|entry| entry.at));
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let server = serve(dir.path()).await;
    converse(&server, "note", "").await;
    stop(server).await;
    let mode = files(dir.path())[0].metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn a_redacted_transcript_never_reaches_the_disk_otherwise() {
    let dir = tempfile::tempdir().unwrap();
    let server = serve(Transcripts::new(dir.path()).redacted()).await;
    converse(&server, "note", "the milk").await;
    stop(server).await;
    let text = fs::read_to_string(&files(dir.path())[0]).unwrap();
    assert!(!text.contains("milk") && !text.contains("Alice"), "{text}");
    assert!(text.contains("xxx xxxx") && text.contains("device-1"), "{text}");
}

#[tokio::test]
async fn sessions_that_went_well_need_not_be_kept() {
    let dir = tempfile::tempdir().unwrap();
    let server = serve(Transcripts::new(dir.path()).only_failed()).await;
    converse(&server, "note", &"x".repeat(20_000)).await; // large enough to be written before it ends
    converse(&server, "fail", "").await;
    drop(dial(server.addr, "/keeper").await.unwrap());
    converse(&server, "note", "").await;
    stop(server).await;
    let ends = read(dir.path()).into_iter().map(|transcript| transcript.ended().unwrap().to_owned());
    assert_eq!(ends.collect::<Vec<_>>(), ["stopped (normal)", "the connection broke without a stop event"]);
}

#[tokio::test]
async fn the_oldest_files_make_room_and_nothing_else_does() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("mine.jsonl"), "mine").unwrap();
    for _ in 0..2 {
        let server = serve(Transcripts::new(dir.path()).max_files(3)).await;
        for n in 0..4 {
            converse(&server, "note", &n.to_string()).await;
        }
        stop(server).await;
    }
    let names: Vec<_> = files(dir.path());
    assert_eq!(names.len(), 4, "{names:?}");
    let mine = names.iter().filter(|path| path.ends_with("mine.jsonl"));
    assert_eq!(mine.count(), 1);
    let said: String = names.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    assert!(!said.contains(r#""spillover":"0""#) && said.contains(r#""spillover":"3""#), "{said}");

    let server = serve(Transcripts::new(dir.path()).max_age(std::time::Duration::ZERO)).await;
    stop(server).await;
    assert_eq!(files(dir.path()).len(), 1);
}

#[tokio::test]
async fn what_a_file_has_no_room_for_is_counted() {
    let dir = tempfile::tempdir().unwrap();
    let server = serve(Transcripts::new(dir.path()).max_file_bytes(500)).await;
    converse(&server, "note", &"x".repeat(1000)).await;
    stop(server).await;
    let [transcript] = &*read(dir.path()) else { panic!() };
    let what: Vec<_> = transcript.entries.iter().map(|entry| entry.what.clone()).collect();
    assert_eq!(what, [What::Lost(5), What::Ended("stopped (normal)".into())]);
}

#[tokio::test]
async fn messages_that_come_faster_than_they_are_written_are_counted() {
    let dir = tempfile::tempdir().unwrap();
    let server = serve(Transcripts::new(dir.path()).max_waiting_bytes(0)).await;
    converse(&server, "note", "").await;
    stop(server).await;
    let [transcript] = &*read(dir.path()) else { panic!() };
    let what: Vec<_> = transcript.entries.iter().map(|entry| entry.what.clone()).collect();
    assert_eq!(what, [What::Lost(5), What::Ended("stopped (normal)".into())]);
}

#[tokio::test]
async fn a_session_does_not_notice_that_it_cannot_be_written() {
    let dir = tempfile::tempdir().unwrap();
    let server = serve(dir.path()).await;
    fs::remove_dir_all(dir.path()).unwrap();
    for _ in 0..3 {
        converse(&server, "note", "").await;
    }
    stop(server).await;
    assert!(!dir.path().exists());
}

#[tokio::test]
async fn a_folder_that_cannot_be_had_keeps_the_server_from_starting() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let builder = Server::builder().workflow(keeper).transcripts(file.path());
    let error = builder.bind(([127, 0, 0, 1], 0)).listen().await.unwrap_err();
    assert!(matches!(error, ServerError::Transcripts { .. }), "{error}");
    let text = error.to_string();
    assert!(text.starts_with(&format!("cannot write transcripts to {}: ", file.path().display())), "{text}");
}

#[tokio::test]
async fn a_session_that_is_aborted_has_an_end_too() {
    let dir = tempfile::tempdir().unwrap();
    let server = serve(dir.path()).await;
    let _running = dial(server.addr, "/keeper").await.unwrap();
    server.handle.abort();
    server.task.await.unwrap();
    assert_eq!(read(dir.path())[0].ended(), Some("aborted"));
}

/// What somebody does who copies the file of a session into the tests.
#[test]
fn a_session_that_failed_becomes_a_test() {
    let dir = tempfile::tempdir().unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let server = serve(Transcripts::new(dir.path()).redacted()).await;
        converse(&server, "fail", "the alarm").await;
        stop(server).await;
    });
    let again = testing::run(async {
        let seen = testing::transcript(&files(dir.path())[0]);
        testing::replay(keeper, &seen).await
    });
    again.assert_same();
    assert_eq!(again.transcript().failures().count(), 1);
}
