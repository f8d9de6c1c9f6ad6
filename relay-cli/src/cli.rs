//! The command line: what every command takes, and the way from words to a command.

use std::ffi::OsString;

use clap::{Args, CommandFactory, Parser, ValueEnum};

use crate::commands::Command;

const AFTER_HELP: &str = "\
Exit codes:
  0  done                          4  token missing, not valid or not enough
  1  the server could not do it    5  no connection to the server
  2  wrong arguments               6  something is wrong (doctor, check)
  3  no such thing                 7  a question was not answered with yes

The first of these says which server is meant: --host, RELAY_HOST, --profile,
a running `relay dev`, the profile that `relay login` wrote.";

/// Register Relay workflows, trigger them, watch them, and find out why they do not run.
#[derive(Debug, Parser)]
#[command(name = "relay", version, after_help = AFTER_HELP, max_term_width = 100)]
#[command(disable_help_subcommand = true, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "For every command")]
pub(crate) struct Global {
    /// The Relay server: a host, a URL, or `pro` for the vendor's cloud [RELAY_HOST]
    #[arg(long, global = true, env = "RELAY_HOST", hide_env = true)]
    pub(crate) host: Option<String>,
    /// The account, if not the token's first [RELAY_SUBSCRIBER_ID]
    #[arg(short = 's', long, global = true, value_name = "ID", env = "RELAY_SUBSCRIBER_ID", hide_env = true)]
    pub(crate) subscriber_id: Option<String>,
    /// Which of the stored logins to use [RELAY_PROFILE]
    #[arg(long, global = true, value_name = "NAME", env = "RELAY_PROFILE", hide_env = true)]
    pub(crate) profile: Option<String>,
    /// PEM file with one more authority to trust [RELAY_CA_CERT]
    #[arg(long, global = true, value_name = "FILE", env = "RELAY_CA_CERT", hide_env = true)]
    pub(crate) ca: Option<String>,
    /// Print JSON instead of text
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Answer every question with yes
    #[arg(short = 'y', long, global = true)]
    pub(crate) yes: bool,
    /// Colour: auto, always or never
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t)]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    pub(crate) color: Color,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Color {
    /// On terminals.
    #[default]
    Auto,
    /// Also in files and pipes.
    Always,
    /// Not at all.
    Never,
}

/// The whole command line, for completions, manual pages and tests.
pub fn command() -> clap::Command {
    Cli::command()
}

/// Reads a command line, the name of the program first.
pub(crate) fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(without_colons(args.into_iter().collect()))
}

/// The official command line also writes `workflow:create:http` for `workflow create http`.
fn without_colons(mut args: Vec<OsString>) -> Vec<OsString> {
    let words = args.get(1).and_then(|first| first.to_str());
    let words: Vec<OsString> = words.unwrap_or_default().split(':').map(OsString::from).collect();
    let known = || {
        command().get_subcommands().any(|known| words.first().is_some_and(|word| *word == known.get_name()))
    };
    if words.len() > 1 && known() {
        args.splice(1..2, words);
    }
    args
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(args: &[&str]) -> Vec<OsString> {
        without_colons(args.iter().map(OsString::from).collect())
    }

    #[test]
    fn the_command_line_is_sound() {
        command().debug_assert();
    }

    #[test]
    fn colons_may_stand_between_the_words_of_a_command() {
        assert_eq!(words(&["relay", "workflow:list", "--json"]), ["relay", "workflow", "list", "--json"]);
        assert_eq!(words(&["relay", "doctor", "wss://a:1/b"]), ["relay", "doctor", "wss://a:1/b"]);
        assert_eq!(words(&["relay", "wss://a:1/b"]), ["relay", "wss://a:1/b"]);
        assert_eq!(words(&["relay"]), ["relay"]);
    }
}
