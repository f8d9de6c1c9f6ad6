//! What holds for Rust source.

use super::Finding;
use super::files::File;
use super::tokens::{self, Word};

/// The crates that others depend on. A panic there is a fault of ours that somebody else must explain.
const PUBLISHED: &[&str] =
    &["relay-protocol/src/", "relay-engine/src/", "relay-macros/src/", "relay-runtime/src/"];

/// The crates without I/O.
const SANS_IO: &[&str] = &["relay-protocol/src/", "relay-engine/src/"];

/// A row of words, and why it must not stand there.
type Ban = (&'static [&'static str], &'static str);

const MAY_PANIC: &[Ban] = &[
    (&[".", "unwrap", "("], "may panic: handle it, or make it impossible"),
    (&[".", "expect", "("], "may panic: handle it, or make it impossible"),
    (&["panic", "!"], "panics: return an error"),
    (&["todo", "!"], "panics: do it"),
    (&["unimplemented", "!"], "panics: implement it"),
];

const DOES_IO: &[Ban] = &[
    (&["std", "::"], "this crate is no_std: use core or alloc"),
    (&["Instant"], "this crate has no clock: take a Timestamp"),
    (&["SystemTime"], "this crate has no clock: take a Timestamp"),
    (&["HashMap"], "its order differs from run to run: use BTreeMap"),
    (&["HashSet"], "its order differs from run to run: use BTreeSet"),
];

const SLEEPS: &[Ban] =
    &[(&["sleep", "("], "a test must not sleep: wait for what it waits for, or pause the clock")];

pub fn check(file: &File, findings: &mut Vec<Finding>) {
    if !file.is_rust() || file.is_specimen() {
        return;
    }
    if !file.is_generated() && !file.text.starts_with("//! ") {
        findings.push(Finding::new(&file.path, 1, "must begin with `//!` and what the file is for"));
    }
    let words = match tokens::words(&file.text) {
        Ok(words) => words,
        Err(error) => return findings.push(Finding::new(&file.path, 0, format!("cannot be read: {error}"))),
    };
    // Under the paused clock a sleep is a number.
    let paused = words.iter().any(|word| word.text == "start_paused" || word.text == "pause");
    let mut ban = |bans, in_tests: bool| {
        let wanted = |word: &Word| (word.test || file.is_test()) == in_tests;
        findings
            .extend(banned(&words, bans, wanted).map(|(line, what)| Finding::new(&file.path, line, what)));
    };
    if PUBLISHED.iter().any(|published| file.path.starts_with(published)) {
        ban(MAY_PANIC, false);
    }
    if SANS_IO.iter().any(|core| file.path.starts_with(core)) {
        ban(DOES_IO, false);
    }
    if !paused {
        ban(SLEEPS, true);
    }
}

fn banned<'a>(
    words: &'a [Word],
    bans: &'a [Ban],
    wanted: impl Fn(&Word) -> bool,
) -> impl Iterator<Item = (usize, String)> {
    words.iter().enumerate().filter(move |(_, word)| wanted(word)).filter_map(|(at, word)| {
        let found = bans.iter().find(|(row, _)| {
            let here = words[at..].iter().map(|word| word.text.as_str());
            here.take(row.len()).eq(row.iter().copied())
        });
        found.map(|(row, why)| (word.line, format!("`{}` {why}", row.concat())))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, text: &str) -> Vec<String> {
        let mut findings = Vec::new();
        check(&File { path: path.to_owned(), text: format!("//! A test.\n{text}") }, &mut findings);
        findings.iter().map(Finding::to_string).collect()
    }

    #[test]
    fn published_crates_do_not_panic() {
        let found = findings("relay-runtime/src/a.rs", "fn f() { g().unwrap() }");
        assert_eq!(
            found,
            ["relay-runtime/src/a.rs:2: `.unwrap(` may panic: handle it, or make it impossible"]
        );
        assert_eq!(findings("relay-runtime/src/a.rs", "fn f() { g().unwrap_or(0) }"), [""; 0]);
        assert_eq!(findings("relay-runtime/src/a.rs", "#[test] fn f() { g().unwrap() }"), [""; 0]);
        assert_eq!(findings("xtask/src/a.rs", "fn f() { g().unwrap() }"), [""; 0]);
    }

    #[test]
    fn the_core_has_no_clock() {
        let found = findings("relay-protocol/src/a.rs", "fn f(now: std::time::Instant) {}");
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(findings("relay-protocol/src/a.rs", "#[cfg(test)] mod tests { use std::vec; }"), [""; 0]);
        assert_eq!(findings("relay-protocol/src/a.rs", "/// Not `std::time`.\nfn f() {}"), [""; 0]);
    }

    #[test]
    fn tests_do_not_sleep_unless_the_clock_is_paused() {
        assert_eq!(findings("relay-runtime/tests/a.rs", "async fn f() { sleep(secs(1)).await }").len(), 1);
        let paused = "#[tokio::test(start_paused = true)] async fn f() { sleep(secs(1)).await }";
        assert_eq!(findings("relay-runtime/tests/a.rs", paused), [""; 0]);
        assert_eq!(findings("relay-runtime/src/a.rs", "async fn f() { sleep(secs(1)).await }"), [""; 0]);
    }
}
