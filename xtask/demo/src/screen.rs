//! What is seen: 80 columns, colours only on a terminal that wants them.

use std::fmt::Display;
use std::io::Write;

use anstyle::{AnsiColor, Style};
use relay_testkit::{Line, PeerError, Side};

const STEP: Style = Style::new().bold();
const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default().bold();
const FAINT: Style = Style::new().dimmed();
const WORKFLOW: Style = AnsiColor::Cyan.on_default();
const DEVICE: Style = AnsiColor::Yellow.on_default();

const INDENT: usize = 4;
/// Two columns, with a gap between them.
const COLUMN: usize = 36;
const GAP: usize = 3;

/// Writes; whoever closed the other end of a pipe has seen enough.
fn put(text: impl Display) {
    let _ = write!(anstream::stdout().lock(), "{text}");
}

/// As it is.
pub(crate) fn text(text: &str) {
    put(text);
}

/// The heading of a step.
pub(crate) fn step(number: usize, what: &str) {
    put(format_args!("\n{STEP}{number:>2}  {what}{STEP:#}\n"));
}

/// What came of a step, as it should.
pub(crate) fn good(what: impl Display) {
    for line in wrapped(&what.to_string(), 2 * COLUMN + GAP) {
        put(format_args!("{:INDENT$}{GOOD}{line}{GOOD:#}\n", ""));
    }
}

/// A remark.
pub(crate) fn note(what: impl Display) {
    for line in wrapped(&what.to_string(), 2 * COLUMN + GAP) {
        put(format_args!("{:INDENT$}{FAINT}{line}{FAINT:#}\n", ""));
    }
}

/// The end of it.
pub(crate) fn failed(step: &str, error: &anyhow::Error) {
    put(format_args!("\n{BAD}failed: {step}{BAD:#}\n{error:#}\n"));
    if let Some(peer) = error.downcast_ref::<PeerError>() {
        put(format_args!("\nThe conversation:\n{}", peer.conversation));
    }
}

/// The heads of the two columns.
pub(crate) fn columns(workflow: &str, device: &str) {
    columns_of(FAINT, workflow, FAINT, device);
    let line = "-".repeat(COLUMN);
    columns_of(FAINT, &line, FAINT, &line);
}

/// Something that one side says.
pub(crate) fn said(by: Side, what: &str) {
    for line in wrapped(what, COLUMN) {
        match by {
            Side::Workflow => columns_of(WORKFLOW, &line, DEVICE, ""),
            Side::Engine => columns_of(WORKFLOW, "", DEVICE, &line),
        }
    }
}

fn columns_of(left: Style, workflow: &str, right: Style, device: &str) {
    put(format_args!("{:INDENT$}{left}{workflow}{left:#}", ""));
    if !device.is_empty() {
        let rest = COLUMN.saturating_sub(workflow.chars().count()) + GAP;
        put(format_args!("{:rest$}{right}{device}{right:#}", ""));
    }
    put("\n");
}

/// A frame as it went over the wire.
pub(crate) fn frame(line: &Line) {
    put(format_args!("{FAINT}{line}{FAINT:#}\n"));
}

/// Lines of at most `width` characters, broken between words where that is possible.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        for piece in word.chars().collect::<Vec<_>>().chunks(width) {
            let piece: String = piece.iter().collect();
            let last = lines.len() - 1;
            let line = &mut lines[last];
            if line.is_empty() {
                *line = piece;
            } else if line.chars().count() + 1 + piece.chars().count() <= width {
                line.push(' ');
                line.push_str(&piece);
            } else {
                lines.push(piece);
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn lines_are_broken_between_words_if_possible() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("elephantine", 5), ["eleph", "antin", "e"]);
        assert_eq!(wrapped("", 5), [""]);
    }
}
