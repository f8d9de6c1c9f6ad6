//! Everything that can go wrong besides certificates.

use std::time::Duration;

use relay_server::dial::{AddressPolicy, Dialer, DialerConfig, Failure, Roots, Stage, Trust, Verdict};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::http::HeaderValue;

use crate::stand::{PATIENCE, Test, dial, serve, target};

/// What never answers is waited for this long.
const SOON: Duration = Duration::from_millis(300);

fn trust() -> Test<Trust> {
    Ok(Trust::load(Roots::Mozilla, &[])?)
}

/// Reads the request, sends `answer`, and closes when the other end does.
async fn answering(answer: &'static str) -> Test<String> {
    let address = serve(move |mut tcp| async move {
        let mut request = vec![0; 4096];
        let _ = tcp.read(&mut request).await;
        let _ = tcp.write_all(answer.as_bytes()).await;
        let _ = tcp.read(&mut request).await;
    })
    .await?;
    Ok(format!("ws://{address}/hello"))
}

#[tokio::test]
async fn a_host_that_does_not_exist() -> Test {
    let error = dial("wss://nowhere.invalid", trust()?, PATIENCE).await.unwrap_err();
    assert_eq!(error.stage, Stage::Dns);
    assert!(error.to_string().starts_with("cannot find the host nowhere.invalid ("), "{error}");
    Ok(())
}

#[tokio::test]
async fn a_port_where_nobody_listens() -> Test {
    let free = TcpListener::bind("127.0.0.1:0").await?.local_addr()?;
    let error = dial(&format!("ws://{free}"), trust()?, PATIENCE).await.unwrap_err();
    assert_eq!((error.stage, error.verdict()), (Stage::Tcp, Verdict::Failed));
    let begin = format!("cannot connect to 127.0.0.1 at {free} (connection refused): check that");
    assert!(error.to_string().starts_with(&begin), "{error}");
    let stages: Vec<_> = error.timeline.stages().iter().map(|(stage, _)| *stage).collect();
    assert_eq!(stages, [Stage::Dns, Stage::Tcp]);
    Ok(())
}

#[tokio::test]
async fn a_second_address_is_tried() -> Test {
    // `localhost` may also be ::1, where nobody listens.
    let uri = answering("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n").await?;
    let error = dial(&uri.replace("127.0.0.1", "localhost"), trust()?, PATIENCE).await.unwrap_err();
    assert_eq!(error.reply().map(|reply| reply.status), Some(404));
    Ok(())
}

#[tokio::test]
async fn a_refusal_is_told_with_its_first_line() -> Test {
    let uri = answering("HTTP/1.1 404 Not Found\r\ncontent-length: 18\r\n\r\nno workflow hello\n").await?;
    let error = dial(&uri, trust()?, PATIENCE).await.unwrap_err();
    assert_eq!(error.verdict(), Verdict::Alive);
    assert_eq!(
        error.to_string(),
        "127.0.0.1 refused with HTTP 404 \"no workflow hello\": no workflow is there; check the path of the URI"
    );
    Ok(())
}

#[tokio::test]
async fn an_overloaded_server_says_when_to_come_back() -> Test {
    let uri = answering("HTTP/1.1 503 Busy\r\nretry-after: 120\r\ncontent-length: 0\r\n\r\n").await?;
    let error = dial(&uri, trust()?, PATIENCE).await.unwrap_err();
    assert_eq!(error.verdict(), Verdict::Failed);
    let reply = error.reply().ok_or("no reply")?;
    assert_eq!(reply.retry_after, Some(Duration::from_secs(120)));
    assert_eq!(reply.head, "HTTP/1.1 503 Busy\r\nretry-after: 120\r\ncontent-length: 0");
    Ok(())
}

#[tokio::test]
async fn of_a_long_body_four_kibibytes_are_kept() -> Test {
    let address = serve(|mut tcp| async move {
        let _ = tcp.write_all(b"HTTP/1.1 500 No\r\n\r\n").await;
        while tcp.write_all(&[b'x'; 1024]).await.is_ok() {}
    })
    .await?;
    let error = dial(&format!("ws://{address}"), trust()?, PATIENCE).await.unwrap_err();
    assert_eq!(error.reply().map(|reply| reply.body.len()), Some(4096));
    Ok(())
}

#[tokio::test]
async fn answers_that_make_no_sense() -> Test {
    let other = answering("HTTP/1.1 101 Yes\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n").await?;
    let error = dial(&other, trust()?, PATIENCE).await.unwrap_err();
    assert!(matches!(error.failure, Failure::NotWebSocket), "{error}");

    let mail = answering("220 mail.example.com ESMTP\r\n").await?;
    let error = dial(&mail, trust()?, PATIENCE).await.unwrap_err();
    assert!(matches!(error.failure, Failure::NotHttp), "{error}");

    let address = serve(|_| async {}).await?;
    let error = dial(&format!("ws://{address}"), trust()?, PATIENCE).await.unwrap_err();
    assert!(matches!(error.failure, Failure::ClosedEarly | Failure::Broken(_)), "{error}");
    Ok(())
}

#[tokio::test]
async fn what_was_not_offered_cannot_be_agreed_on() -> Test {
    for (name, value) in
        [("sec-websocket-extensions", "permessage-deflate"), ("sec-websocket-protocol", "chat")]
    {
        let address = serve(move |tcp| async move {
            #[allow(clippy::result_large_err, reason = "the signature is the library's")]
            let agree = |_: &Request, mut response: Response| {
                response.headers_mut().insert(name, HeaderValue::from_static(value));
                Ok(response)
            };
            let _ = tokio_tungstenite::accept_hdr_async(tcp, agree).await;
        })
        .await?;
        let error = dial(&format!("ws://{address}"), trust()?, PATIENCE).await.unwrap_err();
        assert!(matches!(error.failure, Failure::NotWebSocket), "{name}: {error}");
    }
    Ok(())
}

#[tokio::test]
async fn a_redirect_is_told_and_not_followed() -> Test {
    let elsewhere = TcpListener::bind("127.0.0.1:0").await?;
    let location = elsewhere.local_addr()?;
    let address = serve(move |mut tcp| async move {
        let head = format!("HTTP/1.1 302 Found\r\nlocation: ws://{location}/\r\ncontent-length: 0\r\n\r\n");
        let _ = tcp.write_all(head.as_bytes()).await;
        let _ = tcp.read(&mut [0; 4096]).await;
    })
    .await?;
    let error = dial(&format!("ws://{address}"), trust()?, PATIENCE).await.unwrap_err();
    assert!(error.to_string().contains("redirects are not followed"), "{error}");
    let came = std::pin::pin!(elsewhere.accept());
    assert!(futures_util::poll!(came).is_pending(), "nobody came");
    Ok(())
}

#[tokio::test]
async fn a_head_without_end_is_not_read_for_ever() -> Test {
    let address = serve(|mut tcp| async move {
        let _ = tcp.write_all(b"HTTP/1.1 101 Yes\r\n").await;
        while tcp.write_all(&[b'x'; 1024]).await.is_ok() {}
    })
    .await?;
    let error = dial(&format!("ws://{address}"), trust()?, PATIENCE).await.unwrap_err();
    assert!(matches!(error.failure, Failure::NotHttp), "{error}");
    Ok(())
}

#[tokio::test]
async fn a_server_that_never_answers_runs_out_of_time_in_a_stage_with_a_name() -> Test {
    let silent = TcpListener::bind("127.0.0.1:0").await?; // the kernel takes the connection
    let port = silent.local_addr()?.port();
    let error = dial(&format!("ws://127.0.0.1:{port}"), trust()?, SOON).await.unwrap_err();
    assert_eq!(error.stage, Stage::Upgrade);
    assert_eq!(
        error.to_string(),
        "dialling 127.0.0.1 took longer than 300ms, the last of it for the WebSocket upgrade"
    );
    let error = dial(&format!("wss://127.0.0.1:{port}"), trust()?, SOON).await.unwrap_err();
    assert_eq!(error.stage, Stage::Tls);
    Ok(())
}

#[tokio::test]
async fn what_is_not_permitted_is_not_connected_to() -> Test {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let mut config = DialerConfig::new(trust()?);
    config.addresses = AddressPolicy::Public { besides: Vec::new() };
    let uri = format!("wss://localhost:{}", address.port());
    let error = Dialer::new(config).dial(&target(&uri), PATIENCE).await.unwrap_err();
    assert!(matches!(error.failure, Failure::NotPermitted { .. }), "{error}");
    assert!(
        error.to_string().ends_with("it is set up for public addresses and those of `dial.networks`"),
        "{error}"
    );
    Ok(())
}
