//! The command line of the Relay server.

use clap::Parser;

/// The Relay server: keeps registrations, notices triggers, dials workflows and runs the devices.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {}

fn main() {
    let _ = Arguments::parse();
}
