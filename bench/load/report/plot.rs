//! The figure to steer by of each case, as bars.

use std::fmt::Write;

use super::Results;
use super::sample::Short;

const COLORS: [&str; 4] = ["#b7410e", "#8a8a8a", "#e3b505", "#4a7fb0"];
const LEFT: usize = 270;
const BAR: usize = 340;
const ROW: usize = 15;

/// Each case has a scale of its own; the longest bar is its greatest value.
pub(super) fn plot(servers: &[String], cases: &[Results]) -> String {
    let block = servers.len() * ROW + 12;
    let (width, height) = (LEFT + BAR + 90, 40 + cases.len() * block);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" \
         font-size=\"11\" fill=\"#555\">\n"
    );
    for (i, server) in servers.iter().enumerate() {
        let (x, color) = (LEFT + i * 90, COLORS[i % COLORS.len()]);
        let _ = writeln!(svg, "<rect x=\"{x}\" y=\"8\" width=\"10\" height=\"10\" fill=\"{color}\"/>");
        let _ = writeln!(svg, "<text x=\"{}\" y=\"17\">{server}</text>", x + 15);
    }
    for (n, results) in cases.iter().enumerate() {
        let Some(metric) = results.samples.iter().flatten().next().and_then(|sample| sample.metrics().next())
        else {
            continue;
        };
        let top = 40 + n * block;
        let values: Vec<f64> = (0..servers.len()).map(|server| results.median(server, metric)).collect();
        let greatest = values.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
        let _ = writeln!(svg, "<text x=\"0\" y=\"{}\">{}</text>", top + 11, results.case);
        let _ = writeln!(svg, "<text x=\"0\" y=\"{}\" fill=\"#999\">{metric}</text>", top + 11 + ROW);
        for (i, value) in values.into_iter().enumerate() {
            let (y, color) = (top + i * ROW, COLORS[i % COLORS.len()]);
            let length = (value / greatest * BAR as f64).max(1.0);
            let _ = writeln!(
                svg,
                "<rect x=\"{LEFT}\" y=\"{y}\" width=\"{length:.0}\" height=\"{}\" fill=\"{color}\"/>",
                ROW - 3
            );
            let _ = writeln!(
                svg,
                "<text x=\"{:.0}\" y=\"{}\">{}</text>",
                LEFT as f64 + length + 6.0,
                y + 10,
                Short(value)
            );
        }
    }
    svg + "</svg>\n"
}
