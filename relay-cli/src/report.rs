//! What was found, in the order in which it was looked at.

use std::fmt::Write;
use std::time::{Duration, Instant};

use anstyle::Style;
use serde::Serialize;
use serde_json::Value;

use crate::error::{CliError, Exit, Result};
use crate::output::{BAD, BOLD, DIM, GOOD, WARN, wrap};

/// All that was looked at.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    pub(crate) sections: Vec<Section>,
}

/// One subject: a workflow's URI, or the Relay server.
#[derive(Debug, Serialize)]
pub(crate) struct Section {
    subject: String,
    lines: Vec<Line>,
}

/// How it is with a rung.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    Ok,
    /// It works here, but deserves a look.
    Warn,
    Fail,
    /// Not looked at.
    Skipped,
}

/// One rung, or one thing that is wrong with it.
#[derive(Debug, Serialize)]
pub(crate) struct Line {
    rung: &'static str,
    status: Status,
    /// What is wrong, as a word for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    what: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    /// How long it took.
    #[serde(skip_serializing_if = "Option::is_none")]
    ms: Option<f64>,
    /// More about it, for people.
    #[serde(skip)]
    details: Vec<String>,
    /// The same for programs.
    #[serde(skip_serializing_if = "Value::is_null")]
    data: Value,
}

impl Report {
    pub(crate) fn push(&mut self, section: Section) {
        self.sections.push(section);
    }

    /// An error if anything is wrong.
    pub(crate) fn verdict(&self) -> Result<()> {
        let lines = self.sections.iter().flat_map(|section| &section.lines);
        match lines.filter(|line| line.status == Status::Fail).count() {
            0 => Ok(()),
            1 => Err(CliError::new(Exit::Findings, "1 thing is wrong")),
            faults => Err(CliError::new(Exit::Findings, format_args!("{faults} things are wrong"))),
        }
    }

    pub(crate) fn text(&self, width: Option<usize>) -> String {
        let sections: Vec<String> = self.sections.iter().map(|section| section.text(width)).collect();
        sections.join("\n\n")
    }
}

impl Section {
    pub(crate) fn new(subject: &str) -> Self {
        Self { subject: subject.to_owned(), lines: Vec::new() }
    }

    /// A subject that cannot even be begun with.
    pub(crate) fn impossible(subject: &str, error: &CliError) -> Self {
        let mut section = Self::new(subject);
        section.push(Line::from_error("uri", "bad-uri", error));
        section
    }

    pub(crate) fn push(&mut self, line: Line) {
        self.lines.push(line);
    }

    /// Says of the rungs that were not looked at why not, and puts all in order.
    pub(crate) fn fill(&mut self, rungs: &[&'static str], why: impl Fn(&str) -> &'static str) {
        for rung in rungs {
            if !self.lines.iter().any(|line| line.rung == *rung) {
                self.lines.push(Line::new(rung, Status::Skipped, why(rung)));
            }
        }
        self.lines.sort_by_key(|line| rungs.iter().position(|rung| *rung == line.rung));
    }

    fn text(&self, width: Option<usize>) -> String {
        let mut text = format!("{BOLD}{}{BOLD:#}", self.subject);
        let mut last = "";
        for line in &self.lines {
            let rung = if line.rung == last { "" } else { line.rung };
            last = line.rung;
            line.write(&mut text, rung, width);
        }
        text
    }
}

impl Line {
    pub(crate) fn new(rung: &'static str, status: Status, what: impl Into<String>) -> Self {
        Self {
            rung,
            status,
            code: None,
            what: what.into(),
            cause: None,
            next: None,
            ms: None,
            details: Vec::new(),
            data: Value::Null,
        }
    }

    pub(crate) fn ok(rung: &'static str, what: impl Into<String>) -> Self {
        Self::new(rung, Status::Ok, what)
    }

    pub(crate) fn warn(rung: &'static str, code: &'static str, what: impl Into<String>) -> Self {
        Self { code: Some(code), ..Self::new(rung, Status::Warn, what) }
    }

    pub(crate) fn fail(rung: &'static str, code: &'static str, what: impl Into<String>) -> Self {
        Self { code: Some(code), ..Self::new(rung, Status::Fail, what) }
    }

    pub(crate) fn from_error(rung: &'static str, code: &'static str, error: &CliError) -> Self {
        let mut line = Self::fail(rung, code, error.to_string());
        line.cause = error.causes().first().cloned();
        line.next = error.next_step().map(str::to_owned);
        line
    }

    pub(crate) fn cause(self, cause: impl ToString) -> Self {
        Self { cause: Some(cause.to_string()), ..self }
    }

    pub(crate) fn next(self, next: impl Into<String>) -> Self {
        Self { next: Some(next.into()), ..self }
    }

    pub(crate) fn since(self, begun: Instant) -> Self {
        Self { ms: Some(milliseconds(begun.elapsed())), ..self }
    }

    pub(crate) fn details(self, details: Vec<String>, data: Value) -> Self {
        Self { details, data, ..self }
    }

    fn write(&self, text: &mut String, rung: &str, width: Option<usize>) {
        let (sign, style): (_, Style) = match self.status {
            Status::Ok => ("✓", GOOD),
            Status::Warn => ("!", WARN),
            Status::Fail => ("✗", BAD),
            Status::Skipped => ("·", DIM),
        };
        let took = self.ms.map(|ms| format!(" {DIM}({ms} ms){DIM:#}")).unwrap_or_default();
        let _ = write!(text, "\n{style}{sign}{style:#} {rung:<12}  ");
        let _ = write!(text, "{}{took}", wrap(&self.what, width, 16));
        for detail in &self.details {
            let _ = write!(text, "\n{:16}{DIM}{}{DIM:#}", "", wrap(detail, width, 16));
        }
        if let Some(cause) = &self.cause {
            let _ = write!(text, "\n{:16}{DIM}cause:{DIM:#} {}", "", wrap(cause, width, 23));
        }
        if let Some(next) = &self.next {
            let _ = write!(text, "\n{:16}{BOLD}next:{BOLD:#}  {}", "", wrap(next, width, 23));
        }
    }
}

/// To a tenth.
fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 10_000.0).round() / 10.0
}
