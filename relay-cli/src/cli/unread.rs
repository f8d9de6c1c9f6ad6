//! A command line that asks for help, or makes no sense.

use clap::error::ErrorKind;

use super::Global;
use crate::error::{CliError, Exit};
use crate::output::Out;

/// A command line that no command comes of.
#[derive(Debug)]
pub(crate) struct Unread {
    pub(super) error: clap::Error,
    /// Whether errors are wanted as JSON, as far as can be seen.
    pub(super) json: bool,
}

impl Unread {
    /// Shows what it asks for, or what is wrong with it, and says how the process ends.
    pub(crate) fn tell(&self) -> Exit {
        let kind = self.error.kind();
        let exit = match kind {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Exit::Ok,
            _ => Exit::Usage,
        };
        let wrong = exit == Exit::Usage && kind != ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
        if wrong && self.json {
            Out::new(&Global { json: true, ..Global::default() }).error(&self.explained());
        } else {
            // There is nowhere to report that nothing can be printed.
            let _ = self.error.print();
        }
        exit
    }

    /// In the form of all other errors: the first paragraph is what is wrong, a tip the next step.
    fn explained(&self) -> CliError {
        let text = self.error.to_string();
        let (what, rest) = text.split_once("\n\n").unwrap_or((&text, ""));
        let words: Vec<&str> = what.trim_start_matches("error: ").split_whitespace().collect();
        let error = CliError::usage(words.join(" "));
        match rest.lines().find_map(|line| line.trim().strip_prefix("tip: ")) {
            Some(tip) => error.next(tip),
            None => error.next("the command with --help says what it takes"),
        }
    }
}
