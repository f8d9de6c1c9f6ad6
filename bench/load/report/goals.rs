//! What is to be reached, and what was.

use std::fmt::{self, Write};

use super::sample::{Metric, Short};
use super::{Report, Results};

/// A figure of the first server, and what bounds it.
struct Goal {
    case: &'static str,
    metric: Metric,
    most: Most,
}

enum Most {
    /// In the metric's own unit.
    Value(f64),
    /// So many times what this server takes.
    Of(&'static str, f64),
    /// So many times what it takes itself in another case.
    Case(&'static str, f64),
}

const fn goal(case: &'static str, metric: Metric, most: Most) -> Goal {
    Goal { case, metric, most }
}

/// Of a hello session, before anything was done about them.
const ALLOCATIONS: u64 = 55;

/// The smallest piece of memory that malloc hands out, in bytes: who loses something in each session loses as much.
const PIECE: f64 = 32.0;

const GOALS: &[Goal] = &[
    goal("sessions, 64 at once, wss", Metric::Cpu, Most::Of("bare", 1.15)),
    goal("sessions, 64 at once, wss", Metric::Cpu, Most::Of("js", 1.0 / 5.0)),
    goal("sessions, 256 at once, wss", Metric::Cpu, Most::Of("bare", 1.15)),
    goal("sessions, 256 at once, wss", Metric::Cpu, Most::Of("js", 1.0 / 5.0)),
    goal("sessions, 64 at once, ws", Metric::Cpu, Most::Of("bare", 1.3)),
    goal("sessions, 64 at once, ws", Metric::Cpu, Most::Of("js", 1.0 / 5.0)),
    goal("sessions, 256 at once, ws", Metric::Cpu, Most::Of("bare", 1.3)),
    goal("sessions, 256 at once, ws", Metric::Cpu, Most::Of("js", 1.0 / 5.0)),
    goal("requests, 64 connections, ws", Metric::Cpu, Most::Of("bare", 1.25)),
    goal("requests, 64 connections, ws", Metric::Cpu, Most::Of("js", 1.0 / 7.0)),
    goal("requests, 64 connections, wss", Metric::Cpu, Most::Of("bare", 1.25)),
    goal("requests, 64 connections, wss", Metric::Cpu, Most::Of("js", 1.0 / 7.0)),
    goal(
        "requests, 100 of 10000 connections, ws",
        Metric::Cpu,
        Most::Case("requests, 100 connections, ws", 1.3),
    ),
    goal("requests, 10000 connections, ws", Metric::Cpu, Most::Case("requests, 100 connections, ws", 1.3)),
    goal("idle, 10000 sessions, ws", Metric::Resident, Most::Value(9.0)),
    goal("idle, 10000 sessions, wss", Metric::Resident, Most::Value(16.0)),
    goal("idle, 3000 sessions, ws", Metric::Answered, Most::Of("bare", 1.3)),
    goal("idle, 3000 sessions, wss", Metric::Answered, Most::Of("bare", 1.3)),
    goal("idle, 50000 sessions over 64 connections, wss", Metric::ResidentAll, Most::Value(1000.0)),
    goal("idle, 50000 sessions over 64 connections, wss", Metric::Unanswered, Most::Value(0.0)),
    goal("storm, 1500 sessions/s, wss", Metric::P99, Most::Of("bare", 1.5)),
    goal("endurance, 100000 sessions, ws", Metric::Growth, Most::Value(PIECE)),
    goal("endurance, 100000 sessions, wss", Metric::Growth, Most::Value(PIECE)),
    goal("sessions, 64 at once, prompts of 0 ms, ws", Metric::Errors, Most::Value(0.0)),
    goal("dropped, 4000 sessions, wss", Metric::Errors, Most::Value(0.0)),
];

/// The goals whose cases were measured, as a table in Markdown.
pub(super) fn table(report: &Report) -> String {
    let mut text = String::from("| case | measure | goal | reached | |\n| --- | --- | --- | --- | --- |\n");
    for Goal { case, metric, most } in GOALS {
        let Some(reached) = reached(report, case, *metric, most) else { continue };
        let verdict = if reached <= most.factor() { "met" } else { "**missed**" };
        let _ = writeln!(text, "| {case} | {metric} | {most} | {} | {verdict} |", most.with(Short(reached)));
    }
    if let Some(count) = report.allocations {
        let verdict = if count <= ALLOCATIONS / 2 { "met" } else { "**missed**" };
        let _ = writeln!(
            text,
            "| hello session, after the upgrade | heap allocations | ≤ half of {ALLOCATIONS} | {count} | {verdict} |"
        );
    }
    let errors = report.errors();
    let verdict = if errors == 0 { "met" } else { "**missed**" };
    let _ = writeln!(text, "| all | errors | 0 | {errors} | {verdict} |");
    text
}

fn reached(report: &Report, case: &str, metric: Metric, most: &Most) -> Option<f64> {
    let results = |name: &str| report.cases.iter().find(|results| results.case == name);
    let ours = results(case)?;
    let value = |results: &Results| results.median(0, metric);
    Some(match most {
        Most::Value(_) => value(ours),
        Most::Of(server, _) => ours.ratio(report.servers.iter().position(|name| name == server)?, metric),
        Most::Case(other, _) => value(ours) / value(results(other)?),
    })
}

impl Most {
    fn factor(&self) -> f64 {
        let (Self::Value(factor) | Self::Of(_, factor) | Self::Case(_, factor)) = self;
        *factor
    }

    /// A number in words, as the goal is.
    fn with(&self, number: Short) -> String {
        match self {
            Self::Value(_) => number.to_string(),
            Self::Of(server, _) => format!("{number} × {server}"),
            Self::Case(case, _) => format!("{number} × {case}"),
        }
    }
}

impl fmt::Display for Most {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.with(Short(self.factor()));
        if self.factor() == 0.0 { f.write_str(&number) } else { write!(f, "≤ {number}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Extent;

    #[test]
    fn what_has_a_goal_is_measured() {
        let cases: Vec<_> = Extent::Full.cases(20_000).iter().map(ToString::to_string).collect();
        for Goal { case, most, .. } in GOALS {
            assert!(cases.iter().any(|known| known == case), "{case}");
            if let Most::Case(other, _) = most {
                assert!(cases.iter().any(|known| known == other), "{other}");
            }
        }
    }
}
