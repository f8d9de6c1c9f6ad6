//! Values beside each other.

use super::steps;
use super::svg::Svg;
use crate::report::sample::Short;

const TITLE: f64 = 12.0;
const LABEL: f64 = 18.0;
const BAR: f64 = 11.0;
const GAP: f64 = 3.0;
/// For the value behind the longest bar.
const VALUE: f64 = 42.0;
const AXIS: f64 = 20.0;

/// The height that it took.
pub(super) fn draw(
    svg: &mut Svg,
    (left, top): (f64, f64),
    width: f64,
    title: &str,
    groups: &[(&str, Vec<f64>)],
) -> f64 {
    let values = groups.iter().flat_map(|(_, values)| values).copied().filter(|value| value.is_finite());
    let steps = steps(values.fold(f64::MIN_POSITIVE, f64::max));
    let scale = (width - VALUE) / steps.last().copied().unwrap_or(1.0);
    let group = |values: &[f64]| LABEL + values.len() as f64 * (BAR + GAP) + GAP;
    let bars: f64 = groups.iter().map(|(_, values)| group(values)).sum();

    svg.text((left, top + TITLE), "title", title);
    let mut y = top + TITLE + LABEL / 2.0;
    let bottom = y + bars + GAP;
    for step in &steps {
        let x = left + step * scale;
        svg.line((x, y + GAP), (x, bottom), if *step == 0.0 { "axis" } else { "grid" });
        svg.centered((x, bottom + AXIS - 6.0), "quiet", Round(*step));
    }
    for (label, values) in groups {
        svg.text((left + 6.0, y + LABEL - 4.0), "quiet", label);
        y += LABEL;
        for (server, value) in values.iter().enumerate() {
            if value.is_finite() {
                let length = (value * scale).max(1.0);
                svg.bar((left, y), length, BAR, server);
                svg.text((left + length + 5.0, y + BAR - 1.5), "quiet", Short(*value));
            }
            y += BAR + GAP;
        }
        y += GAP;
    }
    bottom + AXIS - top
}

/// A step of an axis: no more digits than it needs.
pub(super) struct Round(pub(super) f64);

impl std::fmt::Display for Round {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let rounded = (self.0 * 1e6).round() / 1e6;
        if rounded >= 1_000.0 && rounded % 1.0 == 0.0 {
            write!(f, "{},{:03}", (rounded / 1_000.0).floor(), rounded % 1_000.0)
        } else {
            write!(f, "{rounded}")
        }
    }
}
