//! Shapes, in the colours of a light or a dark page.

use std::fmt::{Display, Write};

pub(super) const WIDTH: f64 = 760.0;

/// The first server stands out. The card has a background of its own, as nobody knows on what page it is shown.
const STYLE: &str = "\
text { font: 12px system-ui, sans-serif; fill: #24292f }
.title { font-weight: 600; font-size: 13px }
.quiet { fill: #656d76; font-size: 11px }
.card { fill: #fff; stroke: #d8dee4 }
.grid { stroke: #e4e8ec }
.axis { stroke: #8c959f }
.fill0 { fill: #c2410c } .line0 { stroke: #c2410c }
.fill1 { fill: #7b8794 } .line1 { stroke: #7b8794 }
.fill2 { fill: #d9a400 } .line2 { stroke: #d9a400 }
.fill3 { fill: #3b78b5 } .line3 { stroke: #3b78b5 }
.course { fill: none; stroke-width: 2 }
.dashed { stroke-dasharray: 5 4 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .quiet { fill: #9198a1 }
  .card { fill: #161b22; stroke: #30363d }
  .grid { stroke: #2a3038 }
  .axis { stroke: #6e7681 }
  .fill0 { fill: #f0803c } .line0 { stroke: #f0803c }
  .fill2 { fill: #e3b341 } .line2 { stroke: #e3b341 }
}";

/// Styles for so many servers.
const COLORS: usize = 4;

pub(super) fn color(server: usize) -> usize {
    server % COLORS
}

#[derive(Default)]
pub(super) struct Svg(String);

impl Svg {
    pub(super) fn text(&mut self, (x, y): (f64, f64), class: &str, text: impl Display) {
        self.push(format_args!("<text x=\"{x:.1}\" y=\"{y:.1}\" class=\"{class}\">{text}</text>"));
    }

    /// Text whose middle is at `x`.
    pub(super) fn centered(&mut self, (x, y): (f64, f64), class: &str, text: impl Display) {
        self.push(format_args!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" class=\"{class}\" text-anchor=\"middle\">{text}</text>"
        ));
    }

    pub(super) fn bar(&mut self, (x, y): (f64, f64), width: f64, height: f64, server: usize) {
        let color = color(server);
        self.push(format_args!(
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"1.5\" class=\"fill{color}\"/>"
        ));
    }

    pub(super) fn line(&mut self, (x1, y1): (f64, f64), (x2, y2): (f64, f64), class: &str) {
        self.push(format_args!(
            "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" class=\"{class}\"/>"
        ));
    }

    pub(super) fn course(&mut self, points: &[(f64, f64)], class: &str) {
        let points: Vec<_> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        self.push(format_args!("<polyline points=\"{}\" class=\"course {class}\"/>", points.join(" ")));
    }

    /// Which colour is whose.
    pub(super) fn legend(&mut self, servers: &[String], mut x: f64, y: f64) {
        for (number, server) in servers.iter().enumerate() {
            self.bar((x, y - 10.0), 12.0, 12.0, number);
            let meaning = match server.as_str() {
                "ours" => " (this SDK)",
                "bare" => " (tokio-tungstenite, no SDK)",
                "js" => " (official SDK on node)",
                _ => "",
            };
            self.text((x + 18.0, y), "", format_args!("{server}{meaning}"));
            x += 60.0 + 6.6 * (server.len() + meaning.len()) as f64;
        }
    }

    pub(super) fn finish(self, height: f64) -> String {
        let Self(shapes) = self;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height:.0}\">\n<style>\n{STYLE}\n</style>\n\
             <rect x=\"0.5\" y=\"0.5\" width=\"{:.0}\" height=\"{:.0}\" rx=\"8\" class=\"card\"/>\n{shapes}</svg>\n",
            WIDTH - 1.0,
            height - 1.0,
        )
    }

    fn push(&mut self, shape: std::fmt::Arguments<'_>) {
        let _ = writeln!(self.0, "{shape}"); // a String takes everything
    }
}
