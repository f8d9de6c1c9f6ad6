//! Which sessions are written down, and where to.

use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where sessions are written to, and how much of them is kept.
///
/// Each becomes a file of [JSON lines](relay_protocol::transcript), `hello-1798761600000-4711-17.relay.jsonl`: the workflow,
/// when the session began in milliseconds since 1970, the process, and the number that the session has in the log. What is
/// written to the disk is a few seconds behind. `testing::replay` runs such a file against the workflow.
///
/// A transcript holds all that was said. Only the owner may read the files; [`redacted`](Self::redacted) leaves out what
/// is personal.
///
/// Writing never holds up a session. Messages that come faster than they are written are left out, which the transcript
/// says; so are those of a session whose file cannot be written, which the log says.
///
/// ```no_run
/// # use relay_runtime::prelude::*;
/// use relay_runtime::server::Transcripts;
///
/// # fn f(server: relay_runtime::server::ServerBuilder) {
/// let server = server.transcripts(Transcripts::new("/var/lib/hello/transcripts").only_failed().redacted());
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Transcripts {
    pub(super) dir: PathBuf,
    pub(super) max_file_bytes: usize,
    pub(super) max_files: usize,
    pub(super) max_age: Duration,
    pub(super) max_waiting_bytes: usize,
    pub(super) redacted: bool,
    pub(super) only_failed: bool,
}

impl Transcripts {
    /// Into this folder, which is made if there is none. Nothing else is kept in it, or at least nothing whose name ends
    /// with `.relay.jsonl`: what is too old or too much is deleted.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            max_file_bytes: 1 << 20,
            max_files: 1000,
            max_age: Duration::from_secs(7 * 24 * 60 * 60),
            max_waiting_bytes: 8 << 20,
            redacted: false,
            only_failed: false,
        }
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The same, elsewhere.
    pub(crate) fn moved_to(self, dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into(), ..self }
    }

    /// How large a file becomes, in bytes: what comes later in the session is left out, but for its end. Default: 1 MiB.
    #[must_use]
    pub fn max_file_bytes(mut self, bytes: usize) -> Self {
        self.max_file_bytes = bytes;
        self
    }

    /// How many files there are at most, besides those of sessions that are running; the oldest are deleted. Default: 1000.
    #[must_use]
    pub fn max_files(mut self, files: usize) -> Self {
        self.max_files = files;
        self
    }

    /// How long a file is kept after the end of its session. Default: 7 days.
    #[must_use]
    pub fn max_age(mut self, age: Duration) -> Self {
        self.max_age = age;
        self
    }

    /// Bytes that may wait to be written, of all sessions together. Default: 8 MiB.
    #[must_use]
    pub fn max_waiting_bytes(mut self, bytes: usize) -> Self {
        self.max_waiting_bytes = bytes;
        self
    }

    /// Leaves out what people said, where they were and who they are, as a
    /// [`Redactor`](relay_protocol::transcript::Redactor) does. Default: everything is written.
    #[must_use]
    pub fn redacted(mut self) -> Self {
        self.redacted = true;
        self
    }

    /// Keeps only sessions in which a handler failed, or which did not end with a stop for the reason `normal`. Default: all
    /// sessions.
    #[must_use]
    pub fn only_failed(mut self) -> Self {
        self.only_failed = true;
        self
    }
}

impl<P: Into<PathBuf>> From<P> for Transcripts {
    fn from(dir: P) -> Self {
        Self::new(dir)
    }
}
