//! Workflow servers that do harm: their own instance ends with a reason, and nobody else notices.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use relay_server::model::TriggerRow;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, accept_async};

use crate::stage::{ALICE, Stage, Test, http, phrase};

/// A stage with a workflow `harm` whose server does `answer` with each connection.
async fn stage<F>(answer: impl Fn(TcpStream) -> F + Send + 'static) -> Test<Stage>
where
    F: Future<Output = ()> + Send + 'static,
{
    let stage = Stage::with(|config| {
        config.uris.insecure_loopback = true;
        config.max_outbound_bytes = 64 << 10;
        config.engine.session.close_timeout = Duration::from_millis(200);
    })
    .await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let uri = format!("ws://{}/harm", listener.local_addr()?);
    tokio::spawn(async move {
        while let Ok((tcp, _)) = listener.accept().await {
            tokio::spawn(answer(tcp));
        }
    });
    stage.register_at("harm", &uri, http()).await?;
    stage.register("hello", phrase("hello")).await?;
    Ok(stage)
}

/// As [`stage`], after the upgrade.
async fn websocket<F>(answer: impl Fn(WebSocketStream<TcpStream>) -> F + Send + Sync + 'static) -> Test<Stage>
where
    F: Future<Output = ()> + Send + 'static,
{
    let answer = std::sync::Arc::new(answer);
    stage(move |tcp| {
        let answer = answer.clone();
        async move {
            if let Ok(socket) = accept_async(tcp).await {
                answer(socket).await;
            }
        }
    })
    .await
}

/// The harm is done while somebody says hello, from the beginning to the end.
async fn beside(stage: &mut Stage) -> Test<TriggerRow> {
    stage.ask("hello").await?;
    assert_eq!(stage.heard(ALICE).await, "What is your name?");
    let harm = stage.invoke_for("harm", None).await?;
    stage.event(|event| event.what == "listening" && event.data["on"] == true).await;
    stage.device(ALICE, |engine, now, key| engine.speak(now, key, "Bob").map(drop)).await?;
    assert_eq!(stage.heard(ALICE).await, "Hello Bob");
    Ok(harm)
}

async fn broken(stage: &Stage, row: &TriggerRow) -> Test<String> {
    let (kind, reason) = stage.outcome(&row.id).await?;
    assert_eq!(kind, "broken", "{reason}");
    Ok(reason)
}

#[tokio::test]
async fn one_that_never_answers_its_dial() -> Test {
    let mut stage = stage(|mut tcp| async move {
        let mut request = [0; 1024];
        while tcp.read(&mut request).await.is_ok_and(|read| read > 0) {}
    })
    .await?;
    let harm = beside(&mut stage).await?;
    assert_eq!(stage.runner.queue_status().starting, 1);
    assert!(stage.runner.stop_instance(&stage.subscriber, &harm.id, "enough").await?);
    assert_eq!(stage.outcome(&harm.id).await?.0, "stopped");
    Ok(())
}

#[tokio::test]
async fn one_that_answers_byte_by_byte() -> Test {
    let mut stage = stage(|mut tcp| async move {
        let mut request = [0; 1024];
        let _ = tcp.read(&mut request).await;
        for byte in b"HTTP/1.1 503 Slow\r\ncontent-length: 0\r\n\r\n" {
            let _ = tcp.write_all(&[*byte]).await;
            tokio::task::yield_now().await;
        }
        let _ = tcp.read(&mut request).await;
    })
    .await?;
    let harm = beside(&mut stage).await?;
    let failed = stage.store.trigger_attempts(&harm.id).await?;
    assert_eq!(failed[0].http_status, Some(503));
    Ok(())
}

#[tokio::test]
async fn one_that_sends_ten_mebibytes() -> Test {
    let mut stage = websocket(|mut socket| async move {
        let _ = socket.send(Message::Text("x".repeat(10 << 20).into())).await;
        while let Some(Ok(_)) = socket.next().await {}
    })
    .await?;
    let harm = beside(&mut stage).await?;
    let reason = broken(&stage, &harm).await?;
    assert!(reason.ends_with("10485760 bytes, 1048576 are allowed"), "{reason}");
    Ok(())
}

#[tokio::test]
async fn one_that_floods_and_does_not_read() -> Test {
    let mut stage = websocket(|mut socket| async move {
        let ask = r#"{"_id":"1","_type":"wf_api_get_var_request","name":"x"}"#;
        while socket.feed(Message::Text(ask.into())).await.is_ok() {}
        std::future::pending::<()>().await;
    })
    .await?;
    let harm = beside(&mut stage).await?;
    let reason = broken(&stage, &harm).await?;
    assert_eq!(reason, "the workflow does not read: 65536 bytes wait for it");
    Ok(())
}

#[tokio::test]
async fn one_that_asks_for_what_does_not_exist() -> Test {
    let mut stage = websocket(|mut socket| async move {
        for frame in [
            r#"{"_id":"1","_type":"wf_api_make_coffee_request"}"#,
            r#"{"_type":"wf_api_get_var_request"}"#,
            r#"{"_id":7}"#,
            "[]",
            "",
            "{",
            "\u{0}",
        ] {
            let _ = socket.send(Message::Text(frame.into())).await;
        }
        while let Some(Ok(message)) = socket.next().await {
            if message.is_text() && message.to_text().is_ok_and(|text| text.contains("make_coffee")) {
                let terminate = r#"{"_id":"2","_type":"wf_api_terminate_request"}"#;
                let _ = socket.send(Message::Text(terminate.into())).await;
            }
        }
    })
    .await?;
    let harm = beside(&mut stage).await?;
    assert_eq!(stage.outcome(&harm.id).await?.0, "completed");
    Ok(())
}

#[tokio::test]
async fn one_that_sends_what_is_no_websocket() -> Test {
    let mut stage = websocket(|socket| async move {
        let mut tcp = socket.into_inner();
        let _ = tcp.write_all(&[0x83, 0]).await; // an opcode that is not used
        let mut rest = [0; 1024];
        while tcp.read(&mut rest).await.is_ok_and(|read| read > 0) {}
    })
    .await?;
    let harm = beside(&mut stage).await?;
    let reason = broken(&stage, &harm).await?;
    assert!(reason.starts_with("the workflow does not speak WebSocket: "), "{reason}");
    Ok(())
}

#[tokio::test]
async fn ones_that_close_in_every_state() -> Test {
    // After so many frames of the server: before the start, after it, in the middle, and in reply to the stop.
    for frames in 0..5 {
        let mut stage = websocket(move |mut socket| async move {
            let interact = r#"{"_id":"1","_type":"wf_api_start_interaction_request","_target":{"uris":["urn:relay-resource:name:device:Bob"]},"name":"x"}"#;
            for _ in 0..frames {
                let _ = socket.next().await;
                let _ = socket.send(Message::Text(interact.into())).await;
            }
            if frames % 2 == 0 {
                let _ = socket.close(None).await;
            }
        })
        .await?;
        let harm = beside(&mut stage).await?;
        let reason = broken(&stage, &harm).await?;
        assert!(reason.contains("without a stop event"), "{frames}: {reason}");
        assert_eq!(stage.account.run(|platform| platform.engine.load().interactions).await?, 1, "hello's");
    }
    Ok(())
}

#[tokio::test]
async fn one_that_ignores_its_stop() -> Test {
    let mut stage = websocket(|socket| async move {
        let _socket = socket;
        std::future::pending::<()>().await;
    })
    .await?;
    let harm = beside(&mut stage).await?;
    assert!(stage.runner.stop_instance(&stage.subscriber, &harm.id, "enough").await?);
    assert_eq!(stage.outcome(&harm.id).await?.0, "stopped");
    Ok(())
}
