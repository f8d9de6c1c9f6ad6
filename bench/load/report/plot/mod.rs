//! The plot for the guide: what a reader wants to see of the results, in small charts.

mod bars;
mod course;
mod svg;

use super::sample::Metric;
use super::{Machine, Results};
use svg::{Svg, WIDTH};

/// A chart of bars: one metric, and the cases with what they are called there.
struct Chart {
    title: &'static str,
    metric: Metric,
    cases: &'static [(&'static str, &'static str)],
}

const CHARTS: [Chart; 4] = [
    Chart {
        title: "CPU time for a session, µs",
        metric: Metric::Cpu,
        cases: &[
            ("sessions, 64 at once, ws", "ws, 64 at once"),
            ("sessions, 256 at once, ws", "ws, 256 at once"),
            ("sessions, 64 at once, wss", "wss, 64 at once"),
            ("sessions, 256 at once, wss", "wss, 256 at once"),
        ],
    },
    Chart {
        title: "CPU time for a request, µs",
        metric: Metric::Cpu,
        cases: &[
            ("requests, 64 connections, ws", "ws, 64 connections"),
            ("requests, 1024 connections, ws", "ws, 1,024 connections"),
            ("requests, 64 connections, wss", "wss, 64 connections"),
            ("requests, 1024 connections, wss", "wss, 1,024 connections"),
        ],
    },
    Chart {
        title: "Memory for an idle session, KiB",
        metric: Metric::Resident,
        cases: &[
            ("idle, 10000 sessions, ws", "ws, 10,000 sessions"),
            ("idle, 10000 sessions, wss", "wss, 10,000 sessions"),
        ],
    },
    Chart {
        title: "From an event to the last answer, ms",
        metric: Metric::Answered,
        cases: &[
            ("idle, 3000 sessions, ws", "ws, 3,000 sessions"),
            ("idle, 3000 sessions, wss", "wss, 3,000 sessions"),
        ],
    },
];

const MARGIN: f64 = 24.0;
const HEAD: f64 = 80.0;
const GUTTER: f64 = 36.0;

/// Two charts beside each other, then the course of memory; what was not measured is left out.
pub(super) fn plot(machine: &Machine, servers: &[String], cases: &[Results]) -> String {
    let mut svg = Svg::default();
    svg.legend(servers, MARGIN, 32.0);
    svg.text(
        (MARGIN, 54.0),
        "quiet",
        format_args!("CPU time is user and system time of the server process. {machine}"),
    );
    let half = (WIDTH - 2.0 * MARGIN - GUTTER) / 2.0;
    let mut y = HEAD;
    let charts: Vec<_> = CHARTS.iter().map(|chart| chart.groups(servers.len(), cases)).collect();
    let measured: Vec<_> = CHARTS.iter().zip(&charts).filter(|(_, groups)| !groups.is_empty()).collect();
    for row in measured.chunks(2) {
        let lefts = [MARGIN, MARGIN + half + GUTTER];
        let heights = row
            .iter()
            .zip(lefts)
            .map(|((chart, groups), x)| bars::draw(&mut svg, (x, y), half, chart.title, groups));
        y += heights.fold(0.0, f64::max) + GUTTER;
    }
    y = course::draw(&mut svg, (MARGIN, y), WIDTH - 2.0 * MARGIN, servers, cases);
    svg.finish(y)
}

impl Chart {
    /// Of each case that was measured its name and the value of each server.
    fn groups(&self, servers: usize, cases: &[Results]) -> Vec<(&'static str, Vec<f64>)> {
        let group = |(case, label): &(&str, &'static str)| {
            let results = cases.iter().find(|results| results.case == *case)?;
            Some((*label, (0..servers).map(|server| results.median(server, self.metric)).collect()))
        };
        self.cases.iter().filter_map(group).collect()
    }
}

/// The steps of an axis, with the last at or above the greatest value: three to six of a round size.
fn steps(greatest: f64) -> Vec<f64> {
    let magnitude = 10_f64.powf((greatest / 3.0).log10().floor());
    let sizes = [1.0, 2.0, 2.5, 5.0, 10.0].map(|size| size * magnitude);
    let size = sizes.into_iter().find(|size| greatest / size <= 5.0).unwrap_or(magnitude);
    (0..=(greatest / size).ceil() as u32).map(|step| f64::from(step) * size).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Extent;

    #[test]
    fn what_is_drawn_is_measured() {
        let cases: Vec<_> = Extent::Full.cases(20_000).iter().map(ToString::to_string).collect();
        let drawn = CHARTS.iter().flat_map(|chart| chart.cases).map(|(case, _)| *case);
        for case in drawn.chain(course::CASES.map(|(case, ..)| case)) {
            assert!(cases.iter().any(|known| known == case), "{case}");
        }
    }

    #[test]
    fn an_axis_has_few_steps_of_a_round_size() {
        assert_eq!(steps(1_530.0), [0.0, 500.0, 1_000.0, 1_500.0, 2_000.0]);
        assert_eq!(steps(9.7), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(steps(0.04), [0.0, 0.01, 0.02, 0.03, 0.04]);
    }
}
