//! What the command line can do.

mod backup;
mod secret;
mod serve;
mod settings;
mod token;

use std::io::Write;
use std::path::PathBuf;

use clap::{Parser, Subcommand};
use relay_server::{api, config};

use self::settings::Settings;

/// The Relay server: keeps registrations, notices triggers, dials workflows and runs the devices.
///
/// Settings come from the file, from RELAY_SERVER_… variables, and from flags; the later wins.
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Arguments {
    #[command(flatten)]
    settings: Settings,
    /// Says whether the settings are in order, and ends.
    #[arg(long)]
    check_config: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the server. The same as no command.
    Serve,
    /// Makes, lists and withdraws API tokens, also while the server runs.
    #[command(subcommand)]
    Token(token::Command),
    /// Shows or replaces the secret that dials are signed with, also while the server runs.
    #[command(subcommand)]
    Secret(secret::Command),
    /// Copies the database to a new file, also while the server runs.
    Backup {
        /// The file to make.
        file: PathBuf,
    },
    /// Prints a settings file with all defaults, explained.
    DefaultConfig,
    /// Prints the reference of all settings, in Markdown.
    #[command(hide = true)]
    ConfigReference,
    /// Prints the OpenAPI document of the interface.
    Openapi,
}

pub(crate) fn run(arguments: Arguments) -> anyhow::Result<()> {
    let mut out = std::io::stdout();
    match &arguments.command {
        Some(Command::DefaultConfig) => return Ok(write!(out, "{}", config::default_file())?),
        Some(Command::ConfigReference) => return Ok(write!(out, "{}", config::reference())?),
        Some(Command::Openapi) => return Ok(writeln!(out, "{:#}", api::openapi())?),
        _ => {}
    }
    let config = arguments.settings.config()?;
    if arguments.check_config {
        return Ok(writeln!(out, "the settings are in order")?);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match arguments.command {
        Some(Command::Token(command)) => runtime.block_on(token::run(&config, command)),
        Some(Command::Secret(command)) => runtime.block_on(secret::run(&config, command)),
        Some(Command::Backup { file }) => runtime.block_on(backup::run(&config, &file)),
        _ => runtime.block_on(serve::run(config)),
    }
}
