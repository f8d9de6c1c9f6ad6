//! What no orderly engine does.

use std::io;

use tokio_tungstenite::tungstenite::{Bytes, Message};

use super::{Frame, Peer, PeerError};
use crate::Stream;

impl Peer {
    /// Sends any text.
    ///
    /// # Errors
    ///
    /// When the connection is gone; as in all that follow.
    pub async fn send_text(&mut self, text: impl Into<String>) -> Result<(), PeerError> {
        self.write(vec![Message::Text(text.into().into())], true).await
    }

    /// Sends binary data.
    pub async fn send_binary(&mut self, bytes: impl Into<Vec<u8>>) -> Result<(), PeerError> {
        self.write(vec![Message::Binary(bytes.into().into())], true).await
    }

    /// The next frame, of whatever kind. What it asks is not lost. A ping is not answered before the next read or
    /// write.
    ///
    /// # Errors
    ///
    /// When nothing comes, or the connection ends.
    pub async fn next_frame(&mut self) -> Result<Frame, PeerError> {
        let (deadline, seen) = (self.deadline(), self.conversation.lines().len());
        loop {
            self.read("a frame", deadline).await?;
            if let Some(line) = self.conversation.lines()[seen..].first() {
                return Ok(line.frame.clone());
            }
        }
    }

    /// Waits until the workflow side has read all that was sent so far: it answers a ping after what came before.
    ///
    /// # Errors
    ///
    /// When it does not answer.
    pub async fn round_trip(&mut self) -> Result<(), PeerError> {
        let (deadline, mut seen) = (self.deadline(), self.conversation.lines().len());
        self.write(vec![Message::Ping(Bytes::new())], true).await?;
        loop {
            self.read("a pong", deadline).await?;
            let lines = self.conversation.lines();
            if lines[seen..].iter().any(|line| line.frame == Frame::Pong) {
                return Ok(());
            }
            seen = lines.len();
        }
    }

    /// Drops the connection without a word: the other side reads to an end that nobody announced.
    pub fn hang_up(self) {
        drop(self);
    }

    /// Drops the connection with a TCP reset, as when the other machine crashes.
    ///
    /// # Errors
    ///
    /// If the operating system refuses.
    pub fn reset(self) -> io::Result<()> {
        self.wire.reset()
    }

    /// The bare connection, for what WebSocket does not allow. Frames that were read already are lost.
    pub fn into_stream(self) -> Stream {
        self.wire.into_stream()
    }
}
