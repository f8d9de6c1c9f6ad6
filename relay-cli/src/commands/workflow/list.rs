//! `relay workflow list`, and the table that others show, too.

use clap::Args;
use serde_json::Value;

use crate::commands::Cx;
use crate::error::Result;
use crate::output::{Column, ListArgs, Table};
use crate::registration::{Installed, Registration, list};

/// Show what is registered.
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    list: ListArgs,
}

impl List {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        let client = cx.client()?;
        show(cx, &self.list, &list(&client).await?)
    }
}

/// Shows registrations as a list.
pub(crate) fn show(cx: &Cx, args: &ListArgs, workflows: &[Registration]) -> Result<()> {
    let mut table = Table::new([
        Column::exact("ID"),
        Column::new("Name"),
        Column::new("Type"),
        Column::new("Uri"),
        Column::new("Installed on"),
        Column::new("Args").extended(),
    ]);
    for workflow in workflows {
        let args: Vec<String> =
            workflow.args().iter().map(|(name, value)| format!("{name}={}", plain(value))).collect();
        table.row([
            workflow.id().to_owned(),
            workflow.name().to_owned(),
            workflow.kind(),
            workflow.uri().to_owned(),
            installed(&workflow.installed()),
            args.join("\n"),
        ]);
    }
    let whole = workflows.iter().map(Registration::document).collect::<Value>();
    cx.out.list(args, &table, &whole, "no workflow is registered yet: relay workflow create --help")
}

pub(crate) fn installed(installed: &Installed) -> String {
    match installed {
        Installed::Everywhere => "all devices".into(),
        Installed::Rule(rule) => rule.clone(),
        Installed::On(ids) if ids.is_empty() => "nobody".into(),
        Installed::On(ids) => ids.join("\n"),
    }
}

/// Text without quotes.
pub(crate) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
