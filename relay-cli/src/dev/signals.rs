//! What ends the command: Ctrl-C, and being told to.

use std::io;

use tokio::process::Child;

use crate::error::{CliError, Result};

/// Takes signals from now on, instead of being ended by them.
#[derive(Debug)]
pub(crate) struct Signals(system::Signals);

/// One that came.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Told(system::Told);

impl Signals {
    pub(crate) fn new() -> Result<Self> {
        let deaf = |error: io::Error| CliError::failed("signals cannot be taken").cause(error);
        system::Signals::new().map(Self).map_err(deaf)
    }

    /// Waits for one. Cancel safe.
    pub(crate) async fn next(&mut self) -> Told {
        Told(self.0.next().await)
    }
}

impl Told {
    /// Tells a process of our own group too, unless the terminal has told the whole group.
    pub(crate) fn pass_on(self, child: &Child) {
        self.0.pass_on(child);
    }
}

#[cfg(unix)]
mod system {
    use std::fs::File;
    use std::io;

    use rustix::process::{Pid, Signal, getpgrp, kill_process};
    use rustix::termios::tcgetpgrp;
    use tokio::process::Child;
    use tokio::signal::unix::{self, SignalKind, signal};

    #[derive(Debug)]
    pub(super) struct Signals {
        interrupt: unix::Signal,
        terminate: unix::Signal,
        hangup: unix::Signal,
    }

    #[derive(Debug, Clone, Copy)]
    pub(super) struct Told(Signal);

    impl Signals {
        pub(super) fn new() -> io::Result<Self> {
            Ok(Self {
                interrupt: signal(SignalKind::interrupt())?,
                terminate: signal(SignalKind::terminate())?,
                hangup: signal(SignalKind::hangup())?,
            })
        }

        pub(super) async fn next(&mut self) -> Told {
            tokio::select! {
                Some(()) = self.interrupt.recv() => Told(Signal::INT),
                Some(()) = self.terminate.recv() => Told(Signal::TERM),
                Some(()) = self.hangup.recv() => Told(Signal::HUP),
                else => std::future::pending().await,
            }
        }
    }

    impl Told {
        pub(super) fn pass_on(self, child: &Child) {
            if self.0 == Signal::INT && is_in_front() {
                return;
            }
            let pid = child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
            if let Some(pid) = pid {
                // It fails if the process has just ended, which is what is wanted.
                let _ = kill_process(pid, self.0);
            }
        }
    }

    /// Whether Ctrl-C on the terminal is for our group.
    fn is_in_front() -> bool {
        File::open("/dev/tty").is_ok_and(|terminal| tcgetpgrp(terminal).is_ok_and(|front| front == getpgrp()))
    }
}

/// Elsewhere there is Ctrl-C, which the terminal says to everybody.
#[cfg(not(unix))]
mod system {
    use std::io;

    use tokio::process::Child;

    #[derive(Debug)]
    pub(super) struct Signals;

    #[derive(Debug, Clone, Copy)]
    pub(super) struct Told;

    impl Signals {
        pub(super) fn new() -> io::Result<Self> {
            Ok(Self)
        }

        pub(super) async fn next(&mut self) -> Told {
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
            Told
        }
    }

    impl Told {
        pub(super) fn pass_on(self, _: &Child) {}
    }
}
