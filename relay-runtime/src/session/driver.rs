//! The one task of a session.
//!
//! Each poll reads what came, hands events to handlers, runs handlers, writes what must go and acts on what is due, and
//! does it again while there is a reason to. Reading never waits for handlers: answers come on the same stream as
//! events, and a handler may be waiting for one.

use std::collections::hash_map::RandomState;
use std::future::Future;
use std::hash::BuildHasher;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, Waker};

use futures_util::{Sink, Stream};
use relay_protocol::request::Terminate;
use relay_protocol::session::{Incoming as Message, RequestOptions, Timestamp, Transmit, WorkflowSession};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::{CapacityError, Error as WsError, ProtocolError};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Bytes, Message as Frame};
use tokio_util::sync::WaitForCancellationFutureOwned;
use tracing::{Span, debug, error, info_span, warn};

use super::alarm::Alarm;
use super::closing::Closing;
use super::handlers::{HandlerFailure, Handlers, guard};
use super::observe::Probes;
use super::{SessionEnd, SessionInfo, SessionSettings, Shared};
use crate::workflow::{AfterError, AnyWorkflow, HandlerFailed, Incoming, Instance, NoTrigger};
use crate::{Context, Error, metrics};

/// Frames taken in a row before handlers get their turn.
const READ_BURST: usize = 32;
/// Rounds before the task lets others run.
const ROUNDS: usize = 64;
/// Stands for the handler where making its parameters panicked.
const PARAMETERS: &str = "parameters";

/// Drives a session to its end. `closing` asks it to close the connection with code 1001.
pub(crate) fn run<S>(
    socket: WebSocketStream<S>,
    workflow: &dyn AnyWorkflow,
    info: SessionInfo,
    settings: Arc<SessionSettings>,
    closing: Closing,
) -> impl Future<Output = SessionEnd> + use<S>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let instance = info.instance.as_deref();
    let span = info_span!("session", number = info.number, workflow = &*info.workflow, instance);
    let protocol = settings.protocol.clone();
    // Ids need only differ within their connection; std's hasher has randomness enough for that.
    let number = info.number;
    let mut ids = || RandomState::new().hash_one(number);
    let shared = Shared::new(|now| WorkflowSession::new(now, protocol, &mut ids), info);
    let waker = Waker::from(shared.clone());
    Driver {
        probes: Probes::new(&settings.observers, &shared),
        socket,
        context: Context::new(shared.clone(), settings.states.clone()),
        closing: Some((closing.call(&waker), closing)),
        waker,
        shared,
        settings,
        instance: workflow.begin(),
        handlers: Handlers::default(),
        alarm: Alarm::default(),
        grace_ends: None,
        closed: false,
        reading: Reading::Frames,
        writing: true,
        flushed: true,
        span,
    }
}

struct Driver<S> {
    socket: WebSocketStream<S>,
    shared: Arc<Shared>,
    context: Context,
    settings: Arc<SessionSettings>,
    instance: Box<dyn Instance>,
    handlers: Handlers,
    /// Of the handlers, and of whatever else may call the session.
    waker: Waker,
    probes: Probes,
    alarm: Alarm,
    /// When handlers that outlive their session are dropped.
    grace_ends: Option<Timestamp>,
    /// What calls the session for it, and where it is said; `None` once it was.
    closing: Option<(Pin<Box<WaitForCancellationFutureOwned>>, Closing)>,
    /// Whether the session was over when its deadlines were last looked at.
    closed: bool,
    reading: Reading,
    writing: bool,
    flushed: bool,
    span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    Frames,
    /// What the peer sends is of no interest any more.
    Discarding,
    Done,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Future for Driver<S> {
    type Output = SessionEnd;

    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<SessionEnd> {
        let this = self.get_mut();
        // Taken out and not cloned: a subscriber counts the references to its spans, somewhere in a table.
        let span = std::mem::replace(&mut this.span, Span::none());
        let polled = span.in_scope(|| this.poll_turn(cx));
        this.span = span;
        polled
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Driver<S> {
    fn poll_turn(&mut self, cx: &mut TaskContext<'_>) -> Poll<SessionEnd> {
        self.shared.turn.begin(cx.waker());
        let mut more = true;
        for _ in 0..ROUNDS {
            more = more && self.poll_read(cx);
            let called = self.shared.turn.take_call();
            if called {
                self.poll_closing();
            }
            if self.dispatch() || called {
                // Those that ended make room for others.
                while self.poll_handlers() && self.dispatch() {}
            }
            self.shared.turn.write_output();
            self.poll_write(cx);
            // Last, as all of the above may bring new deadlines. One that ends the session leaves a close frame to write.
            let due = self.poll_timer();
            if !more && !due && self.shared.turn.end() {
                return self.ended().map_or(Poll::Pending, Poll::Ready);
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    fn poll_closing(&mut self) {
        if self.closing.take_if(|(_, closing)| closing.is_said()).is_some() {
            self.close(1001, "the server is shutting down");
        }
    }

    /// Whether there may be more to read without waiting.
    fn poll_read(&mut self, cx: &mut TaskContext<'_>) -> bool {
        match self.reading {
            Reading::Frames => {
                let more = self.poll_frames(cx);
                self.shared.lock().wake();
                more
            }
            Reading::Discarding => self.poll_discard(cx),
            Reading::Done => false,
        }
    }

    fn poll_frames(&mut self, cx: &mut TaskContext<'_>) -> bool {
        for _ in 0..READ_BURST {
            let Poll::Ready(frame) = Pin::new(&mut self.socket).poll_next(cx) else { return false };
            let now = self.shared.now();
            let mut state = self.shared.lock();
            let state = &mut *state;
            let session = &mut state.session;
            match frame {
                Some(Ok(Frame::Text(text))) => {
                    self.shared.info.metrics.received.increment(text.len() as u64);
                    self.probes.each(|probe| probe.received(now, &text));
                    state.handle_text(now, &text);
                }
                Some(Ok(Frame::Binary(bytes))) => {
                    self.shared.info.metrics.received.increment(bytes.len() as u64);
                    self.probes.each(|probe| probe.received(now, &String::from_utf8_lossy(&bytes)));
                    state.handle_binary(now, &bytes);
                }
                Some(Ok(Frame::Ping(_))) => {
                    session.handle_pong(now);
                    self.flushed = false; // the answer is in the socket's buffer
                }
                Some(Ok(Frame::Pong(_) | Frame::Frame(_))) => session.handle_pong(now),
                Some(Ok(Frame::Close(frame))) => {
                    session.handle_disconnect(now, frame.map(|frame| frame.code.into()));
                    self.reading = Reading::Done;
                    self.flushed = false; // as is the answer to this one
                }
                Some(Err(WsError::Capacity(CapacityError::MessageTooLong { size, .. }))) => {
                    session.handle_oversized(now, size);
                    self.reading = Reading::Discarding;
                }
                Some(Err(WsError::Utf8(_))) => {
                    session.close(now, 1007, "text that is not UTF-8");
                    self.reading = Reading::Discarding;
                }
                Some(Err(WsError::Protocol(error)))
                    if error != ProtocolError::ResetWithoutClosingHandshake =>
                {
                    session.close(now, 1002, &error.to_string());
                    self.reading = Reading::Discarding;
                }
                Some(Err(error)) => {
                    debug!(%error, "the connection broke");
                    session.handle_disconnect(now, None);
                    (self.reading, self.writing) = (Reading::Done, false);
                }
                None => {
                    session.handle_disconnect(now, None);
                    (self.reading, self.writing) = (Reading::Done, false);
                }
            }
            if self.reading != Reading::Frames {
                break;
            }
        }
        self.reading != Reading::Done
    }

    /// Reads on without looking, until the peer has closed: unread bytes would make the kernel reset the connection, and
    /// the peer would never see why it was closed. The session's close deadline bounds it.
    fn poll_discard(&mut self, cx: &mut TaskContext<'_>) -> bool {
        let mut scratch = [0; 4096];
        let mut scratch = ReadBuf::new(&mut scratch);
        match Pin::new(self.socket.get_mut()).poll_read(cx, &mut scratch) {
            Poll::Pending => false,
            Poll::Ready(Ok(())) if !scratch.filled().is_empty() => true,
            Poll::Ready(_) => {
                self.reading = Reading::Done;
                let now = self.shared.now();
                self.shared.lock().session.handle_disconnect(now, None);
                true
            }
        }
    }

    /// Whether deadlines were looked at, since one may have passed.
    fn poll_timer(&mut self) -> bool {
        let Some(due) = self.next_deadline() else {
            self.alarm.disarm();
            return false;
        };
        if !self.alarm.rings(due, &self.shared, &self.waker) {
            return false;
        }
        let mut state = self.shared.lock();
        state.session.handle_timeout(self.shared.now());
        state.wake();
        true
    }

    fn next_deadline(&mut self) -> Option<Timestamp> {
        let state = self.shared.lock();
        let session = state.session.poll_timeout().map(|(due, _)| due);
        self.closed = state.session.closed().is_some();
        drop(state);
        session.into_iter().chain(self.grace()).min()
    }

    /// Gives events to the instance, which may start a handler for each. Whether it started any.
    fn dispatch(&mut self) -> bool {
        let mut started_any = false;
        while self.handlers.len() < self.settings.max_handlers {
            let mut state = self.shared.lock();
            let Some(message) = state.session.poll_event() else { break };
            if let Message::Event(event) = &message {
                state.note(event);
            }
            drop(state);
            let incoming = match &message {
                Message::Event(event) => Incoming::Event(event),
                Message::Unrecognised(unrecognised) => {
                    debug!(?unrecognised, "a message that is not recognised");
                    Incoming::Unrecognised(unrecognised)
                }
                _ => continue,
            };
            match guard(|| self.instance.handle(&self.context, incoming)) {
                Ok(Some(run)) => {
                    self.probes.each(|probe| probe.handler_started(run.handler));
                    self.handlers.start(run);
                    started_any = true;
                }
                Ok(None) => {}
                Err(failure) => {
                    self.probes.each(|probe| probe.handler_ended(PARAMETERS, Some(&failure)));
                    self.failed(PARAMETERS, &failure);
                }
            }
        }
        started_any
    }

    /// Whether handlers ended, and made room for others.
    fn poll_handlers(&mut self) -> bool {
        let mut ended_any = false;
        while let Poll::Ready(ended) = self.handlers.poll_ended(&mut TaskContext::from_waker(&self.waker)) {
            ended_any = true;
            self.probes.each(|probe| probe.handler_ended(ended.handler, ended.result.as_ref().err()));
            if let Err(failure) = ended.result {
                self.failed(ended.handler, &failure);
            }
        }
        ended_any
    }

    fn failed(&mut self, handler: &'static str, failure: &HandlerFailure) {
        let workflow = &self.shared.info.workflow;
        let after = match failure {
            HandlerFailure::Error(error) => {
                metrics::handler_failed(workflow, handler);
                self.after(handler, error)
            }
            HandlerFailure::Panic(_) => {
                metrics::handler_panicked(workflow, handler);
                AfterError::Stop
            }
        };
        match after {
            AfterError::Stop => {
                error!(handler, %failure, "a handler failed; the workflow is terminated");
                self.fail();
            }
            AfterError::Continue => error!(handler, %failure, "a handler failed; the workflow goes on"),
        }
    }

    /// What the policy says.
    fn after(&self, handler: &'static str, error: &Error) -> AfterError {
        // Nobody else would ever end such a session.
        if error.downcast_ref::<NoTrigger>().is_some() {
            return AfterError::Stop;
        }
        let SessionInfo { workflow, number, on_error, .. } = &self.shared.info;
        let failed = HandlerFailed { workflow, handler, session: *number, error };
        guard(|| on_error.decide(&failed)).unwrap_or_else(|failure| {
            error!(%failure, "the policy for failed handlers failed itself");
            AfterError::Stop
        })
    }

    /// A device must not stay captured by a workflow that is broken: ask for the end of it. The session sees to it that
    /// it comes.
    fn fail(&self) {
        let now = self.shared.now();
        let options = RequestOptions::end_of::<Terminate>();
        if let Err(refused) = self.shared.lock().session.request(now, &[], &Terminate::new(), options) {
            debug!(%refused, "nothing to terminate");
        }
    }

    fn close(&self, code: u16, reason: &str) {
        let now = self.shared.now();
        let mut state = self.shared.lock();
        state.session.close(now, code, reason);
        state.wake();
    }

    fn poll_write(&mut self, cx: &mut TaskContext<'_>) {
        while self.writing {
            match Pin::new(&mut self.socket).poll_ready(cx) {
                Poll::Ready(Ok(())) => {}
                Poll::Ready(Err(error)) => return self.broken(&error),
                Poll::Pending => return,
            }
            let Some(transmit) = self.shared.lock().session.poll_transmit() else { break };
            let frame = match transmit {
                Transmit::Text(text) => {
                    self.shared.info.metrics.sent.increment(text.len() as u64);
                    self.probes.each(|probe| probe.sent(self.shared.now(), &text));
                    Frame::Text(text.into())
                }
                Transmit::Ping => Frame::Ping(Bytes::new()),
                Transmit::Close { code, reason } => {
                    Frame::Close(Some(CloseFrame { code: code.into(), reason: reason.into() }))
                }
                _ => continue,
            };
            self.flushed = false;
            if let Err(error) = Pin::new(&mut self.socket).start_send(frame) {
                return self.broken(&error);
            }
        }
        if self.writing && !self.flushed {
            match Pin::new(&mut self.socket).poll_flush(cx) {
                Poll::Ready(Ok(())) => self.flushed = true,
                Poll::Ready(Err(error)) => return self.broken(&error),
                Poll::Pending => {}
            }
        }
        // The last byte is written: say so to the layers below. A peer that is not listened to any more would wait for us
        // to go, and one that closed would wait for handlers that outlive the session.
        if self.writing && self.flushed && self.reading != Reading::Frames {
            self.writing = Pin::new(self.socket.get_mut()).poll_shutdown(cx).is_pending();
        }
    }

    /// The connection cannot be written any more.
    fn broken(&mut self, error: &WsError) {
        if !matches!(error, WsError::ConnectionClosed | WsError::AlreadyClosed) {
            debug!(%error, "the connection broke");
        }
        self.writing = false;
        let now = self.shared.now();
        let mut state = self.shared.lock();
        state.session.handle_disconnect(now, None);
        state.wake();
    }

    /// While the session is over, but handlers or unwritten bytes still keep it: until when they may.
    fn grace(&mut self) -> Option<Timestamp> {
        let kept = self.handlers.len() > 0 || (self.writing && !self.flushed);
        if !self.closed || !kept {
            return None;
        }
        let now = self.shared.now();
        let ends = *self.grace_ends.get_or_insert(now + self.settings.handler_grace);
        (now < ends).then_some(ends)
    }

    /// How the session ended, once the connection is closed, the last bytes are written and the handlers finished, or
    /// their time is over.
    fn ended(&mut self) -> Option<SessionEnd> {
        if !self.closed || self.grace().is_some() {
            return None;
        }
        let reason = self.shared.lock().session.closed().cloned()?;
        let abandoned = self.handlers.len();
        if abandoned > 0 {
            warn!(abandoned, "handlers still ran when their session was over, and were dropped");
        }
        let end = SessionEnd { reason, abandoned };
        let now = self.shared.now();
        self.probes.each(|probe| probe.ended(now, &end));
        Some(end)
    }
}
