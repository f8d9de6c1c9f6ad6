//! What a workflow did differently.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::align::align;
use super::show::line;
use super::{Entry, Requests, Side, Transcript, What};

/// What a workflow did differently in one session than in another: its requests, and the handlers that failed.
///
/// What comes after messages that are [lost](super::What::Lost) is not compared. Neither ids of requests nor the order of keys count, nor when something was done, nor the order of requests to
/// different targets, as handlers may run at once. If one of the transcripts is redacted, names do not count, and of texts
/// only the shape does.
///
/// `Display` shows it like a diff of files: `-` for what was expected and did not come, `+` for what came instead, and
/// what happened around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diff {
    lines: Vec<(Mark, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Same,
    Missing,
    Extra,
}

impl Transcript {
    /// What `actual` does differently.
    pub fn diff(&self, actual: &Self) -> Diff {
        let redacted = self.head.redacted || actual.head.redacted;
        let (expected, found) = (Acts::of(self, redacted), Acts::of(actual, redacted));
        let pairs = expected.pairs(&found);
        Diff { lines: merge(self, &expected, actual, &found, &pairs) }
    }
}

impl Diff {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// How many requests and failures are missing or came in addition.
    pub fn count(&self) -> usize {
        self.lines.iter().filter(|(mark, _)| *mark != Mark::Same).count()
    }
}

/// What a workflow did.
struct Acts {
    acts: Vec<Act>,
    /// Whether that is all. What comes after messages that are lost cannot be compared.
    complete: bool,
}

struct Act {
    /// Which entry of the transcript it is.
    entry: usize,
    /// Whom it was done to.
    target: String,
    /// What is compared.
    what: String,
}

impl Acts {
    fn of(transcript: &Transcript, redacted: bool) -> Self {
        let mut requests = Requests::new(redacted);
        let lost = transcript.entries.iter().position(|entry| matches!(entry.what, What::Lost(_)));
        let known = &transcript.entries[..lost.unwrap_or(transcript.entries.len())];
        let acts = known.iter().enumerate().filter_map(|(entry, Entry { what, .. })| match what {
            What::Frame { from: Side::Workflow, text } => {
                let asked = requests.read(text).map(|asked| (asked.target, asked.what));
                let (target, what) = asked.unwrap_or_else(|| (String::new(), text.trim().into()));
                Some(Act { entry, target, what })
            }
            What::Failed { handler, why } if !redacted => {
                Some(Act { entry, target: "failures".into(), what: format!("{handler}: {why}") })
            }
            What::Failed { handler, .. } => {
                Some(Act { entry, target: "failures".into(), what: handler.clone() })
            }
            _ => None,
        });
        Self { acts: acts.collect(), complete: lost.is_none() }
    }

    /// Which of these are the same as which of those, by their positions in the lists.
    fn pairs(&self, those: &Self) -> BTreeMap<usize, usize> {
        let targets: BTreeSet<&str> = self.acts.iter().map(|act| &*act.target).collect();
        let to = |acts: &Self, target: &str| -> Vec<usize> {
            (0..acts.acts.len()).filter(|n| acts.acts[*n].target == target).collect()
        };
        let pairs = targets.into_iter().flat_map(|target| {
            let (a, b) = (to(self, target), to(those, target));
            let what_a: Vec<&str> = a.iter().map(|n| &*self.acts[*n].what).collect();
            let what_b: Vec<&str> = b.iter().map(|n| &*those.acts[*n].what).collect();
            align(&what_a, &what_b).into_iter().map(|(x, y)| (a[x], b[y])).collect::<Vec<_>>()
        });
        pairs.collect()
    }
}

/// The lines of the actual transcript, and those of the expected one that are missing, each where it would have been.
fn merge(
    expected: &Transcript,
    wanted: &Acts,
    actual: &Transcript,
    found: &Acts,
    pairs: &BTreeMap<usize, usize>,
) -> Vec<(Mark, String)> {
    let mut missing: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut next = 0;
    // What one of them may have done as well, but lost.
    let last_found = pairs.values().max();
    for n in 0..wanted.acts.len() {
        match pairs.get(&n) {
            Some(at) => next = at + 1,
            None if !found.complete && next == found.acts.len() => {}
            None => missing.entry(next).or_default().push(n),
        }
    }
    let same: BTreeSet<usize> = pairs.values().copied().collect();
    let mut lines = Vec::new();
    let mut show_missing = |lines: &mut Vec<_>, before: usize| {
        for n in missing.remove(&before).unwrap_or_default() {
            lines.extend(line(&expected.entries[wanted.acts[n].entry]).map(|line| (Mark::Missing, line)));
        }
    };
    let mut act = 0;
    for (n, entry) in actual.entries.iter().enumerate() {
        let is_act = found.acts.get(act).is_some_and(|act| act.entry == n);
        if is_act || matches!(entry.what, What::Ended(_)) {
            show_missing(&mut lines, act);
        }
        let extra = is_act && !same.contains(&act) && (wanted.complete || Some(&act) < last_found);
        let mark = if extra { Mark::Extra } else { Mark::Same };
        lines.extend(line(entry).map(|line| (mark, line)));
        act += usize::from(is_act);
    }
    show_missing(&mut lines, act);
    lines
}

/// Lines around a difference that are shown with it.
const AROUND: usize = 8;

impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let different: Vec<usize> =
            (0..self.lines.len()).filter(|n| self.lines[*n].0 != Mark::Same).collect();
        let mut hidden = 0;
        for (n, (mark, line)) in self.lines.iter().enumerate() {
            let at = different.partition_point(|d| *d < n);
            let near = different.get(at).is_some_and(|d| d - n <= AROUND)
                || at.checked_sub(1).is_some_and(|before| n - different[before] <= AROUND);
            if !near && !different.is_empty() {
                hidden += 1;
                continue;
            }
            if core::mem::take(&mut hidden) > 0 {
                writeln!(f, "  ...")?;
            }
            let mark = match mark {
                Mark::Same => ' ',
                Mark::Missing => '-',
                Mark::Extra => '+',
            };
            writeln!(f, "{mark} {line}")?;
        }
        if hidden > 0 { writeln!(f, "  ...") } else { Ok(()) }
    }
}
