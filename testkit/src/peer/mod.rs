//! The engine side of one session, told as a story.

mod ask;
mod conversation;
mod drive;
mod ending;
mod error;
mod raw;
mod story;
mod wire;

pub use ask::{Ask, Wanted};
pub use conversation::{Frame, Line, Side};
pub use ending::Ending;
pub use error::{PeerError, Trouble};

use std::fmt;
use std::time::Duration;

use relay_protocol::session::{EngineSession, SessionConfig, Timestamp};

use crate::{DialError, Socket, Trust, dial};
use conversation::Conversation;
use wire::Wire;

/// How long a story waits for anything before it fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// The engine side of one session over a real socket.
///
/// Each message is written and flushed by itself, as the real platform does.
pub struct Peer {
    wire: Wire,
    session: EngineSession,
    conversation: Conversation,
    close: Option<(u16, String)>,
    ending: Option<Ending>,
    patience: Duration,
}

impl Peer {
    /// Dials `uri`, as [`dial`] does.
    ///
    /// # Errors
    ///
    /// Those of [`dial`].
    pub async fn dial(uri: &str, trust: &Trust) -> Result<Self, DialError> {
        Ok(Self::new(dial(uri, trust).await?))
    }

    /// The engine side on an open socket.
    pub fn new(socket: Socket) -> Self {
        let mut config = SessionConfig::default();
        config.ping_interval = None;
        config.max_outbound_bytes = usize::MAX;
        Self {
            wire: Wire::new(socket),
            session: EngineSession::new(Timestamp::ZERO, config),
            conversation: Conversation::new(),
            close: None,
            ending: None,
            patience: PATIENCE,
        }
    }

    /// Calls `watch` with every frame, from now on.
    pub fn watch(&mut self, watch: impl FnMut(&Line) + Send + 'static) {
        self.conversation.watch(watch);
    }

    /// Waits this long for anything. Default: 20 s.
    pub fn set_patience(&mut self, patience: Duration) {
        self.patience = patience;
    }

    /// All frames so far.
    pub fn conversation(&self) -> &[Line] {
        self.conversation.lines()
    }
}

impl fmt::Debug for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Peer").field("session", &self.session).finish_non_exhaustive()
    }
}
