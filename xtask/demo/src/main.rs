//! The whole chain once, in front of you: `cargo xtask demo [-v]`.
//!
//! Builds the example `hello_world`, runs it as a process of its own with a certificate made for the occasion, dials it
//! as Relay would, plays the device, and stops it in the middle of a second conversation. Needs nothing, leaves nothing.

mod example;
mod screen;
mod server;
mod steps;
mod story;

use std::process::ExitCode;

use steps::Steps;

const USAGE: &str = "\
Runs the example `hello_world` as a real server and plays the device.

Usage: cargo xtask demo [-v]

  -v, --verbose  shows every frame, with the time since the dial
  -h, --help     shows this
";

/// What a shell reports for a program that was interrupted.
const INTERRUPTED: u8 = 130;

fn main() -> ExitCode {
    let mut verbose = false;
    for argument in std::env::args().skip(1) {
        match &*argument {
            "-v" | "--verbose" => verbose = true,
            "-h" | "--help" => {
                screen::text(USAGE);
                return ExitCode::SUCCESS;
            }
            other => {
                screen::text(&format!("`{other}` is not known.\n\n{USAGE}"));
                return ExitCode::from(2);
            }
        }
    }
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            screen::failed("the start", &error.into());
            return ExitCode::FAILURE;
        }
    };
    // Whatever ends this, the server and the temporary files go with the future that holds them.
    runtime.block_on(async {
        let mut steps = Steps::new(verbose);
        let ended = tokio::select! {
            result = steps.run() => Some(result),
            () = interrupted() => None,
        };
        match ended {
            Some(Ok(())) => ExitCode::SUCCESS,
            Some(Err(error)) => {
                screen::failed(steps.current(), &error);
                ExitCode::FAILURE
            }
            None => {
                screen::text("\ninterrupted\n");
                ExitCode::from(INTERRUPTED)
            }
        }
    })
}

/// Ctrl-C or SIGTERM.
async fn interrupted() {
    #[cfg(unix)]
    if let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        return;
    }
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}
