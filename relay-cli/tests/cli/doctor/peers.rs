//! Workflow servers that do one thing each, mostly wrong.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Message, WebSocket, accept};

use super::chains::Chain;

/// What a server does once it is connected.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Behaviour {
    /// A workflow that begins an interaction.
    Workflow,
    /// Closes with this code when it is started.
    Close(u16, &'static str),
    HangUpOnStart,
    /// Asks nothing.
    SilentStart,
    /// Ends at once.
    Terminate,
    /// Says something else than Relay.
    Nonsense,
    /// Answers with this status and text.
    Http(u16, &'static str),
    HangUp,
    /// Answers something else than HTTP.
    Garbage,
    /// Reads, and never answers.
    Silent,
    /// Knows TLS 1.0 only.
    OldTls,
}

/// A server on loopback. Its thread ends with the process.
pub(crate) struct Peer {
    addr: SocketAddr,
    encrypted: bool,
    authority: String,
    started: Arc<Mutex<String>>,
}

impl Peer {
    pub(crate) fn start(chain: Option<Chain>, behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let peer = Self {
            addr: listener.local_addr().unwrap(),
            encrypted: chain.is_some(),
            authority: chain.as_ref().map(|chain| chain.authority.clone()).unwrap_or_default(),
            started: Arc::default(),
        };
        let tls = chain.map(config);
        let started = peer.started.clone();
        thread::spawn(move || {
            for tcp in listener.incoming().map_while(Result::ok) {
                let (tls, started) = (tls.clone(), started.clone());
                // A client that goes away in between is no fault.
                thread::spawn(move || serve(tcp, tls, behaviour, &started));
            }
        });
        peer
    }

    /// A port on which nothing listens any more.
    pub(crate) fn gone() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let addr = listener.local_addr().unwrap();
        Self { addr, encrypted: false, authority: String::new(), started: Arc::default() }
    }

    pub(crate) fn uri(&self) -> String {
        format!("{}://{}/hello", if self.encrypted { "wss" } else { "ws" }, self.addr)
    }

    pub(crate) fn port(&self) -> u16 {
        self.addr.port()
    }

    pub(crate) fn authority(&self) -> String {
        self.authority.clone()
    }

    /// The trigger's type and phrase.
    pub(crate) fn started_by(&self) -> String {
        self.started.lock().unwrap().clone()
    }
}

fn config(chain: Chain) -> Arc<ServerConfig> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    Arc::new(config.with_no_client_auth().with_single_cert(chain.certificates, chain.key).unwrap())
}

fn serve(
    mut tcp: TcpStream,
    tls: Option<Arc<ServerConfig>>,
    behaviour: Behaviour,
    started: &Mutex<String>,
) -> Option<()> {
    match (behaviour, tls) {
        (Behaviour::Silent, _) => while tcp.read(&mut [0; 1024]).ok()? > 0 {},
        (Behaviour::OldTls, _) => {
            let _ = tcp.read(&mut [0; 1024]).ok()?;
            // A fatal alert in a record of TLS 1.0: protocol_version.
            tcp.write_all(&[21, 3, 1, 0, 2, 2, 70]).ok()?;
            while tcp.read(&mut [0; 1024]).ok()? > 0 {}
        }
        (_, Some(tls)) => {
            let connection = ServerConnection::new(tls).ok()?;
            behave(StreamOwned::new(connection, tcp), behaviour, started)?;
        }
        (_, None) => behave(tcp, behaviour, started)?,
    }
    Some(())
}

fn behave(mut stream: impl Read + Write, behaviour: Behaviour, started: &Mutex<String>) -> Option<()> {
    let answer = match behaviour {
        Behaviour::Http(status, body) => {
            let length = body.len();
            format!("HTTP/1.1 {status} Some\r\nLocation: /there\r\nContent-Length: {length}\r\n\r\n{body}")
        }
        Behaviour::Garbage => "SSH-2.0-OpenSSH_9.6\r\n\r\n".to_owned(),
        Behaviour::HangUp => String::new(),
        _ => return converse(accept(stream).ok()?, behaviour, started),
    };
    let _ = stream.read(&mut [0; 4096]).ok()?;
    stream.write_all(answer.as_bytes()).ok()?;
    stream.flush().ok()
}

fn converse(
    mut socket: WebSocket<impl Read + Write>,
    behaviour: Behaviour,
    started: &Mutex<String>,
) -> Option<()> {
    let start: Value = serde_json::from_str(socket.read().ok()?.to_text().ok()?).ok()?;
    let trigger = &start["trigger"];
    *started.lock().ok()? = [&trigger["type"], &trigger["args"]["phrase"]]
        .map(|part| part.as_str().unwrap_or_default())
        .join(" ");
    let say = |frame: Value| Message::text(frame.to_string());
    let first = match behaviour {
        Behaviour::HangUpOnStart => return None,
        Behaviour::Close(code, reason) => {
            Message::Close(Some(CloseFrame { code: code.into(), reason: reason.into() }))
        }
        Behaviour::Terminate => say(json!({ "_type": "wf_api_terminate_request", "_id": "1" })),
        Behaviour::Nonsense => say(json!({ "hello": "world" })),
        Behaviour::SilentStart => Message::Ping(Vec::new().into()),
        _ => say(json!({
            "_type": "wf_api_start_interaction_request", "_id": "1", "name": "hello",
            "_target": { "uris": ["urn:relay-resource:name:device:doctor"] },
        })),
    };
    socket.send(first).ok()?;
    while socket.read().is_ok() {}
    Some(())
}
