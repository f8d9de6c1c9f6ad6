//! The `relay` command. All of it is in the library, so that tests can call it too.

use std::process::ExitCode;

fn main() -> ExitCode {
    relay_cli::main()
}
