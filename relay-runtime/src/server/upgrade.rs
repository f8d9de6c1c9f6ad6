//! From a stream to a WebSocket: the HTTP request, its checks and the answer.
//!
//! Done here and not by tungstenite's acceptor, which drops what it refuses without an answer and looks at the first
//! of repeated headers only.

use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::{CapacityError, Error, ProtocolError};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::handshake::machine::TryParse;
use tokio_tungstenite::tungstenite::handshake::server::Request;
use tokio_tungstenite::tungstenite::http::HeaderMap;
use tokio_tungstenite::tungstenite::http::header::{
    AsHeaderName, CONNECTION, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use tokio_tungstenite::tungstenite::protocol::Role;

use super::connection::{Opened, Service};
use super::failure::Failure;
use super::lifecycle::{NotAdmitted, Slot};
use super::paths::Route;
use super::refusal::Refusal;
use crate::net::Stream;

/// The `Server` header of every answer.
pub(super) const SERVER: &str = concat!("relay-rust/", env!("CARGO_PKG_VERSION"));

/// Longest request head that is waited for, in bytes.
const MAX_HEAD: usize = 8 * 1024;

/// By which a Relay server says what it calls the session.
const INSTANCE: &str = "relay-instance";

/// Longest id of an instance that is taken, in bytes.
const MAX_INSTANCE: usize = 64;

/// Longest part of an unknown path that is repeated to the peer and in the log, in characters.
const MAX_ECHOED_PATH: usize = 200;

/// The first byte of every TLS connection.
const TLS_HANDSHAKE_RECORD: u8 = 0x16;

/// Reads the request and answers it. Refusals are answered too, with a reason.
pub(super) async fn accept(mut stream: Stream, service: &Service) -> Result<Opened, Failure> {
    let (Admitted { key, route, instance, slot }, early) = match negotiate(&mut stream, service).await {
        Ok(agreed) => agreed,
        Err(Failure::Refused(refusal)) => return Err(refusal.send(stream).await),
        Err(failure) => return Err(failure),
    };

    let response = format!(
        "HTTP/1.1 101 Switching Protocols\r\nServer: {SERVER}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Accept: {key}\r\n\r\n"
    );
    stream.write_all(response.as_bytes()).await?;
    stream.flush().await?;

    let config = Some(service.limits.websocket());
    let socket = if early.is_empty() {
        WebSocketStream::from_raw_socket(stream, Role::Server, config).await
    } else {
        // Only for peers that do not wait for the answer: a buffer that begins as bytes in hand grows in small steps.
        WebSocketStream::from_partially_read(stream, early, Role::Server, config).await
    };
    Ok(Opened { socket: Box::new(socket), route, instance, slot })
}

/// What to answer, and what the peer already sent after its request.
async fn negotiate(stream: &mut Stream, service: &Service) -> Result<(Admitted, Vec<u8>), Failure> {
    let (request, early) = read_request(stream).await?;
    Ok((admit(&request, service)?, early))
}

async fn read_request(stream: &mut Stream) -> Result<(Request, Vec<u8>), Failure> {
    let mut head = Vec::with_capacity(1024);
    loop {
        if stream.read_buf(&mut head).await? == 0 {
            return Err(if head.is_empty() { Failure::Silent } else { Failure::CutOff });
        }
        if head[0] == TLS_HANDSHAKE_RECORD {
            return Err(Failure::TlsToPlain);
        }
        match Request::try_parse(&head) {
            Ok(Some((length, request))) => return Ok((request, head.split_off(length))),
            Ok(None) if head.len() < MAX_HEAD => {}
            Ok(None) => return Err(Refusal::TooLarge.into()),
            Err(error) => return Err(refusal_of(&error, &head).into()),
        }
    }
}

fn refusal_of(error: &Error, head: &[u8]) -> Refusal {
    match error {
        Error::Protocol(ProtocolError::WrongHttpMethod) => {
            Refusal::Method { head: head.starts_with(b"HEAD ") }
        }
        Error::Capacity(CapacityError::TooManyHeaders) => Refusal::TooLarge,
        _ => Refusal::Malformed,
    }
}

struct Admitted {
    /// The value of `Sec-WebSocket-Accept`.
    key: String,
    route: Route,
    instance: Option<Arc<str>>,
    slot: Slot,
}

/// The checks, the cheap ones first. A stranger learns nothing about which paths exist.
fn admit(request: &Request, service: &Service) -> Result<Admitted, Refusal> {
    let headers = request.headers();
    if !has_token(headers, UPGRADE, "websocket") || !has_token(headers, CONNECTION, "upgrade") {
        return Err(Refusal::NotAnUpgrade);
    }
    if !has_token(headers, SEC_WEBSOCKET_VERSION, "13") {
        return Err(Refusal::Version);
    }
    let key = headers.get(SEC_WEBSOCKET_KEY).ok_or(Refusal::NoKey)?;
    let key = derive_accept_key(key.as_bytes());

    service.callers.admit(request)?;
    let path = request.uri().path();
    let Some(route) = service.paths.find(path) else {
        return Err(Refusal::UnknownPath(path.chars().take(MAX_ECHOED_PATH).collect()));
    };
    match service.lifecycle.admit(service.limits.max_sessions) {
        Ok(slot) => Ok(Admitted { key, route: route.clone(), instance: instance(headers), slot }),
        Err(NotAdmitted::Draining) => Err(Refusal::Draining),
        Err(NotAdmitted::Full) => Err(Refusal::Full),
    }
}

/// What the engine side calls the session. It goes into log lines, so nothing else than an id is taken.
fn instance(headers: &HeaderMap) -> Option<Arc<str>> {
    let id = headers.get(INSTANCE)?.to_str().ok()?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    ((1..=MAX_INSTANCE).contains(&id.len()) && id.bytes().all(plain)).then(|| id.into())
}

/// Whether a comma-separated list, perhaps in several headers of one name, holds `token`.
fn has_token(headers: &HeaderMap, name: impl AsHeaderName, token: &str) -> bool {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|item| item.trim().eq_ignore_ascii_case(token))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(id: &str) -> Option<Arc<str>> {
        let value = id.parse().unwrap();
        instance(&HeaderMap::from_iter([(
            tokio_tungstenite::tungstenite::http::HeaderName::from_static(INSTANCE),
            value,
        )]))
    }

    #[test]
    fn only_what_looks_like_an_id_gets_into_the_log() {
        assert_eq!(named("wfi_01a20b").as_deref(), Some("wfi_01a20b"));
        for other in ["", "a b", "a\"}", &"a".repeat(65)] {
            assert_eq!(named(other), None, "{other:?}");
        }
    }
}
