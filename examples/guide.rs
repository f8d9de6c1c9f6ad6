//! The programs in the README and in the guide, compiled and run as tests of the documentation.

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

#[cfg(doctest)]
#[doc = include_str!("../docs/tutorial/first-workflow.md")]
mod first_workflow {}

#[cfg(doctest)]
#[doc = include_str!("../docs/how-to/test-a-workflow.md")]
mod test_a_workflow {}

#[cfg(doctest)]
#[doc = include_str!("../docs/how-to/serve-over-tls.md")]
mod serve_over_tls {}

#[cfg(doctest)]
#[doc = include_str!("../docs/how-to/prove-who-dials.md")]
mod prove_who_dials {}

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
    use std::path::Path;

    use relay_runtime::server::Limits;

    /// An example that is not listed, not run in the hundred ways, or has no tests would be worth half as much.
    #[test]
    fn every_example_is_in_the_index_and_is_tested() {
        let index = include_str!("../docs/examples.md");
        let hundred_ways = include_str!("tests/examples.rs");
        let mut examples = 0;
        for file in Path::new(env!("CARGO_MANIFEST_DIR")).read_dir().unwrap() {
            let file = file.unwrap().path();
            let name = file.file_stem().unwrap().to_str().unwrap();
            if file.extension().is_none_or(|it| it != "rs") || ["guide", "bench_target"].contains(&name) {
                continue;
            }
            assert!(index.contains(&format!("| [{name}](../examples/{name}.rs)")), "{name} is not listed");
            assert!(hundred_ways.contains(&format!("mod {name};")), "{name} is not run in a hundred ways");
            let text = std::fs::read_to_string(&file).unwrap();
            assert!(text.contains("#[relay_runtime::test]"), "{name} has no tests");
            assert!(
                text.contains(&format!("`cargo run --example {name}`")),
                "{name} does not say how it is run"
            );
            examples += 1;
        }
        assert_eq!(index.matches("](../examples/").count(), examples, "the index lists what is not there");
        let introduction = include_str!("../docs/introduction.md");
        assert!(introduction.contains(&format!("[{examples} examples]")), "there are {examples}");
    }

    /// The table would not be trusted for long otherwise.
    #[test]
    fn the_guide_knows_the_limits() {
        let page = include_str!("../docs/reference/server.md");
        let limits = format!("{:?}", Limits::default());
        let (_, fields) = limits.split_once('{').unwrap();
        for field in fields.trim_matches([' ', '}']).split(", ") {
            let (name, value) = field.split_once(": ").unwrap();
            let row = page.lines().find(|line| line.starts_with(&format!("| `{name}` |"))).expect(name);
            let documented = row
                .split('|')
                .nth(2)
                .unwrap()
                .replace([',', ' '], "")
                .replace("1MiB", "1048576")
                .replace("none", "None");
            assert_eq!(documented, value, "{name}");
        }
    }
}
