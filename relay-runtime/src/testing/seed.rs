//! By which chance the platform is difficult.

use std::env;
use std::thread;

use super::fail;

/// The environment variable that decides it for all tests of a run: a number, or `off`.
const VARIABLE: &str = "RELAY_SEED";

/// A seed, or none for a platform that behaves well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seed(pub(super) Option<u64>);

impl Seed {
    /// From the environment; else by the name of the test, so that each run of it is the same and no two tests are.
    pub(super) fn of_this_test() -> Self {
        match env::var(VARIABLE) {
            Ok(text) => Self::read(&text),
            Err(_) => Self(Some(hash(thread::current().name().unwrap_or_default()))),
        }
    }

    fn read(text: &str) -> Self {
        match (text, text.parse()) {
            ("off", _) => Self(None),
            (_, Ok(seed)) => Self(Some(seed)),
            _ => fail(format!("{VARIABLE} is a number or `off`, got {text:?}")),
        }
    }
}

/// FNV-1a, cut to numbers that people can type. The standard library's hash may change with its version.
fn hash(text: &str) -> u64 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash % 1_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_a_number_or_off() {
        assert_eq!(Seed::read("17"), Seed(Some(17)));
        assert_eq!(Seed::read("off"), Seed(None));
        assert!(std::panic::catch_unwind(|| Seed::read("on")).is_err());
    }

    #[test]
    fn tests_differ_and_stay_the_same() {
        assert_ne!(hash("a"), hash("b"));
        assert_eq!(hash("greets_by_name"), hash("greets_by_name"));
    }
}
