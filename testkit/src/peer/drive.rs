//! Between the session and the wire.

use std::fmt;

use relay_protocol::session::{EngineSession, Misuse, Timestamp, Transmit};
use tokio::time::{Instant, timeout_at};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Bytes, Error as WsError, Message};

use super::{Ending, Peer, PeerError, Side, Trouble};

impl Peer {
    pub(super) fn now(&self) -> Timestamp {
        Timestamp::new(self.conversation.elapsed())
    }

    pub(super) fn deadline(&self) -> Instant {
        Instant::now() + self.patience
    }

    pub(super) fn apply(
        &mut self,
        acts: impl FnOnce(&mut EngineSession, Timestamp) -> Result<(), Misuse>,
    ) -> Result<(), PeerError> {
        let now = self.now();
        acts(&mut self.session, now).map_err(|misuse| match &self.ending {
            Some(ending) => {
                self.error(Trouble::Over { wanted: "to go on".into(), ending: ending.to_string() })
            }
            None => self.error(Trouble::Misuse(misuse)),
        })
    }

    /// Writes all that the session has to say.
    pub(super) async fn transmit(&mut self, one_by_one: bool) -> Result<(), PeerError> {
        let mut messages = Vec::new();
        while let Some(transmit) = self.session.poll_transmit() {
            messages.push(match transmit {
                Transmit::Text(text) => Message::Text(text.into()),
                Transmit::Ping => Message::Ping(Bytes::new()),
                Transmit::Close { code, reason } => {
                    Message::Close(Some(CloseFrame { code: code.into(), reason: reason.into() }))
                }
                _ => continue,
            });
        }
        self.write(messages, one_by_one).await
    }

    pub(super) async fn write(&mut self, messages: Vec<Message>, one_by_one: bool) -> Result<(), PeerError> {
        let deadline = self.deadline();
        for message in &messages {
            self.conversation.note(Side::Engine, message);
        }
        let wire = &mut self.wire;
        let written = timeout_at(deadline, async {
            for message in messages {
                wire.feed(message).await?;
                if one_by_one {
                    wire.flush().await?;
                }
            }
            wire.flush().await
        });
        let wanted = "that the workflow side reads".to_owned();
        match written.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => {
                let ending = self.lost(Some(error)).to_string();
                Err(self.error(Trouble::Over { wanted, ending }))
            }
            Err(_) => Err(self.error(Trouble::TooSlow { wanted, after: self.patience })),
        }
    }

    /// Takes one frame from the wire.
    pub(super) async fn read(&mut self, wanted: &str, deadline: Instant) -> Result<(), PeerError> {
        if let Some(ending) = &self.ending {
            let ending = ending.to_string();
            return Err(self.error(Trouble::Over { wanted: wanted.to_owned(), ending }));
        }
        let Ok(read) = timeout_at(deadline, self.wire.next()).await else {
            return Err(self.error(Trouble::TooSlow { wanted: wanted.to_owned(), after: self.patience }));
        };
        let message = match read {
            Some(Ok(message)) => message,
            Some(Err(error)) => {
                self.lost(Some(error));
                return Ok(());
            }
            None => {
                self.lost(None);
                return Ok(());
            }
        };
        self.conversation.note(Side::Workflow, &message);
        let now = self.now();
        match message {
            Message::Text(text) => self.session.handle_text(now, &text),
            Message::Binary(bytes) => self.session.handle_binary(now, &bytes),
            Message::Close(close) => {
                self.close = close.map(|close| (close.code.into(), close.reason.to_string()));
                let code = self.close.as_ref().map(|(code, _)| *code);
                self.session.handle_disconnect(now, code);
            }
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => self.session.handle_pong(now),
        }
        // What cannot be read is refused by the session itself.
        self.transmit(true).await
    }

    pub(super) fn lost(&mut self, error: Option<WsError>) -> &Ending {
        let now = self.now();
        self.session.handle_disconnect(now, None);
        // tungstenite's ways of saying that a closed connection is closed.
        let error = error.filter(|e| !matches!(e, WsError::ConnectionClosed | WsError::AlreadyClosed));
        let error = error.map(|error| error.to_string());
        let close = self.close.take();
        self.ending.get_or_insert(Ending { close, error })
    }

    pub(super) fn unexpected(&self, wanted: &str, came: impl fmt::Display) -> PeerError {
        self.error(Trouble::Unexpected { wanted: wanted.to_owned(), came: came.to_string() })
    }

    pub(super) fn error(&self, trouble: Trouble) -> PeerError {
        PeerError { trouble, conversation: self.conversation.tell() }
    }
}
