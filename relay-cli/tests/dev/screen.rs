//! A terminal with somebody before it.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use rustix::fs::{Mode, OFlags, open};
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcgetattr, tcsetwinsize};
use vt100::Parser;

const PATIENCE: Duration = Duration::from_secs(60);

/// What is on it, and the program that runs in it.
pub(crate) struct Screen {
    master: File,
    /// Held, so that the terminal outlives the program.
    terminal: OwnedFd,
    written: Receiver<Vec<u8>>,
    shown: Parser,
    child: Child,
}

impl Screen {
    /// Runs the command in front of a terminal.
    pub(crate) fn start(command: &Command, rows: u16, columns: u16) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&master, size).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap();
        let terminal = open(&*name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
        let end = || terminal.try_clone().unwrap();
        // The terminal becomes that of the program, so that its keys send signals.
        let mut own = Command::new("setsid");
        own.args(["--ctty", "--wait"]).arg(command.get_program()).args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => own.env(name, value),
                None => own.env_remove(name),
            };
        }
        own.env("TERM", "xterm-256color").env_remove("COLUMNS").env_remove("NO_COLOR");
        own.current_dir(command.get_current_dir().unwrap());
        let child = own.stdin(end()).stdout(end()).stderr(end()).spawn().unwrap();
        let master = File::from(master);
        let (tell, written) = channel();
        let mut reader = master.try_clone().unwrap();
        thread::spawn(move || {
            let mut piece = [0; 4096];
            while let Ok(length @ 1..) = reader.read(&mut piece) {
                let _ = tell.send(piece[..length].to_vec());
            }
        });
        Self {
            master,
            terminal,
            written,
            shown: Parser::new(rows.try_into().unwrap(), columns.try_into().unwrap(), 0),
            child,
        }
    }

    /// The mode that the terminal is in.
    pub(crate) fn mode(&self) -> String {
        let mut mode = String::new();
        write!(mode, "{:?}", tcgetattr(&self.terminal).unwrap()).unwrap();
        mode
    }

    pub(crate) fn types(&mut self, keys: &str) {
        self.master.write_all(keys.as_bytes()).unwrap();
    }

    fn text(&self) -> String {
        self.shown.screen().contents()
    }

    /// Waits until this is on the screen, and gives all that is.
    #[track_caller]
    pub(crate) fn shows(&mut self, part: &str) -> String {
        self.shows_when(|text| text.contains(part), part)
    }

    /// Waits until what is on the screen is as it should be.
    #[track_caller]
    pub(crate) fn shows_when(&mut self, is_right: impl Fn(&str) -> bool, what: &str) -> String {
        while !is_right(&self.text()) {
            match self.written.recv_timeout(PATIENCE) {
                Ok(piece) => self.shown.process(&piece),
                Err(_) => panic!("never showed {what:?}:\n{}", self.text()),
            }
        }
        self.text()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    pub(crate) fn end(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
