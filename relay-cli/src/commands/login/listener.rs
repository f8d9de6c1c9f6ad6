//! The end of a browser's way: a server on this machine that waits for one request.

use std::future::IntoFuture;
use std::net::Ipv4Addr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::page::page;
use crate::client::Back;
use crate::error::{CliError, Exit, Result};

/// The path that the vendor's sign-in leads back to, and so ours, too.
const PATH: &str = "/authorization-code/callback";

/// How long the browser may take to read the last page.
const FAREWELL: Duration = Duration::from_secs(1);

/// Waits for a browser.
pub(super) struct Listener {
    tcp: TcpListener,
    /// Where the browser is to be sent.
    pub(super) uri: String,
}

/// What a browser brings.
#[derive(Deserialize)]
struct Brought {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

impl Listener {
    pub(super) async fn bind(back: &Back) -> Result<Self> {
        let failed = |error| {
            CliError::failed(format_args!("nothing can be received on port {}", back.port))
                .cause(error)
                .next("does another `relay login` wait? Or take a token: relay login --token")
        };
        let tcp = TcpListener::bind((Ipv4Addr::LOCALHOST, back.port)).await.map_err(failed)?;
        let port = tcp.local_addr().map_err(failed)?.port();
        Ok(Self { tcp, uri: format!("http://{}:{port}{PATH}", back.host) })
    }

    /// The code that a browser brings with this state. Others bring nothing: anybody can ask a port.
    pub(super) async fn code(self, state: &str) -> Result<String> {
        let (tell, mut told) = mpsc::channel(1);
        let state = state.to_owned();
        let routes = Router::new()
            .route(PATH, get(async move |Query(brought): Query<Brought>| brought.answer(&state, &tell)))
            .fallback(async || page(StatusCode::NOT_FOUND, "Nothing here", "Relay waits for a sign-in."));
        let over = CancellationToken::new();
        let serve = axum::serve(self.tcp, routes).with_graceful_shutdown(over.clone().cancelled_owned());
        let mut serve = pin!(serve.into_future());
        let code = tokio::select! {
            told = told.recv() => told,
            _ = &mut serve => None,
        };
        over.cancel();
        let _ = timeout(FAREWELL, serve).await; // the page is on its way, or nobody reads it
        code.unwrap_or_else(|| Err(CliError::failed("nothing can be received any more")))
    }
}

impl Brought {
    fn answer(self, state: &str, tell: &mpsc::Sender<Result<String>>) -> Response {
        if self.state.as_deref() != Some(state) {
            let why = "This is not the sign-in that relay waits for. Close this page, and begin again.";
            return page(StatusCode::BAD_REQUEST, "Not signed in", why);
        }
        let (answer, shown) = match (self.code, self.error) {
            (Some(code), None) => (
                Ok(code),
                page(StatusCode::OK, "Signed in", "You can close this page: relay goes on by itself."),
            ),
            (_, error) => {
                let why = self.error_description.or(error).unwrap_or_else(|| "there is no code".into());
                let shown = page(StatusCode::BAD_REQUEST, "Not signed in", &why);
                (Err(CliError::new(Exit::Denied, "you were not signed in").cause(why)), shown)
            }
        };
        // Only the first counts.
        let _ = tell.try_send(answer);
        shown
    }
}
