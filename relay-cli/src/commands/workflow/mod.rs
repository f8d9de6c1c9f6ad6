//! `relay workflow`: what is registered, and what runs of it.

mod apply;
mod args;
mod create;
mod delete;
mod find;
mod install;
mod installation;
mod instance;
mod lint;
mod list;
mod logs;
mod plan;
mod sync;
mod trigger;
mod values;

use clap::Subcommand;

pub(crate) use find::Which;

use super::Cx;
use crate::error::Result;

/// Register workflows, change what is registered, see what runs.
#[derive(Debug, Subcommand)]
#[expect(clippy::large_enum_variant, reason = "there is one in the life of the process")]
pub(crate) enum Workflow {
    /// Register a workflow, or replace the one of the same name
    #[command(subcommand)]
    Create(create::Create),
    List(list::List),
    Delete(delete::Delete),
    Install(install::Install),
    Uninstall(install::Uninstall),
    #[command(subcommand)]
    Args(args::Arguments),
    Apply(apply::Apply),
    Sync(sync::Sync),
    Trigger(trigger::Trigger),
    #[command(subcommand)]
    Instance(instance::Instance),
    Logs(logs::Logs),
}

impl Workflow {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        match self {
            Self::Create(command) => command.run(cx).await,
            Self::List(command) => command.run(cx).await,
            Self::Delete(command) => command.run(cx).await,
            Self::Install(command) => command.run(cx).await,
            Self::Uninstall(command) => command.run(cx).await,
            Self::Args(command) => command.run(cx).await,
            Self::Apply(command) => command.run(cx).await,
            Self::Sync(command) => command.run(cx).await,
            Self::Trigger(command) => command.run(cx).await,
            Self::Instance(command) => command.run(cx).await,
            Self::Logs(command) => command.run(cx).await,
        }
    }
}
