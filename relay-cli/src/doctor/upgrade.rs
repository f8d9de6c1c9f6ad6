//! From HTTP to WebSocket, and the path that picks the workflow.

use std::time::Instant;

use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::http::Response;
use tokio_tungstenite::tungstenite::http::header::LOCATION;
use tokio_tungstenite::{WebSocketStream, client_async};

use super::Visit;
use super::tls::Stream;
use crate::report::{Line, Section};
use crate::uri::WorkflowUri;

/// An open WebSocket.
pub(super) type Socket = WebSocketStream<Stream>;

pub(super) async fn upgrade(
    section: &mut Section,
    visit: &Visit,
    uri: &WorkflowUri,
    stream: Stream,
) -> Option<Socket> {
    let begun = Instant::now();
    let path = uri.path();
    match timeout(visit.timeout, client_async(uri.as_str(), stream)).await {
        Ok(Ok((socket, _))) => {
            section.push(Line::ok("upgrade", "it speaks WebSocket").since(begun));
            section.push(Line::ok("path", format!("there is a workflow at {path}")));
            return Some(socket);
        }
        Ok(Err(Error::Http(response))) => refused(section, &response, path, begun),
        Ok(Err(error)) => section.push(broken(&error, uri.encrypted).since(begun)),
        Err(_) => section.push(
            Line::fail("upgrade", "no-answer", "the server does not answer the upgrade")
                .cause(format!("no answer in {:?}", visit.timeout))
                .next("is it hung? does a proxy wait for something behind it that is not there?")
                .since(begun),
        ),
    }
    None
}

/// It speaks HTTP, but does not become a WebSocket.
fn refused(section: &mut Section, response: &Response<Option<Vec<u8>>>, path: &str, begun: Instant) {
    let status = response.status();
    let said = said(response);
    let line = match status.as_u16() {
        404 | 410 => {
            section.push(Line::ok("upgrade", "it answers HTTP").since(begun));
            let line = Line::fail(
                "path",
                "no-such-path",
                format!("there is no workflow at {path} (HTTP {status})"),
            )
            .next(
                "compare the path with those that the workflow server names in its log, or in its manifest",
            );
            return section.push(told(line, said));
        }
        200..300 => Line::fail(
            "upgrade",
            "not-websocket",
            format!("a page is served here, no workflow (HTTP {status})"),
        )
        .next("is this another server's port, or does a proxy leave out the Upgrade header?"),
        300..400 => {
            let place =
                response.headers().get(LOCATION).and_then(|place| place.to_str().ok()).unwrap_or("elsewhere");
            Line::fail("upgrade", "redirect", format!("the server points to {place} (HTTP {status})"))
                .next("Relay follows no redirects: register the URI that it points to")
        }
        401 | 403 => {
            Line::fail("upgrade", "not-allowed", format!("the server lets nobody in unknown (HTTP {status})"))
                .next("it wants a secret or a client certificate that Relay servers do not send by default")
        }
        426 | 400 => Line::fail(
            "upgrade",
            "upgrade-lost",
            format!("the request to upgrade did not arrive (HTTP {status})"),
        )
        .next("let the proxy pass on the headers Upgrade and Connection"),
        502 | 504 => {
            Line::fail("upgrade", "bad-gateway", format!("a proxy finds nobody behind it (HTTP {status})"))
                .next("is the workflow server running, on the port that the proxy knows?")
        }
        503 => Line::fail("upgrade", "busy", format!("the server takes no sessions now (HTTP {status})"))
            .next("it is full or being shut down: try again, and look at its log"),
        _ => Line::fail("upgrade", "http-error", format!("the server answers HTTP {status}"))
            .next("its log should say why, or that of a proxy before it"),
    };
    section.push(told(line, said).since(begun));
}

fn told(line: Line, said: Option<String>) -> Line {
    match said {
        Some(said) => line.cause(format_args!("it says: {said}")),
        None => line,
    }
}

/// The first line of the answer, if it is for people.
fn said(response: &Response<Option<Vec<u8>>>) -> Option<String> {
    let body = String::from_utf8_lossy(response.body().as_deref().unwrap_or_default()).into_owned();
    let line = body.lines().next().unwrap_or_default().trim();
    (!line.is_empty() && !line.starts_with('<')).then(|| line.chars().take(200).collect())
}

fn broken(error: &Error, encrypted: bool) -> Line {
    match error {
        Error::Protocol(ProtocolError::HandshakeIncomplete) | Error::ConnectionClosed => {
            Line::fail("upgrade", "hangs-up", "the server hangs up instead of answering").cause(error).next(
                if encrypted {
                    "its log should say why"
                } else {
                    "does it want TLS? then the URI begins with wss"
                },
            )
        }
        Error::Io(_) => Line::fail("upgrade", "hangs-up", "the connection breaks before the answer")
            .cause(error)
            .next("its log should say why, or that of a proxy before it"),
        Error::HttpFormat(_) | Error::Protocol(_) => {
            Line::fail("upgrade", "not-http", "what the server answers is no WebSocket")
                .cause(error)
                .next("is something else listening on this port?")
        }
        _ => Line::fail("upgrade", "upgrade-failed", "the upgrade fails")
            .cause(error)
            .next("look at the log of the workflow server"),
    }
}
