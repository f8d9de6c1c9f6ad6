//! Memory over many sessions.

use super::bars::Round;
use super::steps;
use super::svg::{Svg, color};
use crate::report::Results;

const TITLE: f64 = 12.0;
const HEIGHT: f64 = 150.0;
/// For the numbers of the vertical axis.
const LEFT: f64 = 28.0;
/// For the names of the lines.
const RIGHT: f64 = 72.0;
const BOTTOM: f64 = 40.0;
/// Between the names of two lines, at least.
const APART: f64 = 14.0;

pub(super) const CASES: [(&str, &str, &str); 2] =
    [("endurance, 100000 sessions, ws", "ws", " dashed"), ("endurance, 100000 sessions, wss", "wss", "")];
const SESSIONS: f64 = 100_000.0;

struct Line<'a> {
    name: String,
    class: String,
    course: &'a [f64],
}

/// Where the next thing can be drawn.
pub(super) fn draw(
    svg: &mut Svg,
    (left, top): (f64, f64),
    width: f64,
    servers: &[String],
    cases: &[Results],
) -> f64 {
    let lines = lines(servers, cases);
    let Some(greatest) = lines.iter().flat_map(|line| line.course).copied().reduce(f64::max) else {
        return top;
    };
    let steps = steps(greatest);
    let (x0, y0) = (left + LEFT, top + TITLE + 14.0 + HEIGHT);
    let x1 = left + width - RIGHT;
    let y = |value: f64| y0 - value / steps.last().copied().unwrap_or(1.0) * HEIGHT;
    let x = |sessions: f64| x0 + sessions / SESSIONS * (x1 - x0);

    svg.text(
        (left, top + TITLE),
        "title",
        "Memory over 100,000 sessions, 256 at once: resident MB of the process",
    );
    for step in &steps {
        svg.line((x0, y(*step)), (x1, y(*step)), if *step == 0.0 { "axis" } else { "grid" });
        svg.text((left, y(*step) + 4.0), "quiet", Round(*step));
    }
    for tick in (0..=10).map(|tick| f64::from(tick) * SESSIONS / 10.0) {
        svg.centered((x(tick), y0 + 16.0), "quiet", Round(tick));
    }
    svg.centered(((x0 + x1) / 2.0, y0 + 32.0), "quiet", "sessions so far");

    let mut ends = Vec::new();
    for line in &lines {
        let each = SESSIONS / line.course.len() as f64;
        let points: Vec<_> =
            (1..).zip(line.course).map(|(look, value)| (x(f64::from(look) * each), y(*value))).collect();
        svg.course(&points, &line.class);
        ends.extend(points.last().map(|(_, y)| (*y, &line.name)));
    }
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut free = f64::NEG_INFINITY;
    for (y, name) in ends {
        let y = (y + 4.0).max(free);
        svg.text((x1 + 8.0, y), "quiet", name);
        free = y + APART;
    }
    y0 + BOTTOM
}

fn lines<'a>(servers: &[String], cases: &'a [Results]) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    for (case, transport, style) in CASES {
        for results in cases.iter().filter(|results| results.case == case) {
            for (number, (server, samples)) in servers.iter().zip(&results.samples).enumerate() {
                lines.extend(
                    samples.iter().map(|sample| sample.course()).find(|course| !course.is_empty()).map(
                        |course| Line {
                            name: format!("{server}, {transport}"),
                            class: format!("line{}{style}", color(number)),
                            course,
                        },
                    ),
                );
            }
        }
    }
    lines
}
