//! That something is going on, for whatever may take longer than a second.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::Out;

/// A line on the terminal that moves, gone when this is dropped. Nothing where there is no terminal.
#[derive(Debug)]
pub(crate) struct Progress(ProgressBar);

impl Out {
    /// Shows that `what` is going on.
    pub(crate) fn progress(&self, what: impl Into<String>) -> Progress {
        if self.json {
            return Progress(ProgressBar::hidden());
        }
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
            bar.set_style(style);
        }
        bar.set_message(what.into());
        bar.enable_steady_tick(Duration::from_millis(100));
        Progress(bar)
    }
}

impl Progress {
    /// Something else is going on now.
    pub(crate) fn say(&self, what: impl Into<String>) {
        self.0.set_message(what.into());
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
