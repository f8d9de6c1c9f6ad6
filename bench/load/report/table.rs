//! The measurements as text.

use std::fmt::Write;

use super::Results;
use super::sample::Short;

/// One case, for the eye: medians, from where to where, and ratios.
pub(super) fn table(servers: &[String], results: &Results) -> String {
    let mut text = format!("\n{}\n{:20}", results.case, "");
    for server in servers {
        let _ = write!(text, "{server:>26}");
    }
    for other in &servers[1..] {
        let _ = write!(text, "{:>12}", format!("{}/{other}", servers[0]));
    }
    text.push('\n');
    for metric in results.metrics() {
        let _ = write!(text, "  {metric:18}");
        for server in 0..servers.len() {
            let values = results.values(server, metric);
            let (min, max) =
                values.iter().fold((f64::NAN, f64::NAN), |(min, max), v| (v.min(min), v.max(max)));
            let range = format!("[{}–{}]", Short(min), Short(max));
            let _ = write!(text, "{:>9} {range:16}", Short(results.median(server, metric)));
        }
        for other in 1..servers.len() {
            let _ = write!(text, "{:>12}", Short(results.ratio(other, metric)));
        }
        text.push('\n');
    }
    text
}

/// All cases in Markdown, medians only.
pub(super) fn markdown(servers: &[String], cases: &[Results]) -> String {
    let mut text = format!(
        "| case | measure | {} |\n| --- | ---{} |\n",
        servers.join(" | "),
        " | ---:".repeat(servers.len())
    );
    for results in cases {
        for metric in results.metrics() {
            let _ = write!(text, "| {} | {metric} |", results.case);
            for server in 0..servers.len() {
                let _ = write!(text, " {} |", Short(results.median(server, metric)));
            }
            text.push('\n');
        }
    }
    text
}
