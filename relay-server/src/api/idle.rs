//! Connections on which nothing happens.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::response::Response;
use hyper::body::{Frame, SizeHint};
use tokio::sync::watch;
use tokio::time::timeout;

/// The requests of one connection that are under way. Clones are of the same connection.
#[derive(Clone, Default)]
pub(super) struct Traffic(watch::Sender<usize>);

impl Traffic {
    /// A request that is under way until this is dropped.
    pub(super) fn begin(&self) -> UnderWay {
        self.0.send_modify(|requests| *requests += 1);
        UnderWay(self.0.clone())
    }

    /// Ends when nothing has been under way for so long.
    pub(super) async fn idle(&self, patience: Duration) {
        let mut changes = self.0.subscribe();
        loop {
            let busy = *changes.borrow_and_update() > 0;
            if timeout(patience, changes.changed()).await.is_err() && !busy {
                return;
            }
        }
    }
}

/// A request, from its head to the last of its answer.
pub(super) struct UnderWay(watch::Sender<usize>);

impl UnderWay {
    /// The answer, which ends this when it is over.
    pub(super) fn until_sent(self, response: Response) -> Response {
        response.map(|body| Body::new(Answer { body, _under_way: self }))
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.send_modify(|requests| *requests -= 1);
    }
}

struct Answer {
    body: Body,
    _under_way: UnderWay,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
