//! Programs that `relay` runs, each behind a [guard](super::guard).

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};

use tokio::io::AsyncWriteExt;
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};

use super::guard::TERMINATE;
use crate::error::{CliError, Result};

/// What to run.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    pub(crate) program: OsString,
    pub(crate) args: Vec<OsString>,
}

/// A program that runs. It ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Process {
    guard: Child,
    /// The pipe that keeps the guard from ending the program.
    lifeline: Option<ChildStdin>,
}

/// What becomes of what it writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Streams {
    /// Only stdout is for us: the rest goes where our own goes.
    Out,
    /// Both are for us.
    Both,
}

impl Program {
    pub(crate) fn new(program: impl Into<OsString>) -> Self {
        Self { program: program.into(), args: Vec::new() }
    }

    /// A line as one writes it in a shell.
    pub(crate) fn shell(line: &str) -> Self {
        let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
        // Without `exec` the shell would stand between the signal and the program.
        let line = if cfg!(windows) || line.contains([';', '&', '|', '\n']) {
            line.into()
        } else {
            format!("exec {line}")
        };
        Self { program: shell.into(), args: vec![flag.into(), line.into()] }
    }

    pub(crate) fn start(
        &self,
        dir: &Path,
        variables: &[(&str, String)],
        streams: Streams,
    ) -> Result<Process> {
        let mut command = Command::new(own_program()?);
        command.arg("guard").arg("--").arg(&self.program).args(&self.args);
        command.current_dir(dir).stdin(Stdio::piped()).stdout(Stdio::piped());
        command.envs(variables.iter().map(|(name, value)| (name, value)));
        if streams == Streams::Both {
            command.stderr(Stdio::piped());
        }
        // Ctrl-C on the terminal is for us alone: we end the program when it is time to.
        #[cfg(unix)]
        command.process_group(0);
        let mut guard = command.spawn().map_err(|error| {
            CliError::failed(format_args!("cannot start {}", self.program.display())).cause(error)
        })?;
        let lifeline = guard.stdin.take();
        Ok(Process { guard, lifeline })
    }
}

impl Process {
    pub(crate) fn stdout(&mut self) -> Option<ChildStdout> {
        self.guard.stdout.take()
    }

    pub(crate) fn stderr(&mut self) -> Option<ChildStderr> {
        self.guard.stderr.take()
    }

    /// Asks the program to end in its own time.
    pub(crate) async fn terminate(&mut self) {
        if let Some(lifeline) = &mut self.lifeline {
            // If the guard is gone, so is the program.
            let _ = lifeline.write_all(TERMINATE.as_bytes()).await;
        }
    }

    /// Waits for its end. Cancel safe.
    pub(crate) async fn wait(&mut self) -> Option<ExitStatus> {
        // Not `Child::wait`, which would close the pipe: it is taken already.
        self.guard.wait().await.ok()
    }

    /// Ends it, in two seconds at most.
    pub(crate) async fn end(mut self) {
        drop(self.lifeline.take());
        let _ = self.guard.wait().await;
    }
}

/// The running program, even if its file has been replaced in the meantime.
fn own_program() -> Result<PathBuf> {
    let of_the_kernel = Path::new("/proc/self/exe");
    if of_the_kernel.exists() {
        return Ok(of_the_kernel.into());
    }
    std::env::current_exe()
        .map_err(|error| CliError::failed("this program does not know its file").cause(error))
}
