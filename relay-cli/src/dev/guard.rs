//! A process between `relay` and each program that it runs, so that nothing outlives it.
//!
//! The guard's input is a pipe of which only `relay` holds the other end. However `relay` ends, SIGKILL included, the kernel
//! closes it, and the guard ends the program with all that the program has started. It works for programs in any
//! language, which need not know of it.

use std::ffi::OsString;
use std::io::{self, BufRead};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use clap::Args;

use crate::error::{CliError, Result};

/// What is said to a guard for the program to end in its own time.
pub(super) const TERMINATE: &str = "terminate\n";

/// How long the program gets to end once nobody holds the pipe any more.
const GRACE: Duration = Duration::from_secs(2);

/// Run a program that ends when the input is closed.
#[derive(Debug, Args)]
pub(crate) struct Guard {
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    program: Vec<OsString>,
}

impl Guard {
    /// Ends with the exit code of the program.
    pub(crate) fn run(self) -> Result<()> {
        let (program, args) = self.program.split_first().ok_or_else(|| CliError::usage("no program"))?;
        let mut command = Command::new(program);
        command.args(args).stdin(Stdio::null());
        group::lead(&mut command);
        let mut child = command.spawn().map_err(|error| {
            CliError::failed(format_args!("cannot start {}", program.display())).cause(error)
        })?;
        let (over, is_over) = channel::<()>();
        let id = child.id();
        thread::spawn(move || listen(id, &is_over));
        group::wait_for_end(&child);
        // What the program has started and left behind.
        group::kill(id);
        let status = child.wait();
        drop(over);
        std::process::exit(code(status, &mut child))
    }
}

/// Does what the pipe says, until it is closed.
fn listen(id: u32, is_over: &Receiver<()>) {
    for line in io::stdin().lock().lines() {
        match line {
            Ok(line) if line == TERMINATE.trim_end() => group::terminate(id),
            Ok(_) => {}
            Err(_) => break,
        }
    }
    group::terminate(id);
    let _ = is_over.recv_timeout(GRACE);
    group::kill(id);
}

/// As shells have it: 128 and the number of the signal.
fn code(status: io::Result<ExitStatus>, child: &mut Child) -> i32 {
    let Ok(status) = status else {
        let _ = child.kill();
        return 1;
    };
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return 128 + signal;
    }
    status.code().unwrap_or(1)
}

/// The program and what it starts are a group of processes, which is signalled as a whole.
#[cfg(unix)]
mod group {
    use std::os::unix::process::CommandExt;
    use std::process::{Child, Command};

    use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

    pub(super) fn lead(command: &mut Command) {
        command.process_group(0);
    }

    /// The process keeps its number until somebody asks how it ended, so that no other is meant afterwards.
    pub(super) fn wait_for_end(child: &Child) {
        if let Some(pid) = pid(child.id()) {
            let _ = waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT);
        }
    }

    pub(super) fn terminate(id: u32) {
        signal(id, Signal::TERM);
    }

    pub(super) fn kill(id: u32) {
        signal(id, Signal::KILL);
    }

    fn signal(id: u32, signal: Signal) {
        if let Some(pid) = pid(id) {
            // It fails if the group is gone, which is what is wanted.
            let _ = kill_process_group(pid, signal);
        }
    }

    fn pid(id: u32) -> Option<Pid> {
        Pid::from_raw(i32::try_from(id).ok()?)
    }
}

/// Elsewhere only the program itself ends.
#[cfg(not(unix))]
mod group {
    use std::process::{Child, Command, Stdio};

    pub(super) fn lead(_: &mut Command) {}

    pub(super) fn wait_for_end(_: &Child) {}

    pub(super) fn terminate(_: u32) {}

    pub(super) fn kill(id: u32) {
        let _ = Command::new("taskkill")
            .args(["/T", "/F", "/PID", &id.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
    }
}
