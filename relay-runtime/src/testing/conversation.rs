//! All that happened in a simulation, as people read it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Who did what and when, in order.
#[derive(Debug, Default)]
pub(super) struct Conversation {
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    at: Duration,
    who: Arc<str>,
    what: String,
}

/// Longer conversations are shown without their middle.
const SHOWN: usize = 400;

impl Conversation {
    pub(super) fn add(&mut self, at: Duration, who: &Arc<str>, what: impl Into<String>) {
        self.lines.push(Line { at, who: who.clone(), what: what.into() });
    }
}

impl fmt::Display for Conversation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.lines.is_empty() {
            return writeln!(f, "  (nothing has happened)");
        }
        let widest = self.lines.iter().map(|line| line.who.chars().count()).max().unwrap_or(0);
        let hidden = self.lines.len().saturating_sub(SHOWN);
        for (n, line) in self.lines.iter().enumerate() {
            if hidden > 0 && n == SHOWN / 2 {
                writeln!(f, "  ... {hidden} more lines ...")?;
            }
            if hidden == 0 || n < SHOWN / 2 || n >= SHOWN / 2 + hidden {
                writeln!(f, "  {}  {:widest$}  {}", Clock(line.at), line.who, line.what)?;
            }
        }
        Ok(())
    }
}

/// A time since the start: `0:01:05.250`.
pub(super) struct Clock(pub(super) Duration);

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(f, "{h}:{m:02}:{s:02}.{:03}", self.0.subsec_millis())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_aligned_and_timed() {
        let mut conversation = Conversation::default();
        conversation.add(Duration::from_millis(5), &"Alice".into(), "says \"hello\"");
        conversation.add(Duration::from_millis(3_725_250), &"hi".into(), "ends: normal");
        let text = "  0:00:00.005  Alice  says \"hello\"\n  1:02:05.250  hi     ends: normal\n";
        assert_eq!(conversation.to_string(), text);
    }

    #[test]
    fn what_is_too_long_loses_its_middle() {
        let mut conversation = Conversation::default();
        for n in 0..SHOWN + 7 {
            conversation.add(Duration::ZERO, &"x".into(), n.to_string());
        }
        let text = conversation.to_string();
        assert_eq!(text.lines().count(), SHOWN + 1);
        assert!(text.contains("  ... 7 more lines ...\n"), "{text}");
    }
}
