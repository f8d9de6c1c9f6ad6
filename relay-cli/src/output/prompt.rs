//! Questions. Where nobody can answer, they are an error and never hang.

use std::fmt::Display;
use std::io::{BufRead, Write, stdin};

use console::Term;

use super::{BOLD, Out};
use crate::error::{CliError, Exit, Result};

impl Out {
    /// Asks whether to go on. No is the default.
    ///
    /// # Errors
    ///
    /// [`Exit::Declined`] if the answer is no, or if there is nobody to ask.
    pub(crate) fn confirm(&self, question: impl Display) -> Result<()> {
        if self.yes {
            return Ok(());
        }
        if self.json || !self.is_attended() {
            return Err(CliError::new(Exit::Declined, format_args!("nobody is here to answer: {question}"))
                .next("say --yes to answer with yes"));
        }
        let _ = write!(anstream::stderr(), "{question} {BOLD}[y/N]{BOLD:#} ");
        let answer = read_line()?;
        if matches!(answer.trim().to_lowercase().as_str(), "y" | "yes") {
            return Ok(());
        }
        Err(CliError::new(Exit::Declined, "nothing was changed"))
    }

    /// Whether somebody is there to read questions and to answer them.
    #[expect(clippy::unused_self, reason = "it is about where output goes")]
    pub(crate) fn is_attended(&self) -> bool {
        Term::stderr().is_term() && console::user_attended()
    }

    /// A secret: typed without being shown on a terminal, else the first line of the input.
    pub(crate) fn secret(&self, question: &str) -> Result<String> {
        let terminal = Term::stderr();
        let secret = if self.is_attended() {
            let _ = write!(anstream::stderr(), "{question}: ");
            terminal
                .read_secure_line()
                .map_err(|error| CliError::failed("nothing can be read").cause(error))?
        } else {
            read_line()?
        };
        Ok(secret.trim().to_owned())
    }
}

fn read_line() -> Result<String> {
    let mut line = String::new();
    let read = stdin().lock().read_line(&mut line);
    read.map_err(|error| CliError::failed("nothing can be read").cause(error))?;
    Ok(line)
}
