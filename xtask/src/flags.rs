//! The command line.

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
        /// Runs the official JS SDK and command line, from npm, against our server. Needs node and npm.
        cmd interop {
            /// Shows what the tests write.
            optional -v,--verbose
        }
        /// Looks for inputs that break something. Without a target it lists them.
        cmd fuzz {
            /// A file of fuzz/fuzz_targets.
            optional target: String
            /// For how many seconds; 60 if not said.
            optional --secs secs: u64
        }
        /// Measures our SDK, a bare WebSocket loop and the official JS SDK in turns.
        ///
        /// target/bench gets goals.md (what is to be reached, and what was), results.md (all measures of all cases),
        /// bench.svg (a plot) and bench.json (every sample). Fails when a session of ours did.
        cmd bench {
            /// A small case of each kind, one round: a minute or two, where all of it takes three quarters of an hour.
            optional --quick
            /// Only the cases whose name contains this: `idle`, `wss`, `50000`, `requests, 64`. Allocations only without.
            optional --only name: String
            /// How often each server has its turn; 3 if not said, 1 if quick. What takes long has one turn anyway.
            optional --rounds rounds: u64
            /// No new case is begun after so many minutes; 60 if not said, 2 if quick.
            optional --minutes minutes: u64
            /// Measures nothing: makes tables and plot anew from the bench.json of the last run.
            optional --again
        }
        /// Builds the `relay` command as it is handed out; fails when it has more than 20 MB.
        cmd size {}
        /// Counts instructions with valgrind; fails when a case takes 5 % more than bench/icount/baseline.toml says.
        cmd icount {
            /// Makes what is counted the baseline.
            optional --write
        }
    }
}
