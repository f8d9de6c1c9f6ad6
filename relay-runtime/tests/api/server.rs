//! A server that answers as it is told and remembers what it was asked.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, RETRY_AFTER};
use hyper::service::service_fn;
use hyper::{HeaderMap, Request, Response};
use hyper_util::rt::TokioIo;
use relay_runtime::api::{Client, ClientBuilder};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// A request as it came in.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// Method, path and query, as in `GET /a?b=c`.
    pub(crate) line: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn is_exchange(&self) -> bool {
        self.line == "POST /oauth2/token"
    }
}

/// What is answered.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    status: u16,
    body: String,
    retry_after: Option<&'static str>,
    hang_up: bool,
}

pub(crate) fn told(status: u16, body: impl ToString) -> Told {
    Told { status, body: body.to_string(), retry_after: None, hang_up: false }
}

/// The connection breaks instead of an answer.
pub(crate) fn hang_up() -> Told {
    Told { hang_up: true, ..told(200, "") }
}

impl Told {
    pub(crate) fn retry_after(self, value: &'static str) -> Self {
        Self { retry_after: Some(value), ..self }
    }
}

type Script = dyn Fn(&Asked) -> Told + Send + Sync;

/// A running server.
#[derive(Clone)]
pub(crate) struct Server {
    addr: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    script: Arc<Script>,
}

impl Server {
    /// Answers each request by itself.
    pub(crate) async fn with(script: impl Fn(&Asked) -> Told + Send + Sync + 'static) -> Self {
        Self::listen(None, script).await
    }

    /// Answers in this order; the last answer is given again and again.
    pub(crate) async fn telling<const N: usize>(answers: [Told; N]) -> Self {
        let next = Mutex::new(0);
        Self::with(move |_| {
            let mut next = next.lock().unwrap();
            let answer = answers[*next].clone();
            *next = (*next + 1).min(N - 1);
            answer
        })
        .await
    }

    pub(crate) async fn listen(
        tls: Option<TlsAcceptor>,
        script: impl Fn(&Asked) -> Told + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let server = Self { addr, asked: Arc::default(), script: Arc::new(script) };
        let accepting = server.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (server, tls) = (accepting.clone(), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => server.serve(socket).await,
                        Some(tls) => {
                            if let Ok(socket) = tls.accept(socket).await {
                                server.serve(socket).await;
                            }
                        }
                    }
                });
            }
        });
        server
    }

    async fn serve(self, socket: impl AsyncRead + AsyncWrite + Unpin) {
        let service = service_fn(|request| self.answer(request));
        // An error is a test that hangs up, or a client that does not trust us.
        let _ =
            hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(socket), service).await;
    }

    async fn answer(&self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, &'static str> {
        let (head, body) = request.into_parts();
        let body = body.collect().await.map_err(|_| "broken request")?.to_bytes();
        let asked = Asked {
            line: format!("{} {}", head.method, head.uri),
            headers: head.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        };
        let told = (self.script)(&asked);
        self.asked.lock().unwrap().push(asked);
        if told.hang_up {
            return Err("hang up");
        }
        let mut response = Response::builder().status(told.status).header(CONTENT_TYPE, "application/json");
        if let Some(value) = told.retry_after {
            response = response.header(RETRY_AFTER, value);
        }
        Ok(response.body(Full::from(told.body)).unwrap())
    }

    pub(crate) fn port(&self) -> u16 {
        self.addr.port()
    }

    /// A client of this server, without credentials.
    pub(crate) fn client(&self) -> ClientBuilder {
        Client::builder().host(format!("http://{}", self.addr)).subscriber_id("S 1").retries(1)
    }

    /// All requests so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// The first lines of all requests so far.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.line).collect()
    }
}
