//! The `relay` command: register workflows, trigger them, watch them, find out why they do not run.
//!
//! ```text
//!  arguments ─► cli ─► commands/… ─► client ──► REST of a Relay server
//!                        │   ▲
//!                        │   └── config: flags, environment, profile, running `relay dev`
//!                        └─────► output: tables, JSON, CSV; errors with a cause and a next step
//! ```
//!
//! A library with a thin binary. Nothing but the binary is meant to be used by others.

mod certs;
mod chat;
mod cli;
mod client;
mod commands;
mod config;
mod dev;
mod doctor;
mod error;
mod output;
mod registration;
mod replay;
mod report;
mod stream;
mod uri;

use std::process::ExitCode;

pub use cli::command;
pub use error::{CliError, Exit};

/// Runs the command that the process was called with.
pub fn main() -> ExitCode {
    let cli = match cli::parse(std::env::args_os()) {
        Ok(cli) => cli,
        Err(unread) => return unread.tell().into(),
    };
    let cx = commands::Cx::new(cli.global);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(cli.command.run(&cx)),
        Err(error) => Err(CliError::failed("the program cannot start").cause(error)),
    };
    match result {
        Ok(()) => Exit::Ok.into(),
        Err(error) => {
            cx.out.error(&error);
            error.exit().into()
        }
    }
}
