//! Where files of this user belong on this platform.

use std::env;
use std::path::PathBuf;

use crate::error::{CliError, Result};

/// The files of the command.
#[derive(Debug, Clone)]
pub(crate) struct Paths {
    /// Profiles, secrets and the development authority.
    pub(crate) config: PathBuf,
    /// What is true only while something runs.
    state: PathBuf,
}

impl Paths {
    /// `RELAY_CONFIG_DIR` holds all of it, if it is set.
    ///
    /// # Errors
    ///
    /// When this user has no home.
    pub(crate) fn of_this_user() -> Result<Self> {
        if let Some(dir) = absolute("RELAY_CONFIG_DIR") {
            return Ok(Self::below(dir));
        }
        let home = || {
            env::home_dir().filter(|home| !home.as_os_str().is_empty()).ok_or_else(|| {
                CliError::failed("there is no place for the settings of this user")
                    .cause("the user has no home directory")
                    .next("set RELAY_CONFIG_DIR to a directory")
            })
        };
        if cfg!(windows) {
            let roaming = absolute("APPDATA").map_or_else(|| Ok(home()?.join("AppData/Roaming")), Ok)?;
            let local = absolute("LOCALAPPDATA").map_or_else(|| Ok(home()?.join("AppData/Local")), Ok)?;
            return Ok(Self { config: roaming.join("relay"), state: local.join("relay") });
        }
        if cfg!(target_os = "macos") {
            let support = home()?.join("Library/Application Support/relay");
            return Ok(Self { config: support.clone(), state: support });
        }
        let config = absolute("XDG_CONFIG_HOME").map_or_else(|| Ok(home()?.join(".config")), Ok)?;
        let state = absolute("XDG_STATE_HOME").map_or_else(|| Ok(home()?.join(".local/state")), Ok)?;
        Ok(Self { config: config.join("relay"), state: state.join("relay") })
    }

    /// All of it in one folder.
    pub(crate) fn below(dir: PathBuf) -> Self {
        Self { config: dir.clone(), state: dir }
    }

    /// Everything that may be shown.
    pub(crate) fn profiles(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// Tokens, for nobody else to read.
    pub(crate) fn secrets(&self) -> PathBuf {
        self.config.join("secrets.toml")
    }

    /// The development authority and its leaf.
    pub(crate) fn certificates(&self) -> PathBuf {
        self.config.join("dev-certs")
    }

    /// What each running `relay dev` says about itself.
    pub(crate) fn dev(&self) -> PathBuf {
        self.state.join("dev")
    }
}

fn absolute(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute())
}
