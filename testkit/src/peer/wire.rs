//! The socket, frame by frame.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::task::{Context, Poll};

use futures_util::{SinkExt, StreamExt};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_util::either::Either;

use crate::{Socket, Stream};

pub(super) struct Wire {
    socket: Socket,
    /// Read while a large frame was being written.
    read: VecDeque<Result<Message, Error>>,
}

impl Wire {
    pub(super) fn new(socket: Socket) -> Self {
        Self { socket, read: VecDeque::new() }
    }

    /// Hands a frame over without writing it yet.
    pub(super) async fn feed(&mut self, message: Message) -> Result<(), Error> {
        self.socket.feed(message).await
    }

    /// Writes what was handed over. While the other side takes nothing, reads what it sends: two sides that only write
    /// would wait for each other.
    pub(super) async fn flush(&mut self) -> Result<(), Error> {
        poll_fn(|cx| match self.socket.poll_flush_unpin(cx) {
            Poll::Pending => {
                self.poll_read(cx);
                Poll::Pending
            }
            done => done,
        })
        .await
    }

    fn poll_read(&mut self, cx: &mut Context<'_>) {
        while let Poll::Ready(Some(read)) = self.socket.poll_next_unpin(cx) {
            let failed = read.is_err();
            self.read.push_back(read);
            if failed {
                break;
            }
        }
    }

    /// The next frame, until the connection is gone.
    pub(super) async fn next(&mut self) -> Option<Result<Message, Error>> {
        match self.read.pop_front() {
            Some(read) => Some(read),
            None => self.socket.next().await,
        }
    }

    /// Says that nothing more will be written; errors are of no interest to somebody who leaves.
    pub(super) async fn shut_down(&mut self) {
        let _ = self.socket.get_mut().shutdown().await;
    }

    pub(super) fn into_stream(self) -> Stream {
        self.socket.into_inner()
    }

    /// Drops the connection so that the other side sees it reset.
    pub(super) fn reset(self) -> io::Result<()> {
        self.tcp().set_zero_linger()
    }

    fn tcp(&self) -> &TcpStream {
        match self.socket.get_ref() {
            Either::Left(tcp) => tcp,
            Either::Right(tls) => tls.get_ref().0,
        }
    }
}
