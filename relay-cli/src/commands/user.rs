//! `relay user`: the people who use devices.

use clap::{Args, Subcommand};
use serde_json::json;

use super::Cx;
use super::assignments::Assignments;
use super::entries::{cell, delete, items, own};
use crate::error::Result;
use crate::output::{Column, ListArgs, Table};

/// List, make and delete the people who use devices.
#[derive(Debug, Subcommand)]
pub(crate) enum User {
    /// List them
    List(List),
    /// Make one
    Create(Create),
    /// Delete one
    Delete(Delete),
    Assignments(Assignments),
}

#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    list: ListArgs,
}

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// Their name
    name: String,
}

#[derive(Debug, Args)]
pub(crate) struct Delete {
    /// Their id
    id: String,
}

impl User {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        let client = cx.client()?;
        match self {
            Self::Assignments(command) => command.run(cx).await,
            Self::List(command) => {
                let users = items(client.get(&["ibot", "user_profile"]).send().await?)?;
                let mut table = Table::new([Column::new("User Name"), Column::exact("User ID")]);
                for user in &users {
                    table.row([cell(user, "username"), cell(user, "user_profile_id")]);
                }
                cx.out.list(
                    &command.list,
                    &table,
                    &users.into(),
                    "there is no user yet: relay user create NAME",
                )
            }
            Self::Create(command) => {
                let answer =
                    client.post(&["v1", "users"], json!({ "name": command.name })).try_send().await?;
                let made = own(answer, "POST /v1/users")?;
                cx.out.result(made["id"].as_str().unwrap_or_default(), &made)
            }
            Self::Delete(command) => {
                delete(cx, &client, "user", &command.id, &["v1", "users", &command.id]).await
            }
        }
    }
}
