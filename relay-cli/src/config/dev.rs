//! The files in which each running `relay dev` says where it is.
//!
//! Beside each there is another one that its process keeps locked. The kernel takes the lock away however the process
//! ends, so that a file which was left behind is known by its lock: a process number may belong to somebody else by then.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Paths, files};
use crate::error::{CliError, Result};

/// A running `relay dev`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Dev {
    /// The REST API.
    pub(crate) host: String,
    /// For the REST API. It is good for this run only.
    pub(crate) token: String,
    /// The account.
    pub(crate) subscriber_id: String,
    /// The development authority that signed the workflow's certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ca: Option<String>,
    /// The folder that it was started in.
    #[serde(default)]
    pub(crate) folder: PathBuf,
    /// When it began, in milliseconds since 1970.
    #[serde(default)]
    pub(crate) began: u64,
}

/// What a running `relay dev` says of itself, until this is dropped.
#[derive(Debug)]
pub(crate) struct Published {
    state: PathBuf,
    lock: PathBuf,
    _held: File,
}

impl Dev {
    /// The one that is meant here: of those started in this folder or around it the nearest, else the one that was started
    /// last.
    pub(crate) fn read(paths: &Paths) -> Result<Option<Self>> {
        let here = std::env::current_dir().unwrap_or_default();
        Ok(running(&paths.dev())?.into_iter().max_by_key(|dev| {
            let near = here.starts_with(&dev.folder).then(|| dev.folder.components().count());
            (near, dev.began)
        }))
    }

    /// Tells the other commands.
    pub(crate) fn publish(&self, paths: &Paths) -> Result<Published> {
        let name = format!("{}-{}", std::process::id(), self.began);
        let [state, lock] = ["json", "lock"].map(|kind| paths.dev().join(format!("{name}.{kind}")));
        let failed = |error| CliError::failed(format_args!("cannot write {}", lock.display())).cause(error);
        fs::create_dir_all(paths.dev()).map_err(failed)?;
        let held = File::create(&lock).map_err(failed)?;
        held.lock().map_err(failed)?;
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| CliError::failed("the state file cannot be written").cause(error))?;
        files::write_private(&state, &text)?;
        Ok(Published { state, lock: lock.clone(), _held: held })
    }
}

/// Those that run. Files of those that do not are removed.
fn running(folder: &Path) -> Result<Vec<Dev>> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(Vec::new()) };
    let states = entries.flatten().map(|entry| entry.path());
    let mut running = Vec::new();
    for state in states.filter(|path| path.extension().is_some_and(|kind| kind == "json")) {
        let lock = state.with_extension("lock");
        if !is_held(&lock) {
            for left in [state, lock] {
                let _ = fs::remove_file(left); // by somebody else, if not by us
            }
            continue;
        }
        // A damaged file was not written by a process that runs.
        running.extend(files::read(&state)?.and_then(|text| serde_json::from_str::<Dev>(&text).ok()));
    }
    Ok(running)
}

fn is_held(lock: &Path) -> bool {
    File::open(lock).is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

impl Drop for Published {
    fn drop(&mut self) {
        for file in [&self.state, &self.lock] {
            let _ = fs::remove_file(file);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dev(host: &str, folder: &Path, began: u64) -> Dev {
        let (token, subscriber_id) = ("t".into(), "S".into());
        Dev { host: host.into(), token, subscriber_id, ca: None, folder: folder.into(), began }
    }

    #[test]
    fn the_nearest_is_meant_and_else_the_last() {
        let dir = tempfile::tempdir().unwrap();
        let paths = Paths::below(dir.path().into());
        assert_eq!(Dev::read(&paths).unwrap(), None);
        let here = std::env::current_dir().unwrap();
        let _elsewhere = dev("elsewhere", Path::new("/elsewhere"), 3).publish(&paths).unwrap();
        assert_eq!(Dev::read(&paths).unwrap().unwrap().host, "elsewhere");
        let _last = dev("last", Path::new("/other"), 4).publish(&paths).unwrap();
        assert_eq!(Dev::read(&paths).unwrap().unwrap().host, "last");
        let near = dev("here", &here, 1).publish(&paths).unwrap();
        let _around = dev("around", here.parent().unwrap(), 2).publish(&paths).unwrap();
        assert_eq!(Dev::read(&paths).unwrap().unwrap().host, "here");
        drop(near);
        assert_eq!(Dev::read(&paths).unwrap().unwrap().host, "around");
    }

    #[test]
    fn what_a_killed_process_left_behind_does_not_count() {
        let dir = tempfile::tempdir().unwrap();
        let paths = Paths::below(dir.path().into());
        fs::create_dir_all(paths.dev()).unwrap();
        let text = serde_json::to_string(&dev("gone", Path::new("/"), 1)).unwrap();
        fs::write(paths.dev().join("1-1.json"), text).unwrap();
        fs::write(paths.dev().join("1-1.lock"), "").unwrap();
        assert_eq!(Dev::read(&paths).unwrap(), None);
        assert_eq!(fs::read_dir(paths.dev()).unwrap().count(), 0);
    }
}
