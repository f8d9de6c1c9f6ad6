//! A task for each live connection: frames in, frames out, and nothing else.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::task::AtomicWaker;
use relay_engine::InstanceKey;
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::{Sleep, sleep};

use super::handle::Input;
use super::outbox::{Outbox, Taken};
use crate::dial::{Link, Received};

/// Messages of one connection that may wait for the engine, and how large they may be together; a single one may be
/// larger. One that floods waits for itself, not others for it.
const MAX_WAITING: usize = 32;
const MAX_WAITING_BYTES: usize = 256 << 10;
/// What is read or written before others get their turn.
const ROUNDS: usize = 16;
/// How long a workflow that is over may take for the last bytes and the close, after the engine has let go of it.
const LINGER: Duration = Duration::from_secs(5);

/// What a connection has to say to the account.
#[derive(Debug)]
pub(super) struct Heard {
    pub(super) instance: InstanceKey,
    pub(super) received: Received,
    /// Comes back when this is dropped.
    _permit: Permit,
}

/// Lets a connection know that its message was taken.
#[derive(Debug)]
struct Permit {
    flow: Arc<Flow>,
    bytes: usize,
}

/// What a connection has said that was not listened to yet.
#[derive(Debug, Default)]
struct Flow {
    waiting: AtomicUsize,
    bytes: AtomicUsize,
    /// The connection wants to know when there is room.
    held: AtomicBool,
    room: AtomicWaker,
}

impl Flow {
    fn permit(self: &Arc<Self>, bytes: usize) -> Permit {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        self.bytes.fetch_add(bytes, Ordering::SeqCst);
        Permit { flow: self.clone(), bytes }
    }

    fn has_room(&self) -> bool {
        self.waiting.load(Ordering::SeqCst) < MAX_WAITING
            && self.bytes.load(Ordering::SeqCst) < MAX_WAITING_BYTES
    }

    fn poll_room(&self, cx: &mut Context<'_>) -> Poll<()> {
        if self.has_room() {
            return Poll::Ready(());
        }
        self.room.register(cx.waker());
        self.held.store(true, Ordering::SeqCst);
        // It may have been made in between.
        if self.has_room() { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.flow.waiting.fetch_sub(1, Ordering::SeqCst);
        self.flow.bytes.fetch_sub(self.bytes, Ordering::SeqCst);
        if self.flow.held.swap(false, Ordering::SeqCst) {
            self.flow.room.wake();
        }
    }
}

pub(super) struct Connection {
    link: Link,
    instance: InstanceKey,
    account: UnboundedSender<Input>,
    outbox: Outbox,
    flow: Arc<Flow>,
    reading: Reading,
    writing: Writing,
    linger: Option<Pin<Box<Sleep>>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    Frames,
    /// What comes is of no interest any more, but must be read for the close to be seen.
    Discarding,
    Done,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Writing {
    Open,
    /// A message was taken, and must leave before the next: some official SDKs lose the second of two in one read.
    Flushing,
    /// The engine has let go; what is buffered leaves, then the connection is shut down.
    Closing,
    Done,
}

impl Connection {
    pub(super) fn new(
        link: Link,
        instance: InstanceKey,
        account: UnboundedSender<Input>,
        outbox: Outbox,
    ) -> Self {
        Self {
            link,
            instance,
            account,
            outbox,
            flow: Arc::default(),
            reading: Reading::Frames,
            writing: Writing::Open,
            linger: None,
        }
    }

    fn poll_read(&mut self, cx: &mut Context<'_>) -> bool {
        match self.reading {
            Reading::Frames => {}
            Reading::Discarding => {
                let done = self.link.poll_discard(cx).is_ready();
                if done {
                    self.reading = Reading::Done;
                    self.tell(Received::Broken);
                }
                return done;
            }
            Reading::Done => return false,
        }
        if self.flow.poll_room(cx).is_pending() {
            return false;
        }
        let Poll::Ready(received) = self.link.poll_receive(cx) else { return false };
        match received {
            Received::Oversized { .. } | Received::Invalid { .. } => self.reading = Reading::Discarding,
            Received::Close(_) | Received::Broken => self.reading = Reading::Done,
            // The answer to a ping is in the buffer; the flush takes it out.
            Received::Alive if self.writing == Writing::Open => self.writing = Writing::Flushing,
            _ => {}
        }
        if matches!(received, Received::Broken) {
            self.writing = Writing::Done;
        }
        self.tell(received);
        true
    }

    fn tell(&mut self, received: Received) {
        let bytes = match &received {
            Received::Text(text) => text.len(),
            Received::Binary(bytes) => bytes.len(),
            _ => 0,
        };
        let heard = Heard { instance: self.instance, received, _permit: self.flow.permit(bytes) };
        if self.account.send(Input::Heard(heard)).is_err() {
            // The server is gone.
            (self.reading, self.writing) = (Reading::Done, Writing::Done);
        }
    }

    fn poll_write(&mut self, cx: &mut Context<'_>) -> bool {
        let result = match self.writing {
            Writing::Done => return false,
            Writing::Flushing => match self.link.poll_flush(cx) {
                Poll::Ready(Ok(())) => {
                    self.writing = Writing::Open;
                    return true;
                }
                Poll::Ready(Err(gone)) => Err(gone),
                Poll::Pending => return false,
            },
            Writing::Closing => {
                let flushed = match self.link.poll_flush(cx) {
                    Poll::Ready(Ok(())) => self.link.poll_shutdown(cx),
                    Poll::Ready(Err(_)) => Poll::Ready(()),
                    Poll::Pending => Poll::Pending,
                };
                if flushed.is_ready() {
                    self.writing = Writing::Done;
                }
                return flushed.is_ready();
            }
            Writing::Open => match self.link.poll_ready(cx) {
                Poll::Ready(Ok(())) => match self.outbox.poll_take(cx) {
                    Poll::Ready(Taken::Transmit(transmit)) => {
                        self.writing = Writing::Flushing;
                        self.link.send(transmit)
                    }
                    Poll::Ready(Taken::Released) => {
                        self.writing = Writing::Closing;
                        Ok(())
                    }
                    Poll::Pending => return false,
                },
                Poll::Ready(Err(gone)) => Err(gone),
                Poll::Pending => return false,
            },
        };
        if result.is_err() {
            self.writing = Writing::Done;
            if self.reading != Reading::Done {
                self.reading = Reading::Done;
                self.tell(Received::Broken);
            }
        }
        true
    }

    /// A workflow that neither reads nor closes keeps its connection for a while, not for ever.
    fn poll_linger(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if !matches!(self.writing, Writing::Closing | Writing::Done) && !self.outbox.is_released() {
            return Poll::Pending;
        }
        self.linger.get_or_insert_with(|| Box::pin(sleep(LINGER))).as_mut().poll(cx)
    }
}

impl Future for Connection {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        for _ in 0..ROUNDS {
            let busy = this.poll_write(cx) | this.poll_read(cx);
            if this.writing == Writing::Done && this.reading == Reading::Done {
                return Poll::Ready(());
            }
            if !busy {
                return this.poll_linger(cx);
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}
