//! `--install`, `--install-all`, `--install-group`: who may trigger a workflow.

use clap::Args;

use crate::registration::Installed;

/// Who may trigger a workflow.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Installation {
    /// Devices or users that may trigger it, by id
    #[arg(short, long, value_name = "ID", num_args = 1.., conflicts_with_all = ["install_all", "install_group"])]
    install: Vec<String>,
    /// Every device may trigger it
    #[arg(short = 'A', long, conflicts_with = "install_group")]
    install_all: bool,
    /// The devices of a group may trigger it: the id that `relay group list` shows
    #[arg(short = 'G', long, value_name = "ID")]
    install_group: Option<String>,
}

impl Installation {
    /// None if nothing was said.
    pub(crate) fn read(&self) -> Option<Installed> {
        match &self.install_group {
            Some(group) => Some(Installed::Rule(group.clone())),
            None if self.install_all => Some(Installed::Everywhere),
            None if self.install.is_empty() => None,
            None => Some(Installed::On(self.install.clone())),
        }
    }

    /// These devices, beside others.
    pub(crate) fn and(mut self, ids: Vec<String>) -> Self {
        self.install.extend(ids);
        self
    }
}
