//! Noticing that somebody has saved a file.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout;

use crate::error::{CliError, Result};

/// Editors write a file in several steps, and people save several files at once.
const QUIET: Duration = Duration::from_millis(30);

/// Folders of a project in which nothing is written by hand.
const MADE: [&str; 7] = ["target", "node_modules", "bin", "obj", "dist", "build", "venv"];

/// Looks after files of some folders.
#[derive(Debug)]
pub(crate) struct Watch {
    watcher: RecommendedWatcher,
    changes: UnboundedReceiver<PathBuf>,
    /// Noticed, and not told yet.
    pending: BTreeSet<PathBuf>,
    watched: BTreeSet<PathBuf>,
}

impl Watch {
    pub(crate) fn new() -> Result<Self> {
        let (tell, changes) = unbounded_channel();
        let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            let Ok(event) = event else { return };
            if !matches!(event.kind, EventKind::Access(_) | EventKind::Other) {
                for path in event.paths.into_iter().filter(|path| by_hand(path) && !made(path)) {
                    // Nobody wants to know it any more when the receiver is gone.
                    let _ = tell.send(path);
                }
            }
        });
        let (pending, watched) = (BTreeSet::new(), BTreeSet::new());
        Ok(Self { watcher: watcher.map_err(unwatched)?, changes, pending, watched })
    }

    /// Also looks after this folder and those in it, except for those that programs fill. Those that are known already
    /// cost nothing.
    pub(crate) fn add(&mut self, folder: &Path) -> Result<()> {
        self.one(folder, RecursiveMode::NonRecursive)?;
        // By folder: one watch on all would be told of every file that the compiler writes.
        let inside = fs::read_dir(folder).into_iter().flatten().flatten();
        for entry in inside.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())) {
            if by_hand(&entry.path()) && !made(&entry.path()) {
                self.one(&entry.path(), RecursiveMode::Recursive)?;
            }
        }
        Ok(())
    }

    fn one(&mut self, folder: &Path, mode: RecursiveMode) -> Result<()> {
        if self.watched.insert(folder.into()) {
            self.watcher.watch(folder, mode).map_err(unwatched)?;
        }
        Ok(())
    }

    /// Waits until something has been saved and no more follows. Cancel safe.
    pub(crate) async fn changed(&mut self) -> BTreeSet<PathBuf> {
        if self.pending.is_empty() {
            match self.changes.recv().await {
                Some(path) => self.pending.insert(path),
                None => std::future::pending().await,
            };
        }
        while let Ok(Some(path)) = timeout(QUIET, self.changes.recv()).await {
            self.pending.insert(path);
        }
        std::mem::take(&mut self.pending)
    }
}

fn unwatched(error: notify::Error) -> CliError {
    let next = match error.kind {
        notify::ErrorKind::MaxFilesWatch => "raise the limit: sysctl fs.inotify.max_user_watches=524288",
        _ => "say --no-watch, and start it again after each change",
    };
    CliError::failed("the files of the project cannot be watched").cause(error).next(next)
}

/// Whether a person may have written it. Hidden files and those of editors are not what a program is made of.
fn by_hand(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    !name.starts_with(['.', '#']) && !name.ends_with('~') && name != "__pycache__" && !name.ends_with(".pyc")
}

fn made(folder: &Path) -> bool {
    folder.file_name().is_some_and(|name| MADE.iter().any(|made| *name == **made))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_write_does_not_count() {
        for path in ["/w/src/main.rs", "/w/Cargo.toml", "/w/src/bin/a.rs", "/w/src"] {
            assert!(by_hand(Path::new(path)), "{path}");
        }
        for path in ["/w/src/.main.rs.swp", "/w/src/main.rs~", "/w/.git", "/w/__pycache__"] {
            assert!(!by_hand(Path::new(path)), "{path}");
        }
    }

    #[tokio::test]
    async fn a_saved_file_is_noticed_and_one_in_target_is_not() {
        let dir = tempfile::tempdir().unwrap();
        for folder in ["src", "target"] {
            fs::create_dir(dir.path().join(folder)).unwrap();
        }
        let mut watch = Watch::new().unwrap();
        watch.add(dir.path()).unwrap();
        fs::write(dir.path().join("target/out"), "x").unwrap();
        fs::write(dir.path().join("src/main.rs"), "x").unwrap();
        let changed = watch.changed().await;
        let names: Vec<_> = changed.iter().filter_map(|path| path.file_name()).collect();
        assert_eq!(names, ["main.rs"]);
    }
}
