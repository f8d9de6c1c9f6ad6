//! The other side: an engine that does what a test tells it to.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use relay_protocol::session::{Asked, EngineSession, SessionConfig, Timestamp, Token, Transmit};
use relay_protocol::types::{self, TriggerType};
use relay_protocol::{Event, Response, event};
use relay_runtime::server::Limits;
use relay_runtime::workflow::Routes;
use relay_runtime::workflow::trigger::Trigger;
use relay_runtime::{Context, Server};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use crate::common::peer::dial;
use crate::common::serving::Serving;

/// Time does not matter to an engine that never pings.
const NOW: Timestamp = Timestamp::ZERO;

/// No test waits longer for what must come.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server whose one workflow hands its context to the test.
pub(crate) struct Relay {
    server: Serving,
    contexts: UnboundedReceiver<Context>,
}

impl Relay {
    pub(crate) async fn start() -> Self {
        Self::serve(|routes| routes, Limits::default()).await
    }

    /// With more handlers.
    pub(crate) async fn serve(more: impl FnOnce(Routes<()>) -> Routes<()>, limits: Limits) -> Self {
        let (sender, contexts) = unbounded_channel();
        let hand_over = move |cx: Context| {
            let sender = sender.clone();
            async move {
                sender.send(cx.clone()).unwrap();
                cx.closed().await;
            }
        };
        let routes = more(Routes::new("test").trigger(Trigger::any(), hand_over));
        Self { server: Serving::start(Server::builder().workflow(routes).limits(limits)).await, contexts }
    }

    /// A session, from both sides.
    pub(crate) async fn session(&mut self) -> (Context, Engine) {
        let mut engine = Engine {
            socket: dial(self.server.addr, "/test").await.unwrap(),
            session: EngineSession::new(NOW, SessionConfig::default()),
        };
        engine.socket.get_ref().set_nodelay(true).unwrap(); // each frame at once, like a real engine
        engine.session.start(NOW, event::Start::new(types::Trigger::new(TriggerType::Http))).unwrap();
        engine.flush().await;
        (patiently(self.contexts.recv()).await.unwrap(), engine)
    }
}

/// A session on a server of its own.
pub(crate) async fn session() -> (Context, Engine) {
    Relay::start().await.session().await
}

/// Fails the test instead of letting it wait for ever.
pub(crate) async fn patiently<F: IntoFuture>(future: F) -> F::Output {
    tokio::time::timeout(PATIENCE, future).await.expect("what the test waits for does not come")
}

pub(crate) struct Engine {
    socket: WebSocketStream<TcpStream>,
    session: EngineSession,
}

/// A request that was sent.
pub(crate) struct Request {
    pub(crate) token: Token,
    pub(crate) id: String,
    /// The frame as it came, without the id, which is random.
    pub(crate) frame: Value,
}

impl Engine {
    /// The next request. It must be one that the schema knows.
    pub(crate) async fn request(&mut self) -> Request {
        let frame = self.frame().await;
        match self.session.poll_asked() {
            Some(Asked::Request { token, id, .. }) => Request { token, id, frame },
            other => panic!("not a request that the schema knows: {other:?}"),
        }
    }

    /// The next message without its id.
    pub(crate) async fn frame(&mut self) -> Value {
        let text = loop {
            match patiently(self.socket.next()).await {
                Some(Ok(Message::Text(text))) => break text,
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                other => panic!("not a message: {other:?}"),
            }
        };
        self.session.handle_text(NOW, &text);
        let mut frame: Value = serde_json::from_str(&text).unwrap();
        frame.as_object_mut().unwrap().remove("_id").expect("a request has an id");
        frame
    }

    /// Answers a request.
    pub(crate) async fn respond(&mut self, request: &Request, response: impl Into<Response>) {
        self.session.respond(NOW, request.token, response).unwrap();
        self.flush().await;
    }

    /// Takes the next request, which must be called so, and answers it.
    pub(crate) async fn answer(&mut self, response: impl Into<Response>) -> Request {
        let response = response.into();
        let request = self.request().await;
        assert_eq!(request.frame["_type"], format!("wf_api_{}_request", response.name()));
        self.respond(&request, response).await;
        request
    }

    pub(crate) async fn refuse(&mut self, request: &Request, error: &str) {
        self.session.refuse(NOW, request.token, error).unwrap();
        self.flush().await;
    }

    pub(crate) async fn progress(&mut self, request: &Request) {
        self.session.progress(NOW, request.token).unwrap();
        self.flush().await;
    }

    pub(crate) async fn emit(&mut self, event: impl Into<Event>) {
        self.session.emit(NOW, event).unwrap();
        self.flush().await;
    }

    pub(crate) async fn stop(&mut self) {
        self.session.stop(NOW, "normal").unwrap();
        self.flush().await;
    }

    async fn flush(&mut self) {
        while let Some(transmit) = self.session.poll_transmit() {
            let message = match transmit {
                Transmit::Text(text) => Message::text(text),
                Transmit::Close { .. } => Message::Close(None),
                other => panic!("nothing else is sent: {other:?}"),
            };
            self.socket.send(message).await.unwrap();
        }
    }
}
