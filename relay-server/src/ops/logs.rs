//! Where log lines go and how they look.

use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::{LogConfig, LogFormat};

/// Writes the log to standard error, for the whole process. To be called once, by a program, not by a library.
///
/// # Errors
///
/// A text that says what is wrong with `log.level`, or that somebody else writes the log already.
pub fn init_logs(config: &LogConfig) -> Result<(), String> {
    let filter = EnvFilter::try_new(&config.level)
        .map_err(|error| format!("`log.level` {:?}: {error}", config.level))?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    let done = match config.format {
        LogFormat::Json => lines.json().flatten_event(true).finish().try_init(),
        LogFormat::Text => lines.with_ansi(io::stderr().is_terminal()).finish().try_init(),
    };
    done.map_err(|error| error.to_string())
}
