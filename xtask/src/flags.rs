//! The command line.

use std::ffi::OsString;

use crate::test::Group;

xflags::xflags! {
    /// Chores of the workspace. The two that matter: `cargo xtask demo` and `cargo xtask test`.
    cmd xtask {
        /// Checks everything, or one group: unit (the inner loop, under a minute), lint, ui, system, docs.
        ///
        /// Prints one line for each step, and at the end the sum of all runners: `N passed, N failed`.
        cmd test {
            /// all (the default), unit, lint, ui, system or docs.
            optional group: Group
            /// Shows the output of every step as it comes, not only that of failed ones.
            optional -v,--verbose
            /// Counts a skipped step as failed. Set by `CI=true`.
            optional --strict
        }
        /// What CI runs: `test all --strict`.
        cmd ci {
            /// Shows the output of every step as it comes.
            optional -v,--verbose
        }
        /// Writes what is generated from relay-protocol/schema.
        cmd codegen {
            /// Only compares, and fails when a file is stale.
            optional --check
        }
        /// Checks the house rules that no other tool knows.
        cmd tidy {}
        /// Runs the whole chain once: a workflow server, an engine that dials it over TLS, and a conversation.
        cmd demo {
            /// Shows every frame.
            optional -v,--verbose
        }
        /// Looks for inputs that break something. Without a target it lists them.
        cmd fuzz {
            /// A file of fuzz/fuzz_targets.
            optional target: String
            /// For how many seconds; 60 if not said.
            optional --secs secs: u64
        }
        /// Runs the benchmarks; what follows `--` goes to them.
        cmd bench {
            /// Passed on: `cargo xtask bench -- decode`.
            repeated args: OsString
        }
    }
}
