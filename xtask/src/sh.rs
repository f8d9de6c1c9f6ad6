//! Running other programs.

use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// Where programs run, and whether their output is shown.
#[derive(Debug, Clone)]
pub struct Shell {
    pub root: PathBuf,
    pub verbose: bool,
}

/// What a program left behind.
#[derive(Debug, Clone, Default)]
pub struct Output {
    /// Both of its streams, in the order written.
    pub text: String,
    pub success: bool,
}

impl Shell {
    pub fn new(root: PathBuf, verbose: bool) -> Self {
        Self { root, verbose }
    }

    /// The cargo that runs us, with these arguments.
    pub fn cargo(&self, args: &[&str]) -> Command {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.args(args);
        command
    }

    /// Runs to the end and keeps the output, which is shown as it comes when verbose.
    pub fn capture(&self, mut command: Command) -> Result<Output> {
        let (reader, writer) = io::pipe()?;
        command
            .current_dir(&self.root)
            .env("CARGO_TERM_COLOR", "never") // what is kept is read by us
            .stdin(Stdio::null())
            .stdout(writer.try_clone()?)
            .stderr(writer);
        let mut child = command.spawn().with_context(|| format!("cannot run {}", name(&command)))?;
        drop(command); // holds our ends of the pipe, which would never close
        let mut output = Output::default();
        let mut line = Vec::new();
        let mut reader = BufReader::new(reader);
        while reader.read_until(b'\n', &mut line)? > 0 {
            let text = String::from_utf8_lossy(&line);
            if self.verbose {
                eprint!("    {text}");
            }
            let _ = write!(output.text, "{text}"); // a String takes everything
            line.clear();
        }
        output.success = child.wait()?.success();
        Ok(output)
    }

    /// Runs to the end on the terminal. Whether it succeeded.
    pub fn interactive(&self, mut command: Command) -> Result<bool> {
        command.current_dir(&self.root);
        Ok(command.status().with_context(|| format!("cannot run {}", name(&command)))?.success())
    }

    /// The standard output of a program that must succeed.
    pub fn read(&self, mut command: Command) -> Result<String> {
        command.current_dir(&self.root);
        let output = command.output().with_context(|| format!("cannot run {}", name(&command)))?;
        if !output.status.success() {
            bail!("{} failed:\n{}", name(&command), String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8(output.stdout)?)
    }
}

/// The command as one would type it.
fn name(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
