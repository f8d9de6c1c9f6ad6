//! The command in a world of its own: no settings of whoever runs the tests, 80 columns, no terminal.

use std::fs;
use std::path::PathBuf;

use regex::Regex;
use snapbox::cmd::{Command, OutputAssert};
use snapbox::{Assert, Redactions};
use tempfile::TempDir;

use crate::stub::Stub;

/// A user: their settings and the server that they use.
pub(crate) struct Relay {
    config: TempDir,
    server: Option<String>,
    token: Option<&'static str>,
    columns: Option<u16>,
    called: Vec<(&'static str, String)>,
}

impl Relay {
    /// Somebody who has never used it.
    pub(crate) fn new() -> Self {
        Self {
            config: TempDir::with_prefix("relay-cli-").unwrap(),
            server: None,
            token: None,
            columns: Some(80),
            called: Vec::new(),
        }
    }

    /// Somebody whose environment names this server and a token that it takes.
    pub(crate) fn of(server: &Stub) -> Self {
        Self { token: Some("t0ken"), ..Self::near(server) }
    }

    /// Somebody who knows of this server, and has no token.
    pub(crate) fn near(server: &Stub) -> Self {
        Self { server: Some(server.url()), ..Self::new() }
    }

    pub(crate) fn columns(self, columns: impl Into<Option<u16>>) -> Self {
        Self { columns: columns.into(), ..self }
    }

    pub(crate) fn token(self, token: &'static str) -> Self {
        Self { token: Some(token), ..self }
    }

    /// Shows what differs from run to run as `name` in snapshots.
    pub(crate) fn called(mut self, name: &'static str, what: impl ToString) -> Self {
        self.called.push((name, what.to_string()));
        self
    }

    /// A file of the user, for arguments.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.config.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        path
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn command(&self, line: &str) -> Command {
        let command = Command::new(env!("CARGO_BIN_EXE_relay")).with_assert(self.expectations());
        command.env_clear().envs(self.variables()).current_dir(self.config.path()).args(words(line))
    }

    /// To be run while the test does something else.
    pub(crate) fn process(&self, line: &str) -> std::process::Command {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_relay"));
        command.env_clear().envs(self.variables()).current_dir(self.config.path()).args(words(line));
        command
    }

    fn variables(&self) -> Vec<(&'static str, String)> {
        let mut variables = vec![("RELAY_CONFIG_DIR", self.config.path().display().to_string())];
        variables.extend(self.columns.map(|columns| ("COLUMNS", columns.to_string())));
        variables.extend(self.server.clone().map(|server| ("RELAY_HOST", server)));
        variables.extend(self.token.map(|token| ("RELAY_API_KEY", token.to_owned())));
        variables
    }

    /// What differs from run to run has a name in the snapshots.
    fn expectations(&self) -> Assert {
        let mut redactions = Redactions::new();
        redactions.insert("[CONFIG]", self.config.path().to_owned()).unwrap();
        if let Some(server) = &self.server {
            redactions.insert("[SERVER]", server.clone()).unwrap();
        }
        redactions.insert("[TIME]", Regex::new(r"\((?<redacted>[0-9.]+) ms\)").unwrap()).unwrap();
        redactions.insert("[TIME]", Regex::new(r#""ms": (?<redacted>[0-9.]+)"#).unwrap()).unwrap();
        redactions.insert("[N]", Regex::new(r"\((?<redacted>[0-9]+) days left\)").unwrap()).unwrap();
        for (name, what) in &self.called {
            redactions.insert(name, what.clone()).unwrap();
        }
        Assert::new().action_env("SNAPSHOTS").redact_with(redactions)
    }

    /// Runs a command line, in which quotes hold words together.
    pub(crate) fn run(&self, line: &str) -> OutputAssert {
        self.command(line).assert()
    }

    /// The output as text, of a command that must succeed.
    pub(crate) fn stdout(&self, line: &str) -> String {
        let output = self.command(line).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}

fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (at, part) in line.split('\'').enumerate() {
        match (at % 2, words.last_mut()) {
            (1, Some(word)) if !line.split('\'').take(at).collect::<String>().ends_with(' ') => {
                let word: &mut String = word;
                word.push_str(part);
            }
            (1, _) => words.push(part.to_owned()),
            _ => words.extend(part.split_whitespace().map(str::to_owned)),
        }
    }
    words
}
