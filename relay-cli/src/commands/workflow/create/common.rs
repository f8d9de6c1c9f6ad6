//! What all ten kinds have in common.

use clap::{Args, ValueEnum};
use relay_protocol::manifest::TriggerSpec;

use super::super::installation::Installation;
use super::super::list::show;
use super::super::values::Values;
use super::super::{lint, plan};
use crate::commands::Cx;
use crate::error::{CliError, Result};
use crate::output::ListArgs;
use crate::registration::{Installed, list};

/// The flags of a registration, whatever triggers it.
#[derive(Debug, Clone, Args)]
pub(super) struct Common {
    /// The workflow's name; one of the same name is replaced
    #[arg(short, long)]
    name: String,
    /// Where it is served, as in wss://host:8443/hello
    #[arg(short, long)]
    uri: String,
    #[command(flatten)]
    installation: Installation,
    /// Goes on when its user leaves its channel [default]
    #[arg(short, long, overrides_with = "no_transient")]
    transient: bool,
    /// Ends when its user leaves its channel
    #[arg(long, overrides_with = "transient")]
    no_transient: bool,
    /// Its channel is not shown on the device
    #[arg(short = 'e', long)]
    hidden: bool,
    /// Calls go to the run that there is instead of starting another
    #[arg(long, value_enum, value_name = "TRIGGER", num_args = 1..)]
    absorb: Vec<Absorb>,
    #[command(flatten)]
    values: Values,
    /// Show what would be sent
    #[arg(short = 'N', long)]
    dry_run: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Absorb {
    OnCallRequest,
    OnIncomingCall,
}

impl Common {
    /// Registers the workflow; `phrases` are as the user wrote them.
    pub(super) async fn register(self, cx: &Cx, trigger: &TriggerSpec, phrases: &[String]) -> Result<()> {
        if self.name.trim().is_empty() {
            return Err(CliError::usage("--name is empty"));
        }
        let warning = lint::uri(&self.uri)?;
        warning.iter().for_each(|warning| cx.out.warn(warning));
        let mut wanted = plan::Wanted {
            name: self.name.clone(),
            uri: self.uri,
            trigger: trigger.clone(),
            args: Some(self.values.read()?),
            installed: self.installation.read(),
            transient: Some(!self.no_transient),
            hidden: Some(self.hidden),
            absorb: self
                .absorb
                .iter()
                .filter_map(|one| Some(one.to_possible_value()?.get_name().to_owned()))
                .collect(),
        };
        if self.dry_run {
            let remarks = lint::remarks(&self.name, phrases, &[]);
            remarks.iter().for_each(|remark| cx.out.warn(remark));
            wanted.installed.get_or_insert(Installed::On(Vec::new()));
            return cx.out.json(&wanted.document(None).document());
        }
        let client = cx.client()?;
        let all = list(&client).await?;
        let remarks = lint::remarks(&self.name, phrases, &all);
        remarks.iter().for_each(|remark| cx.out.warn(remark));
        let before = all.iter().find(|known| known.name() == self.name);
        let saved = wanted.document(before).save(&client).await?;
        cx.out.note(match before {
            Some(_) => format!("`{}` is replaced", self.name),
            None => format!("`{}` is registered", self.name),
        });
        if saved.nobody_can_trigger() {
            cx.out.warn(format_args!(
                "nobody can trigger it yet: relay workflow install -w {} --install-all",
                saved.id()
            ));
        }
        show(cx, &ListArgs::default(), &[saved])
    }
}
