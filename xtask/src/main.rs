//! Chores of the workspace: `cargo xtask --help`.

#![allow(missing_docs, unreachable_pub, clippy::print_stdout, clippy::print_stderr)] // a program, not a library

mod codegen;
mod schema;

use std::path::{Path, PathBuf};

use anyhow::Result;

xflags::xflags! {
    /// Chores of the workspace.
    cmd xtask {
        /// Writes what is generated from relay-protocol/schema.
        cmd codegen {
            /// Only compares, and fails when a file is stale.
            optional --check
        }
    }
}

fn main() -> Result<()> {
    let root = root();
    match Xtask::from_env_or_exit().subcommand {
        XtaskCmd::Codegen(flags) => codegen::run(&root, flags.check),
    }
}

/// The root of the workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned).unwrap_or_default()
}
