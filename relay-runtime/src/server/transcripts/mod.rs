//! Sessions written to files, for people who wonder what has happened, and for tests that run it again.
//!
//! ```text
//!   the tasks of sessions ── notes, so many bytes at most ──► one thread: redacts, gathers, writes, deletes what is old
//! ```
//!
//! A session hands over what it sees and goes on. It never waits: when the thread does not come along, what there is no
//! room for is left out, and the transcript says so.

mod folder;
mod recorder;
mod settings;
mod writer;

pub use settings::Transcripts;

use std::io;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;
use tracing::{info, warn};

use self::folder::Folder;
use self::recorder::{Link, Recorder};
use self::writer::Writer;
use crate::session::Observer;

/// Time that the last transcripts get when the server stops. A disk that hangs must not keep the process alive.
const LAST_WRITES: Duration = Duration::from_secs(5);

/// The thread that writes.
#[derive(Debug)]
pub(super) struct Writing(oneshot::Receiver<()>);

impl Transcripts {
    /// Starts the thread. It ends when nobody has anything to write any more.
    pub(super) fn start(self) -> io::Result<(Arc<dyn Observer>, Writing)> {
        let folder = Folder::open(&self)?;
        info!("sessions are written to {}", self.dir.display());
        let (notes, inbox) = mpsc::channel();
        let link = Arc::new(Link::new(notes, self.max_waiting_bytes));
        let (done, writing) = oneshot::channel();
        let mut writer = Writer::new(self, folder, link.waiting());
        thread::Builder::new().name("relay-transcripts".into()).spawn(move || {
            writer.run(&inbox);
            drop(done);
        })?;
        Ok((Arc::new(Recorder(link)), Writing(writing)))
    }
}

impl Writing {
    /// Waits for the last transcripts.
    pub(super) async fn finished(self) {
        if timeout(LAST_WRITES, self.0).await.is_err() {
            warn!("the last transcripts are not written after {LAST_WRITES:?}, and lost");
        }
    }
}
