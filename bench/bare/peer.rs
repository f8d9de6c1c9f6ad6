//! The other end of a session, as messages.

use std::borrow::Cow;

use anyhow::{Context, Result};
use futures_util::{SinkExt, StreamExt};
use serde::{Deserialize, Serialize};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use tokio_util::either::Either;

pub type Stream = Either<TcpStream, Box<TlsStream<TcpStream>>>;

pub struct Peer {
    socket: WebSocketStream<Stream>,
    requests: u64,
}

/// What these workflows ask.
#[derive(Serialize)]
#[serde(tag = "_type")]
pub enum Request<'a> {
    #[serde(rename = "wf_api_get_var_request")]
    GetVar { _id: &'a str, name: &'a str },
    #[serde(rename = "wf_api_start_interaction_request")]
    StartInteraction { _id: &'a str, _target: Target<'a>, name: &'a str },
    #[serde(rename = "wf_api_say_request")]
    Say { _id: &'a str, _target: Target<'a>, text: &'a str, lang: &'a str },
    #[serde(rename = "wf_api_end_interaction_request")]
    EndInteraction { _id: &'a str, _target: Target<'a> },
    #[serde(rename = "wf_api_terminate_request")]
    Terminate { _id: &'a str },
}

#[derive(Serialize)]
pub struct Target<'a> {
    pub uris: [&'a str; 1],
}

/// The fields that these workflows look at, of whatever message.
#[derive(Deserialize)]
pub struct Frame<'a> {
    #[serde(rename = "_type", borrow)]
    pub name: Cow<'a, str>,
    #[serde(rename = "_id", borrow)]
    pub request: Option<Cow<'a, str>>,
    #[serde(rename = "type", borrow)]
    pub kind: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub source_uri: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub value: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub trigger: Option<Trigger<'a>>,
}

#[derive(Deserialize)]
pub struct Trigger<'a> {
    #[serde(borrow)]
    pub args: Args<'a>,
}

#[derive(Deserialize)]
pub struct Args<'a> {
    #[serde(borrow)]
    pub source_uri: Option<Cow<'a, str>>,
}

impl<'a> Frame<'a> {
    pub fn read(text: &'a str) -> Result<Self> {
        Ok(serde_json::from_str(text)?)
    }

    /// Whether this answers the request `id`.
    pub fn answers(&self, id: &str) -> bool {
        self.request.as_deref() == Some(id)
    }

    pub fn is_event(&self, name: &str, kind: &str) -> bool {
        self.name == name && self.kind.as_deref() == Some(kind)
    }
}

impl Peer {
    pub fn new(socket: WebSocketStream<Stream>) -> Self {
        Self { socket, requests: 0 }
    }

    /// The next message.
    pub async fn hear(&mut self) -> Result<Utf8Bytes> {
        loop {
            if let Message::Text(text) = self.socket.next().await.context("the peer is gone")?? {
                return Ok(text);
            }
        }
    }

    /// Sends a request; its id is in the answer.
    pub async fn ask(&mut self, request: impl FnOnce(&str) -> String) -> Result<String> {
        let id = self.queue(request).await?;
        self.socket.flush().await?;
        Ok(id)
    }

    /// [`ask`](Self::ask) without writing to the network yet.
    pub async fn queue(&mut self, request: impl FnOnce(&str) -> String) -> Result<String> {
        self.requests += 1;
        let id = format!("{:032x}", self.requests);
        self.socket.feed(Message::text(request(&id))).await?;
        Ok(id)
    }

    pub async fn flush(&mut self) -> Result<()> {
        Ok(self.socket.flush().await?)
    }

    pub async fn terminate(&mut self) -> Result<()> {
        self.ask(|id| json(&Request::Terminate { _id: id })).await?;
        loop {
            let text = self.hear().await?;
            if Frame::read(&text)?.name == "wf_api_stop_event" {
                break;
            }
        }
        // It is the peer who closes; reading on answers it.
        while let Some(Ok(_)) = self.socket.next().await {}
        Ok(())
    }
}

pub fn json(request: &Request<'_>) -> String {
    serde_json::to_string(request).unwrap_or_default()
}
