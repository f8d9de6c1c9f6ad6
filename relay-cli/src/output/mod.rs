//! What the commands print: results on stdout, all the rest on stderr.

mod json;
mod list;
mod progress;
mod prompt;
mod table;
mod wrap;

use std::fmt::Display;
use std::io::{self, Write};

use anstream::ColorChoice;
use anstyle::{AnsiColor, Style};
use console::Term;
use serde_json::Value;

use crate::cli::{Color, Global};
use crate::error::{CliError, Result};

pub(crate) use list::ListArgs;
pub(crate) use table::{Column, Table};
pub(crate) use wrap::wrap;

/// Headings and names.
pub(crate) const BOLD: Style = Style::new().bold();
/// What matters less.
pub(crate) const DIM: Style = Style::new().dimmed();
/// What is well.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// What deserves a look.
pub(crate) const WARN: Style = AnsiColor::Yellow.on_default().bold();
/// What is wrong.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();

/// Where output goes, and in which form.
#[derive(Debug)]
pub(crate) struct Out {
    json: bool,
    yes: bool,
    /// Of the terminal; none means that lines may be as long as they are.
    width: Option<usize>,
}

impl Out {
    pub(crate) fn new(global: &Global) -> Self {
        match global.color {
            Color::Auto => {}
            Color::Always => ColorChoice::Always.write_global(),
            Color::Never => ColorChoice::Never.write_global(),
        }
        Self { json: global.json, yes: global.yes, width: width() }
    }

    /// Whether the result is for a program.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// A line of the result.
    pub(crate) fn line(&self, line: impl Display) -> Result<()> {
        written(writeln!(anstream::stdout(), "{line}"))
    }

    /// A result as text, or as JSON if that is asked for.
    pub(crate) fn result(&self, text: impl Display, json: &Value) -> Result<()> {
        if self.json { self.json(json) } else { self.line(text) }
    }

    /// A result as JSON.
    pub(crate) fn json(&self, value: &Value) -> Result<()> {
        self.line(json::pretty(value))
    }

    /// A remark for people, which is no part of the result. Nobody is told in JSON.
    pub(crate) fn note(&self, note: impl Display) {
        if !self.json {
            // Remarks that cannot be written are not worth failing.
            let _ = writeln!(anstream::stderr(), "{note}");
        }
    }

    /// Something that will probably not do what the user wants.
    pub(crate) fn warn(&self, warning: impl Display) {
        if self.json {
            let _ = writeln!(anstream::stderr(), "{}", serde_json::json!({ "warning": warning.to_string() }));
        } else {
            self.note(format_args!("{WARN}warning:{WARN:#} {warning}"));
        }
    }

    /// Why the command did not work.
    pub(crate) fn error(&self, error: &CliError) {
        if error.is_silent() {
            return;
        }
        if self.json {
            let _ = writeln!(anstream::stderr(), "{}", json::pretty(&error.to_json()));
            return;
        }
        self.note(format_args!("{BAD}error:{BAD:#} {error}"));
        for cause in error.causes() {
            self.note(format_args!("  {DIM}cause:{DIM:#} {cause}"));
        }
        if let Some(next) = error.next_step() {
            self.note(format_args!("  {BOLD}next:{BOLD:#} {next}"));
        }
    }

    /// The columns of the terminal, for lines that somebody reads as they come. Programs get each in one piece.
    pub(crate) fn live_width(&self) -> Option<usize> {
        self.width.filter(|_| console::user_attended())
    }

    /// The columns of the terminal.
    pub(crate) fn width(&self) -> Option<usize> {
        self.width
    }
}

/// `COLUMNS`, if it is set; else the terminal's width, if there is one.
pub(crate) fn width() -> Option<usize> {
    let set =
        std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).filter(|columns| *columns > 0);
    let terminal = || Term::stdout().size_checked().map(|(_, columns)| usize::from(columns));
    set.or_else(|| if Term::stdout().is_term() { terminal() } else { None })
}

fn written(result: io::Result<()>) -> Result<()> {
    result.map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => CliError::nobody_reads(),
        _ => CliError::failed("the output cannot be written").cause(error),
    })
}
