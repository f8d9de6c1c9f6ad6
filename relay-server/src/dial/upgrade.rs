//! From HTTP to WebSocket. Our own, because what a server answers instead of an upgrade is worth keeping: a proxy says in
//! the body why it refused.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use relay_protocol::signature;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::{Response, generate_request};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::handshake::machine::TryParse;
use tokio_tungstenite::tungstenite::http::header::{
    CONNECTION, HeaderMap, HeaderValue, RETRY_AFTER, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_EXTENSIONS,
    SEC_WEBSOCKET_PROTOCOL, UPGRADE, USER_AGENT,
};

use super::error::{Failure, TlsFailure};
use super::link::Stream;
use super::target::Target;

/// The largest head of a reply that is read.
const MAX_HEAD: usize = 16 << 10;
/// By which a workflow server learns what its session is called here.
const INSTANCE: &str = "relay-instance";
/// What is kept of the body of a refusal, and how long it is waited for.
const MAX_BODY: usize = 4 << 10;
const BODY_TIME: Duration = Duration::from_secs(1);

/// What a server answered instead of an upgrade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// `Retry-After`, if it is there and makes sense; relative to when the reply came.
    pub retry_after: Option<Duration>,
    /// The status line and the headers, as text.
    pub head: String,
    /// The first 4 KiB of the body, as text.
    pub body: String,
}

/// Asks for the upgrade. Gives back the stream, with what the server has sent already.
pub(super) async fn upgrade(mut stream: Stream, target: &Target) -> Result<(Stream, Vec<u8>), Failure> {
    let mut request = target.uri.clone().into_client_request().map_err(|_| Failure::NotHttp)?;
    let agent = HeaderValue::from_static(concat!("relay-server/", env!("CARGO_PKG_VERSION")));
    request.headers_mut().insert(USER_AGENT, agent);
    for (name, value) in introduction(target) {
        let value = HeaderValue::try_from(value).map_err(|_| Failure::NotHttp)?;
        request.headers_mut().insert(name, value);
    }
    let (request, key) = generate_request(request).map_err(|_| Failure::NotHttp)?;
    stream.write_all(&request).await.map_err(broken)?;
    stream.flush().await.map_err(broken)?;

    let mut head = Vec::with_capacity(1024);
    loop {
        if stream.read_buf(&mut head).await.map_err(broken)? == 0 {
            return Err(Failure::ClosedEarly);
        }
        match Response::try_parse(&head) {
            Ok(Some((length, response))) => {
                let early = head.split_off(length);
                return match response.status().as_u16() {
                    101 => accepted(response.headers(), &key).map(|()| (stream, early)),
                    _ => Err(Failure::Refused(reply(response, &head, early, stream).await)),
                };
            }
            Ok(None) if head.len() < MAX_HEAD => {}
            _ => return Err(Failure::NotHttp),
        }
    }
}

/// Which instance the connection is for, and the proof that it is us.
fn introduction(target: &Target) -> Vec<(&'static str, String)> {
    let Some(id) = &target.instance else { return Vec::new() };
    let mut headers = vec![(INSTANCE, id.clone())];
    if !target.secrets.is_empty() {
        // Of the real clock, also where the server runs on a virtual one: the other end has no other.
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let path = target.uri.path_and_query().map_or("/", |path| path.as_str());
        headers.push((signature::ID, id.clone()));
        headers.push((signature::TIMESTAMP, now.to_string()));
        headers.push((signature::SIGNATURE, signature::sign(&target.secrets, id, now, path)));
    }
    headers
}

/// The end of a TLS handshake may come this late: a server that wants a certificate says so after the client thinks that
/// all is well.
fn broken(error: std::io::Error) -> Failure {
    match error.get_ref().is_some_and(|inner| inner.is::<rustls::Error>()) {
        true => Failure::Tls(TlsFailure::from_io(error)),
        false => Failure::Broken(error),
    }
}

fn accepted(headers: &HeaderMap, key: &str) -> Result<(), Failure> {
    let token = |name, token: &str| {
        let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|item| item.trim().eq_ignore_ascii_case(token))
    };
    // RFC 6455, 4.1: what was not offered must not be agreed on, and frames would mean something else.
    let unoffered = [SEC_WEBSOCKET_EXTENSIONS, SEC_WEBSOCKET_PROTOCOL];
    let unasked = unoffered.iter().any(|name| headers.get(name).is_some_and(|value| !value.is_empty()));
    let accept = derive_accept_key(key.as_bytes());
    match !unasked
        && token(UPGRADE, "websocket")
        && token(CONNECTION, "upgrade")
        && headers.get(SEC_WEBSOCKET_ACCEPT).is_some_and(|value| value == accept.as_str())
    {
        true => Ok(()),
        false => Err(Failure::NotWebSocket),
    }
}

async fn reply(response: Response, head: &[u8], early: Vec<u8>, mut stream: Stream) -> Reply {
    let mut body = early;
    let rest = async {
        while body.len() < MAX_BODY && stream.read_buf(&mut body).await.is_ok_and(|read| read > 0) {}
    };
    // Whether it is complete does not matter.
    let length =
        response.headers().get("content-length").and_then(|length| length.to_str().ok()?.parse().ok());
    if length != Some(0_u64) {
        let _ = timeout(BODY_TIME, rest).await;
    }
    body.truncate(
        length.map_or(MAX_BODY, |length| usize::try_from(length).unwrap_or(MAX_BODY).min(MAX_BODY)),
    );
    Reply {
        status: response.status().as_u16(),
        retry_after: response.headers().get(RETRY_AFTER).and_then(retry_after),
        head: String::from_utf8_lossy(head).trim_end().to_owned(),
        body: String::from_utf8_lossy(&body).into_owned(),
    }
}

/// Seconds, or a date.
fn retry_after(value: &HeaderValue) -> Option<Duration> {
    let value = value.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(std::time::SystemTime::now()).unwrap_or_default())
}

/// The status, and the first line of the body if there is one.
impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HTTP {}", self.status)?;
        let line = self.body.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
        let line: String = line.chars().filter(|c| !c.is_control()).take(200).collect();
        if line.is_empty() { Ok(()) } else { write!(f, " \"{line}\"") }
    }
}
