//! What every command takes.

use clap::{Args, Parser, ValueEnum};

use crate::commands::Command;

const AFTER_HELP: &str = "\
Begin here:
  relay new hello && cd hello && relay dev
`relay COMMAND --help` says more of each command, with examples.

Exit codes:
  0  done                          4  token missing, not valid or not enough
  1  the server could not do it    5  no connection to the server
  2  wrong arguments               6  something is wrong (doctor, check)
  3  no such thing                 7  a question was not answered with yes

The first of these says which server is meant: --host, RELAY_HOST, --profile,
a running `relay dev`, the profile that `relay login` wrote.";

/// Write Relay workflows, register them, watch them, and find out what is wrong.
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
