//! The programs in the README and in the guide, compiled and run as tests of the documentation.

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

#[cfg(doctest)]
#[doc = include_str!("../docs/tutorial/first-workflow.md")]
mod first_workflow {}

#[cfg(doctest)]
#[doc = include_str!("../docs/how-to/serve-over-tls.md")]
mod serve_over_tls {}

#[cfg(doctest)]
#[doc = include_str!("../docs/how-to/trigger-over-http.md")]
mod trigger_over_http {}

#[cfg(doctest)]
#[doc = include_str!("../docs/how-to/signal-other-sessions.md")]
mod signal_other_sessions {}

#[cfg(doctest)]
#[doc = include_str!("../docs/coming-from-other-sdks.md")]
mod coming_from_other_sdks {}

#[cfg(test)]
mod tests {
    use relay_runtime::server::Limits;

    /// The table would not be trusted for long otherwise.
    #[test]
    fn the_guide_knows_the_limits() {
        let page = include_str!("../docs/reference/server.md");
        let limits = format!("{:?}", Limits::default());
        let (_, fields) = limits.split_once('{').unwrap();
        for field in fields.trim_matches([' ', '}']).split(", ") {
            let (name, value) = field.split_once(": ").unwrap();
            let row = page.lines().find(|line| line.starts_with(&format!("| `{name}` |"))).expect(name);
            let documented =
                row.split('|').nth(2).unwrap().replace([',', ' '], "").replace("1MiB", "1048576");
            assert_eq!(documented, value, "{name}");
        }
    }
}
