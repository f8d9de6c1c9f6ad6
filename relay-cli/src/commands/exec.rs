//! `relay exec`: a command beside a Relay server of its own.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitStatus;

use clap::Args;
use tokio::process::Command;

use super::Cx;
use crate::dev::{self, Platform, Wanted};
use crate::error::{CliError, Exit, Result};

/// Run a command, such as a test, beside a server of its own.
///
/// Ends with the exit code of the command. The server is on a free port and forgets all in the end. The command finds it
/// by RELAY_HOST, RELAY_API_KEY and RELAY_SUBSCRIBER_ID; workflow servers that it starts find a certificate by
/// RELAY_TLS_CERT and RELAY_TLS_KEY. Signals are passed on.
#[derive(Debug, Args)]
pub(crate) struct Exec {
    /// Devices, registrations and more to begin with, as written by `relay dev --export`
    #[arg(long, value_name = "FILE")]
    import: Option<PathBuf>,
    /// Make a device of this name; may be said several times [default: Alice, Bob]
    #[arg(long = "device", value_name = "NAME")]
    devices: Vec<String>,
    /// Let time stand still until `relay clock` or the API advances it
    #[arg(long)]
    virtual_time: bool,
    /// What to run
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

impl Exec {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        let Some((program, args)) = self.command.split_first() else {
            return Err(CliError::usage("there is nothing to run"));
        };
        let wanted = Wanted {
            data: None,
            port: None,
            near_default: false,
            virtual_time: self.virtual_time,
            devices: dev::devices(&self.devices),
            import: self.import.as_deref().map(dev::file::read).transpose()?,
        };
        let (mut signals, paths) = (dev::Signals::new()?, cx.paths()?);
        let platform = tokio::select! {
            platform = Platform::start(wanted, &paths) => platform?,
            _ = signals.next() => return Err(CliError::failed("ended before there was a server")),
        };
        let mut command = Command::new(program);
        command.args(args).envs(platform.variables()).kill_on_drop(true);
        let mut child = command.spawn().map_err(|error| {
            CliError::usage(format_args!("cannot run {}", program.display())).cause(error)
        })?;
        // Whether that ends the command is its own affair.
        let status = loop {
            tokio::select! {
                status = child.wait() => break status,
                signal = signals.next() => signal.pass_on(&child),
            }
        };
        platform.stop().await;
        match status {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => std::process::exit(code(status)),
            Err(error) => Err(CliError::new(Exit::Failed, "the command is lost").cause(error)),
        }
    }
}

/// As shells have it.
fn code(status: ExitStatus) -> i32 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return 128 + signal;
    }
    status.code().unwrap_or(1)
}
