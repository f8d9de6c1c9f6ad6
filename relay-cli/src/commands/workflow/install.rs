//! `relay workflow install` and `uninstall`: who may trigger a workflow.

use clap::Args;

use super::find::Which;
use super::installation::Installation;
use super::list::{installed, show};
use crate::client::Client;
use crate::commands::Cx;
use crate::error::{CliError, Result};
use crate::output::ListArgs;
use crate::registration::{Installed, Registration};

/// Let more devices trigger a workflow.
#[derive(Debug, Args)]
pub(crate) struct Install {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    installation: Installation,
    /// The same as --install
    #[arg(value_name = "ID", conflicts_with_all = ["install_all", "install_group"])]
    ids: Vec<String>,
    /// These alone from now on, not beside those that may already
    #[arg(long)]
    only: bool,
    /// Show what would be sent
    #[arg(short = 'N', long)]
    dry_run: bool,
}

impl Install {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        let Some(wanted) = self.installation.and(self.ids).read() else {
            return Err(CliError::usage("nobody is named")
                .next("use --install ID, --install-all or --install-group ID"));
        };
        let client = cx.client()?;
        let workflow = self.which.find(&client).await?;
        let new = match (workflow.installed(), wanted) {
            (_, wanted) if self.only => wanted,
            (Installed::Everywhere, Installed::On(_)) => {
                cx.out.note("it is on all devices already; --only narrows it to these");
                Installed::Everywhere
            }
            (Installed::Rule(rule), Installed::On(_)) => {
                return Err(CliError::usage(format_args!(
                    "`{}` is installed by the rule {rule}",
                    workflow.name()
                ))
                .cause("a rule and single devices cannot stand side by side")
                .next("put them into the group, or say --only to replace the rule"));
            }
            (Installed::On(before), Installed::On(more)) => {
                let new = more.into_iter().filter(|id| !before.contains(id)).collect();
                Installed::On([before.clone(), new].concat())
            }
            (_, wanted) => wanted,
        };
        change(cx, &client, workflow, new, self.dry_run).await
    }
}

/// Let fewer devices trigger a workflow.
#[derive(Debug, Args)]
pub(crate) struct Uninstall {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    installation: Installation,
    /// The same as --install
    #[arg(value_name = "ID", conflicts_with_all = ["install_all", "install_group"])]
    ids: Vec<String>,
    /// Show what would be sent
    #[arg(short = 'N', long)]
    dry_run: bool,
}

impl Uninstall {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        let Some(unwanted) = self.installation.and(self.ids).read() else {
            return Err(CliError::usage("nobody is named")
                .next("use --install ID, or --install-all to take it off everywhere"));
        };
        let client = cx.client()?;
        let workflow = self.which.find(&client).await?;
        let before = workflow.installed();
        let new = match (&before, unwanted) {
            (_, Installed::Everywhere) => Installed::On(Vec::new()),
            (before, unwanted) if *before == unwanted => Installed::On(Vec::new()),
            (Installed::On(before), Installed::On(unwanted)) => {
                if let Some(stranger) = unwanted.iter().find(|id| !before.contains(id)) {
                    return Err(CliError::not_found(format_args!(
                        "`{}` is not on {stranger}",
                        workflow.name()
                    ))
                    .next(format_args!(
                        "it is on {}",
                        installed(&workflow.installed()).replace('\n', ", ")
                    )));
                }
                Installed::On(before.iter().filter(|id| !unwanted.contains(id)).cloned().collect())
            }
            (before, _) => {
                return Err(CliError::usage(format_args!(
                    "`{}` is on {}",
                    workflow.name(),
                    installed(before)
                ))
                .cause("a part cannot be taken from a rule")
                .next("name those that shall keep it: relay workflow install --only --install ID"));
            }
        };
        change(cx, &client, workflow, new, self.dry_run).await
    }
}

async fn change(
    cx: &Cx,
    client: &Client,
    mut workflow: Registration,
    new: Installed,
    dry_run: bool,
) -> Result<()> {
    workflow.set_installed(&new);
    if dry_run {
        return cx.out.json(&workflow.document());
    }
    let saved = workflow.save(client).await?;
    if saved.nobody_can_trigger() {
        cx.out.warn(format_args!("nobody can trigger `{}` now", saved.name()));
    }
    show(cx, &ListArgs::default(), &[saved])
}
