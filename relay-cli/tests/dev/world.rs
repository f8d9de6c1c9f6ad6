//! A user with settings of their own, and the processes that they run.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// Nothing here takes so long, except on a machine that builds all dependencies first.
const PATIENCE: Duration = Duration::from_secs(600);

/// A user.
pub(crate) struct World {
    config: TempDir,
    /// Where they are.
    pub(crate) dir: PathBuf,
}

impl World {
    pub(crate) fn new() -> Self {
        let config = TempDir::with_prefix("relay-dev-test-").unwrap();
        let dir = config.path().join("work");
        fs::create_dir(&dir).unwrap();
        Self { dir, config }
    }

    /// Where their settings are.
    pub(crate) fn config(&self) -> &Path {
        self.config.path()
    }

    pub(crate) fn relay(&self, args: &[&str]) -> Command {
        let mut command = self.command(env!("CARGO_BIN_EXE_relay"));
        command.args(args);
        command
    }

    /// A program of this user, without what cargo and those who run the tests have set.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.dir);
        let kept = ["CARGO_HOME", "CARGO_INCREMENTAL"];
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            if name.starts_with("RELAY_")
                || name == "PORT"
                || name.starts_with("CARGO") && !kept.contains(&&*name)
            {
                command.env_remove(&*name);
            }
        }
        command
            .env("RELAY_CONFIG_DIR", self.config.path())
            .env("COLUMNS", "80")
            .env("CARGO_NET_OFFLINE", "true");
        command
    }

    /// What a command prints that must succeed.
    #[track_caller]
    pub(crate) fn prints(&self, args: &[&str]) -> String {
        let output = self.relay(args).stdin(Stdio::null()).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}{}", text(&output.stdout), text(&output.stderr));
        text(&output.stdout)
    }

    /// The exit code of a command that must not succeed, and why it does not.
    #[track_caller]
    pub(crate) fn fails(&self, args: &[&str]) -> (i32, String) {
        let output = self.relay(args).stdin(Stdio::null()).output().unwrap();
        assert!(!output.status.success(), "{args:?}: {}", text(&output.stdout));
        (output.status.code().unwrap(), text(&output.stderr))
    }

    /// Runs it in the background.
    pub(crate) fn start(&self, args: &[&str]) -> Running {
        Running::start(self.relay(args))
    }

    /// A conversation of `device`.
    pub(crate) fn chat(&self, device: &str, script: &str) -> Output {
        let mut command = self.relay(&["chat", device, "--timeout", "60s"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    /// One that must go as the script says.
    #[track_caller]
    pub(crate) fn chats(&self, device: &str, script: &str) {
        let output = self.chat(device, script);
        assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    }

    /// Writes a file as editors do: beside, and then in its place.
    pub(crate) fn save(&self, name: &str, text: &str) {
        let new = self.dir.join(".new");
        fs::write(&new, text).unwrap();
        fs::rename(new, self.dir.join(name)).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.dir.join(name)).unwrap()
    }

    /// How many processes there are of this user, whoever has started them. Only a running one has an environment.
    pub(crate) fn processes(&self) -> usize {
        let own = format!("RELAY_CONFIG_DIR={}", self.config.path().display());
        let is_own = |process: &fs::DirEntry| {
            let set = fs::read(process.path().join("environ")).unwrap_or_default();
            set.split(|byte| *byte == 0).any(|variable| variable == own.as_bytes())
        };
        fs::read_dir("/proc").unwrap().flatten().filter(is_own).count()
    }

    /// What running servers have said about themselves.
    pub(crate) fn states(&self) -> usize {
        fs::read_dir(self.config.path().join("dev")).map_or(0, Iterator::count)
    }
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A process whose output is read as it comes.
pub(crate) struct Running {
    child: Child,
    lines: Receiver<String>,
    /// All that was read so far.
    pub(crate) seen: Vec<String>,
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (tell, lines) = channel();
        let streams: [Box<dyn Read + Send>; 2] =
            [Box::new(child.stdout.take().unwrap()), Box::new(child.stderr.take().unwrap())];
        for stream in streams {
            let tell = tell.clone();
            thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    let _ = tell.send(line);
                }
            });
        }
        Self { child, lines, seen: Vec::new() }
    }

    /// Waits for a line with this in it.
    #[track_caller]
    pub(crate) fn says(&mut self, part: &str) -> String {
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => {
                    self.seen.push(line.clone());
                    if line.contains(part) {
                        return line;
                    }
                }
                Err(RecvTimeoutError::Timeout) => panic!("never said {part:?}:\n{}", self.seen.join("\n")),
                Err(RecvTimeoutError::Disconnected) => {
                    panic!("ended without {part:?}:\n{}", self.seen.join("\n"))
                }
            }
        }
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, signal).unwrap();
    }

    /// Waits for its end, and for that of all who write where it does.
    pub(crate) fn end(mut self) -> ExitStatus {
        self.seen.extend(self.lines.iter());
        self.child.wait().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
