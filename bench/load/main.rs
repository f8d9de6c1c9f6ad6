//! Plays the Relay server against workflow servers and tells what a session costs each of them.
//!
//! Each measurement starts a server process of its own; the servers take turns, so that what else the machine does
//! hits all alike. What to steer by is the CPU time of the server process for each unit of work.

#![allow(missing_docs, unreachable_pub, clippy::print_stdout, clippy::print_stderr)] // a program, not a library

mod dial;
mod measure;
mod peer;
mod plan;
mod process;
mod report;
mod scenario;
mod stats;
mod tls;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use plan::Extent;
use process::Command;
use report::Report;
use tls::Certificate;

#[tokio::main]
async fn main() -> Result<()> {
    let flags = xflags::parse_or_exit! {
        /// A server to measure, as `name=command arg..`; the first is compared with the others.
        repeated --server server: Command
        /// A program of the server of that name whose sessions share connections, for more than there may be sockets.
        repeated --carried server: Command
        /// Heap allocations of a hello session of the first server, counted elsewhere.
        optional --allocations count: u64
        /// Folder for bench.json, bench.svg, goals.md and results.md.
        required --out folder: PathBuf
        /// A look at each kind of load, some ten seconds for each server.
        optional --quick
        /// Only the cases whose name contains this.
        optional --only name: String
        /// How often each server has its turn.
        optional --rounds rounds: usize
        /// No new measurement is begun after so many minutes.
        optional --minutes minutes: u64
        /// Measures nothing: makes tables and plot anew from bench.json.
        optional --again
    };
    if flags.again {
        return Report::read(&flags.out)?.write(&flags.out);
    }
    ensure!(!flags.server.is_empty(), "no --server to measure");
    let descriptors = raise_descriptor_limit();
    let certificate = Certificate::generate()?;

    let extent = if flags.quick { Extent::Quick } else { Extent::Full };
    let minutes = flags.minutes.unwrap_or(extent.minutes());
    let deadline = Instant::now() + Duration::from_secs(60 * minutes);
    let rounds = flags.rounds.unwrap_or(extent.rounds());
    let only = flags.only.unwrap_or_default();
    let cases = extent.cases(descriptors).into_iter().filter(|case| case.to_string().contains(&only));

    let servers = flags.server.iter().map(|server| server.name.clone()).collect();
    let mut report = Report::new(servers, flags.allocations);
    for case in cases {
        if Instant::now() > deadline {
            eprintln!("{case}: skipped, {minutes} minutes are over");
            continue;
        }
        for _ in 0..case.rounds(rounds) {
            for (number, server) in flags.server.iter().enumerate() {
                let Some(command) = case.command(server, &flags.carried) else { continue };
                let sample = case.run(command, &certificate).await;
                eprintln!("{case} · {}: {sample}", server.name);
                report.add(&case, number, sample);
            }
        }
        print!("{}", report.table(&case));
        report.write(&flags.out)?;
    }
    println!("\n{}", report.goals());
    ensure!(report.errors() == 0, "{} errors with {}", report.errors(), flags.server[0].name);
    Ok(())
}

/// As many sockets as the system gives: a session needs one here and one in the server, which inherits the limit.
fn raise_descriptor_limit() -> u64 {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    for wanted in [Some(200_000), maximum] {
        let limit = Rlimit { current: wanted, maximum: wanted.max(maximum) };
        if setrlimit(Resource::Nofile, limit).is_ok() {
            break;
        }
    }
    getrlimit(Resource::Nofile).current.unwrap_or(200_000)
}
