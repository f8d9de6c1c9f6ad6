//! `relay chat`: a device in the terminal.

use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use super::Cx;
use crate::chat::{self, Person, Script};
use crate::error::{CliError, Result};

/// Be the person at a device: speak, tap, and see what comes of it.
///
/// Without a terminal, or with --script, a conversation is played and checked: `> text` is said, `< text` must be heard
/// next. The exit code is 0 if all came true, and 6 if not.
#[derive(Debug, Args)]
#[command(after_help = "\
A script:
  # Comments and empty lines do not count.
  > hello               says it: to the workflow that listens, or the Assistant
  < What is your name?  hears exactly this next
  <~ name               hears something that holds this, whatever comes before
  ! tap 2               does something; /help in `relay chat` shows what
  ? ring                the ring lights up; also: vibration
  ? end normal          the workflow ends, for this reason if one is given
  ? silence 2s          nothing is heard for so long")]
pub(crate) struct Chat {
    /// Its name or id
    device: String,
    /// A file with a conversation, or `-` for the input
    #[arg(long, value_name = "FILE")]
    script: Option<PathBuf>,
    /// How long each line of a script may take to come true
    #[arg(long, value_name = "SPAN", default_value = "30s")]
    timeout: jiff::SignedDuration,
}

impl Chat {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        let script = match &self.script {
            None if chat::is_there() => None,
            file => Some(read(file.as_deref())?),
        };
        let mut person = Person::with(Arc::new(cx.client()?), &self.device).await?;
        match script {
            None => chat::converse(&cx.out, &mut person).await,
            Some(script) => {
                let patience = Duration::try_from(self.timeout).unwrap_or_default();
                chat::play(&cx.out, &mut person, &script, patience).await
            }
        }
    }
}

fn read(file: Option<&std::path::Path>) -> Result<Script> {
    let mut text = String::new();
    let (name, read) = match file {
        Some(file) if file.as_os_str() != "-" => {
            (file.display().to_string(), fs::read_to_string(file).map(|read| text = read))
        }
        _ => ("the input".to_owned(), std::io::stdin().read_to_string(&mut text).map(drop)),
    };
    read.map_err(|error| CliError::usage(format_args!("cannot read {name}")).cause(error))?;
    Script::parse(&text).map_err(|(line, why)| {
        CliError::usage(format_args!("line {line} of {name}: {why}"))
            .next("relay chat --help shows what can stand in a script")
    })
}
