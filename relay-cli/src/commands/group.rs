//! `relay group`: devices that belong together, for install rules.

use clap::{Args, Subcommand};
use serde_json::json;

use super::Cx;
use super::entries::{cell, delete, items, own};
use crate::error::Result;
use crate::output::{Column, ListArgs, Table};

/// What stands before a group's id in an install rule.
const RULE: &str = "urn:relay-resource:id:tag:";

/// List, make and delete groups of devices, to install workflows on.
#[derive(Debug, Subcommand)]
pub(crate) enum Group {
    /// List the groups
    List(List),
    /// Make a group
    Create(Create),
    /// Delete a group
    Delete(Delete),
}

#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    list: ListArgs,
}

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// Its name, by which workflows know it
    name: String,
    /// Devices and users in it, by id
    #[arg(short, long, value_name = "ID", num_args = 1..)]
    member: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Delete {
    /// Its id, with or without what stands before it in an install rule
    id: String,
}

impl Group {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        let client = cx.client()?;
        match self {
            Self::List(command) => {
                let mut answer = client.get(&["ibot", "resource", "tags", "user"]).send().await?;
                let groups = items(answer["results"]["folders"].take())?;
                let mut table = Table::new([Column::new("Group"), Column::exact("Install Rule ID")]);
                for group in &groups {
                    table.row([
                        cell(group, "folder_name"),
                        format!("{RULE}{}", cell(group, "resource_folder_id")),
                    ]);
                }
                cx.out.list(
                    &command.list,
                    &table,
                    &groups.into(),
                    "there is no group yet: relay group create NAME",
                )
            }
            Self::Create(command) => {
                let body = json!({ "name": command.name, "members": command.member });
                let answer = client.post(&["v1", "groups"], body).try_send().await?;
                let made = own(answer, "POST /v1/groups")?;
                cx.out.result(format_args!("{RULE}{}", made["id"].as_str().unwrap_or_default()), &made)
            }
            Self::Delete(command) => {
                let id = command.id.trim_start_matches(RULE);
                delete(cx, &client, "group", id, &["v1", "groups", id]).await
            }
        }
    }
}
