//! What the runners say that they ran.

use std::fmt;
use std::ops::AddAssign;

/// How many tests, or checks, had which end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
    pub skipped: u64,
}

impl Tally {
    /// One check that passed.
    pub const PASSED: Self = Self { passed: 1, failed: 0, skipped: 0 };
    /// One check that failed.
    pub const FAILED: Self = Self { passed: 0, failed: 1, skipped: 0 };

    /// Whether it counts a single check, about which there is nothing more to say.
    pub fn is_one(self) -> bool {
        self == Self::PASSED || self == Self::FAILED
    }

    /// The same, with what was skipped as failed.
    pub fn strictly(self) -> Self {
        Self { failed: self.failed + self.skipped, skipped: 0, ..self }
    }

    /// At least one failure when the runner as a whole did not succeed: it may not have come to count it.
    pub fn judged(mut self, success: bool) -> Self {
        if !success {
            self.failed = self.failed.max(1);
        }
        self
    }

    /// What `cargo test` printed: one `test result:` line for each binary.
    pub fn of_libtest(output: &str) -> Self {
        let mut sum = Self::default();
        for line in output.lines() {
            if let Some(result) = line.trim_start().strip_prefix("test result: ") {
                sum.take(result.split_once(". ").map_or("", |(_, counts)| counts).split(';'));
            }
        }
        sum
    }

    /// What `cargo nextest run` printed: `Summary [   0.1s] 3 tests run: 2 passed (1 slow), 1 timed out, 1 skipped`.
    pub fn of_nextest(output: &str) -> Self {
        let mut sum = Self::default();
        let summaries = output.lines().filter(|line| line.trim_start().starts_with("Summary ["));
        for line in summaries {
            let counts = line.split_once(" run: ").map_or("", |(_, counts)| counts);
            sum.take(without_parentheses(counts).split(','));
        }
        sum
    }

    /// Adds `12 passed`, `1 timed out` and the like.
    fn take<'a>(&mut self, counts: impl Iterator<Item = &'a str>) {
        for count in counts {
            let Some((number, what)) = count.trim().split_once(' ') else { continue };
            let Ok(number) = number.parse::<u64>() else { continue };
            match what {
                "passed" => self.passed += number,
                "skipped" | "ignored" => self.skipped += number,
                "failed" | "timed out" | "exec failed" => self.failed += number,
                _ => {} // measured, filtered out, finished in
            }
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// `12 passed, 0 failed`, and what was skipped, if anything was.
impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

fn without_parentheses(text: &str) -> String {
    let mut depth = 0_u32;
    text.chars()
        .filter(|c| match c {
            '(' => {
                depth += 1;
                false
            }
            ')' => {
                depth = depth.saturating_sub(1);
                false
            }
            _ => depth == 0,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(passed: u64, failed: u64, skipped: u64) -> Tally {
        Tally { passed, failed, skipped }
    }

    #[test]
    fn results_of_all_binaries_are_added() {
        let output = "running 2 tests\ntest a ... ok\n\
            test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\n\
            test result: FAILED. 3 passed; 4 failed; 0 ignored; 0 measured; 9 filtered out; finished in 1.20s\n";
        assert_eq!(Tally::of_libtest(output), tally(5, 4, 1));
    }

    #[test]
    fn nextest_counts_in_its_summary() {
        for (line, expected) in [
            ("     Summary [   0.052s] 12 tests run: 12 passed, 0 skipped", tally(12, 0, 0)),
            ("     Summary [   3.1s] 1 test run: 0 passed, 1 failed, 3 skipped", tally(0, 1, 3)),
            (
                "     Summary [  70.0s] 9/12 tests run: 6 passed (1 slow, 2 flaky), 2 failed, 1 timed out",
                tally(6, 3, 0),
            ),
            (
                "     Summary [   1.0s] 2 tests run: 1 passed (1 leaky), 1 exec failed, 0 skipped",
                tally(1, 1, 0),
            ),
        ] {
            assert_eq!(Tally::of_nextest(line), expected, "{line}");
        }
    }

    #[test]
    fn what_tests_print_is_not_counted() {
        assert_eq!(Tally::of_libtest("all 7 passed; 1 failed"), Tally::default());
        assert_eq!(Tally::of_nextest("7 tests run: 7 passed"), Tally::default());
    }

    #[test]
    fn a_runner_that_broke_off_has_failed() {
        assert_eq!(Tally::of_libtest("error: could not compile").judged(false), Tally::FAILED);
        assert_eq!(tally(3, 2, 0).judged(false), tally(3, 2, 0));
        assert_eq!(tally(3, 0, 0).judged(true), tally(3, 0, 0));
    }

    #[test]
    fn the_last_line_has_one_form() {
        assert_eq!(tally(3, 0, 0).to_string(), "3 passed, 0 failed");
        assert_eq!(tally(3, 1, 2).to_string(), "3 passed, 1 failed, 2 skipped");
        assert_eq!(tally(3, 1, 2).strictly().to_string(), "3 passed, 3 failed");
    }
}
