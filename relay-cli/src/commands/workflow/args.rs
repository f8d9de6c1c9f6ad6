//! `relay workflow args`: what each run of a workflow is told.

use clap::{Args, Subcommand};
use serde_json::{Map, Value};

use super::find::Which;
use super::list::plain;
use super::values::Values;
use crate::commands::Cx;
use crate::error::{CliError, Exit, Result};
use crate::output::{Column, ListArgs, Table};
use crate::registration::Registration;

/// Show or change the arguments that each run of a workflow gets.
#[derive(Debug, Subcommand)]
pub(crate) enum Arguments {
    /// Show all arguments
    List(List),
    /// Show some arguments
    Get(Get),
    /// Add or change arguments
    Set(Set),
    /// Remove arguments
    Unset(Unset),
}

#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    list: ListArgs,
}

#[derive(Debug, Args)]
pub(crate) struct Get {
    /// Their names
    #[arg(required = true)]
    names: Vec<String>,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    list: ListArgs,
}

#[derive(Debug, Args)]
pub(crate) struct Set {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    values: Values,
}

#[derive(Debug, Args)]
pub(crate) struct Unset {
    /// Their names
    #[arg(required = true)]
    names: Vec<String>,
    #[command(flatten)]
    which: Which,
}

impl Arguments {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        match self {
            Self::List(command) => {
                let workflow = command.which.find(&cx.client()?).await?;
                show(cx, &command.list, workflow.args())
            }
            Self::Get(command) => {
                let workflow = command.which.find(&cx.client()?).await?;
                let mut args = workflow.args();
                check(&workflow, &command.names)?;
                args.retain(|name, _| command.names.contains(name));
                show(cx, &command.list, args)
            }
            Self::Set(command) => {
                let values = command.values.read()?;
                if values.is_empty() {
                    return Err(
                        CliError::usage("no argument is named").next("use --arg, --boolean or --number")
                    );
                }
                let client = cx.client()?;
                let mut workflow = command.which.find(&client).await?;
                let mut args = workflow.args();
                args.extend(values);
                workflow.set_args(args);
                show(cx, &ListArgs::default(), workflow.save(&client).await?.args())
            }
            Self::Unset(command) => {
                let client = cx.client()?;
                let mut workflow = command.which.find(&client).await?;
                check(&workflow, &command.names)?;
                let mut args = workflow.args();
                args.retain(|name, _| !command.names.contains(name));
                workflow.set_args(args);
                show(cx, &ListArgs::default(), workflow.save(&client).await?.args())
            }
        }
    }
}

/// That all of them exist.
fn check(workflow: &Registration, names: &[String]) -> Result<()> {
    let args = workflow.args();
    let Some(missing) = names.iter().find(|name| !args.contains_key(*name)) else { return Ok(()) };
    let known: Vec<&str> = args.keys().map(String::as_str).collect();
    let error =
        CliError::new(Exit::NotFound, format_args!("`{}` has no argument `{missing}`", workflow.name()));
    Err(if known.is_empty() { error } else { error.next(format_args!("it has: {}", known.join(", "))) })
}

fn show(cx: &Cx, list: &ListArgs, args: Map<String, Value>) -> Result<()> {
    let mut table = Table::new([Column::new("Arg"), Column::new("Value"), Column::new("Type")]);
    for (name, value) in &args {
        let kind = match value {
            Value::Bool(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            _ => "other",
        };
        table.row([name.clone(), plain(value), kind.to_owned()]);
    }
    cx.out.list(list, &table, &Value::Object(args), "it has no arguments")
}
