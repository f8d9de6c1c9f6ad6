//! What a story is told with.

use relay_protocol::session::{Asked, EngineSession, Misuse, Timestamp};
use relay_protocol::types::StopReason;
use relay_protocol::{Event, Response, event};

use super::{Ask, Ending, Peer, PeerError, Wanted};

/// What the platform says.
impl Peer {
    /// Sends the start event.
    ///
    /// # Errors
    ///
    /// When the protocol does not allow it now, or the connection is gone; as in all that follow.
    pub async fn start(&mut self, start: event::Start) -> Result<(), PeerError> {
        self.act(|session, now| session.start(now, start)).await
    }

    /// Sends an event.
    pub async fn emit(&mut self, event: impl Into<Event>) -> Result<(), PeerError> {
        self.act(|session, now| session.emit(now, event)).await
    }

    /// Answers a request.
    pub async fn answer<R>(&mut self, ask: &Ask<R>, response: impl Into<Response>) -> Result<(), PeerError> {
        self.act(|session, now| session.respond(now, ask.token, response)).await
    }

    /// Answers a request with an error.
    pub async fn refuse<R>(&mut self, ask: &Ask<R>, error: &str) -> Result<(), PeerError> {
        self.act(|session, now| session.refuse(now, ask.token, error)).await
    }

    /// Says that a request is still being worked on.
    pub async fn progress<R>(&mut self, ask: &Ask<R>) -> Result<(), PeerError> {
        self.act(|session, now| session.progress(now, ask.token)).await
    }

    /// Sends the stop event and a close frame.
    pub async fn stop(&mut self, reason: StopReason) -> Result<(), PeerError> {
        self.act(|session, now| session.stop(now, reason)).await
    }

    /// Sends a close frame without a stop event.
    pub async fn close(&mut self, code: u16, reason: &str) -> Result<(), PeerError> {
        self.act(|session, now| {
            session.close(now, code, reason);
            Ok(())
        })
        .await
    }

    /// Does anything that the protocol allows; each message is written by itself.
    pub async fn act(
        &mut self,
        acts: impl FnOnce(&mut EngineSession, Timestamp) -> Result<(), Misuse>,
    ) -> Result<(), PeerError> {
        self.apply(acts)?;
        self.transmit(true).await
    }

    /// As [`act`](Self::act), but all messages are written at once: they arrive in one TCP segment and one TLS record,
    /// as long as they fit.
    pub async fn act_at_once(
        &mut self,
        acts: impl FnOnce(&mut EngineSession, Timestamp) -> Result<(), Misuse>,
    ) -> Result<(), PeerError> {
        self.apply(acts)?;
        self.transmit(false).await
    }
}

/// What the workflow says.
impl Peer {
    /// The next thing that the workflow asks, which must be an `R`.
    ///
    /// # Errors
    ///
    /// When something else comes, nothing does, or the connection ends.
    pub async fn expect<R: Wanted>(&mut self) -> Result<Ask<R>, PeerError> {
        let wanted = format!("`{}`", R::NAME);
        let ask = self.next_ask(&wanted).await?;
        ask.narrow().ok_or_else(|| self.unexpected(&wanted, ask))
    }

    /// The next request of the workflow, whatever it is.
    ///
    /// # Errors
    ///
    /// As [`expect`](Self::expect).
    pub async fn expect_any(&mut self) -> Result<Ask, PeerError> {
        self.next_ask("a request").await
    }

    /// The workflow asks to be terminated.
    ///
    /// # Errors
    ///
    /// As [`expect`](Self::expect).
    pub async fn expect_terminate(&mut self) -> Result<(), PeerError> {
        match self.next_asked("`terminate`").await? {
            Asked::Terminate => Ok(()),
            other => Err(self.unexpected("`terminate`", described(other))),
        }
    }

    /// The regular end: the workflow asks to be terminated, and is.
    ///
    /// # Errors
    ///
    /// As [`expect`](Self::expect).
    pub async fn finish(&mut self) -> Result<Ending, PeerError> {
        self.expect_terminate().await?;
        self.stop(StopReason::Normal).await?;
        self.closed().await
    }

    /// Reads until the connection is gone, whatever comes, then leaves, too.
    ///
    /// # Errors
    ///
    /// When it does not end.
    pub async fn closed(&mut self) -> Result<Ending, PeerError> {
        let deadline = self.deadline();
        loop {
            if let Some(ending) = self.ending.clone() {
                self.wire.shut_down().await;
                return Ok(ending);
            }
            self.read("the end", deadline).await?;
        }
    }

    /// What the workflow asks next, for whoever plays a whole platform.
    ///
    /// # Errors
    ///
    /// When nothing comes, or the connection ends.
    pub async fn next_asked(&mut self, wanted: &str) -> Result<Asked, PeerError> {
        let deadline = self.deadline();
        loop {
            if let Some(asked) = self.session.poll_asked() {
                return Ok(asked);
            }
            self.read(wanted, deadline).await?;
        }
    }

    async fn next_ask(&mut self, wanted: &str) -> Result<Ask, PeerError> {
        match self.next_asked(wanted).await? {
            Asked::Request { token, id, target, request } => Ok(Ask { token, id, target, body: request }),
            other => Err(self.unexpected(wanted, described(other))),
        }
    }
}

fn described(asked: Asked) -> String {
    match asked {
        Asked::Request { token, id, target, request } => Ask { token, id, target, body: request }.to_string(),
        Asked::Terminate => "`terminate`".to_owned(),
        Asked::Unrecognised(message) => format!("something that is no request ({})", message.why),
        other => format!("{other:?}"),
    }
}
