//! The folder: names of files, and which of them are too many.

use std::collections::VecDeque;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use relay_protocol::transcript::Head;

use super::Transcripts;

/// What the names of transcripts end with; nothing else is ever deleted.
const ENDING: &str = ".relay.jsonl";

/// The part of a name that is a workflow's gets no longer.
const MAX_NAME: usize = 64;

pub(super) struct Folder {
    dir: PathBuf,
    max_files: usize,
    max_age: Duration,
    /// Those of sessions that are over, the oldest first.
    files: VecDeque<(SystemTime, PathBuf)>,
}

/// A file that may not exist yet.
pub(super) struct Page {
    path: PathBuf,
    exists: bool,
}

impl Folder {
    /// Makes the folder if there is none, and sees what is in it.
    pub(super) fn open(settings: &Transcripts) -> io::Result<Self> {
        let Transcripts { dir, max_files, max_age, .. } = settings;
        fs::create_dir_all(dir)?;
        let mut files: Vec<_> =
            fs::read_dir(dir)?.filter_map(|entry| transcript(&entry.ok()?.path())).collect();
        files.sort();
        let mut folder =
            Self { dir: dir.clone(), max_files: *max_files, max_age: *max_age, files: files.into() };
        folder.forget_old();
        Ok(folder)
    }

    /// The file of a session that begins.
    pub(super) fn page(&self, head: &Head) -> Page {
        let name: String = head.workflow.chars().take(MAX_NAME).map(harmless).collect();
        let began = head.began_unix_ms.unwrap_or_default();
        let file = format!("{name}-{began}-{}-{}{ENDING}", std::process::id(), head.session);
        Page { path: self.dir.join(file), exists: false }
    }

    /// The session is over, and its file one of those that may become too many.
    pub(super) fn keep(&mut self, page: Page) {
        if page.exists {
            self.files.push_back((SystemTime::now(), page.path));
            self.forget_old();
        }
    }

    /// Deletes what is too old or too much. Somebody else may have done so already.
    pub(super) fn forget_old(&mut self) {
        while let Some((ended, path)) = self.files.front() {
            let too_many = self.files.len() > self.max_files;
            if !too_many && ended.elapsed().unwrap_or_default() <= self.max_age {
                break;
            }
            let _ = fs::remove_file(path);
            self.files.pop_front();
        }
    }
}

impl Page {
    pub(super) fn append(&mut self, text: &str) -> io::Result<()> {
        let mut file = open(&self.path)?;
        self.exists = true;
        file.write_all(text.as_bytes())
    }

    pub(super) fn discard(&self) {
        if self.exists {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// A transcript that was there before, and when it was written.
fn transcript(path: &Path) -> Option<(SystemTime, PathBuf)> {
    let is_ours = path.file_name()?.to_str()?.ends_with(ENDING);
    let written = path.metadata().ok()?.modified().ok()?;
    is_ours.then(|| (written, path.to_owned()))
}

/// What people said is for the owner alone.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.append(true).create(true).open(path)
}

fn harmless(c: char) -> char {
    if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') { c } else { '_' }
}
