//! `relay token`: who may call the server.

use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::Cx;
use super::entries::{cell, delete, items, own};
use crate::error::Result;
use crate::output::{Column, ListArgs, Table};

/// List, make and revoke tokens of a server of your own.
#[derive(Debug, Subcommand)]
pub(crate) enum Token {
    /// List them, without their secrets
    List(List),
    /// Make one, and show its secret this one time
    #[command(alias = "generate")]
    Create(Create),
    /// Withdraw one, at once
    Revoke(Revoke),
}

#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    list: ListArgs,
}

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// Who holds it, or what for
    name: String,
    /// What it allows
    #[arg(long, value_enum, default_value_t = Role::Trigger)]
    role: Role,
    /// For every account of the server, not for one
    #[arg(long)]
    all_accounts: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Role {
    /// To look.
    Read,
    /// To start workflows, too.
    Trigger,
    /// Everything.
    Admin,
}

#[derive(Debug, Args)]
pub(crate) struct Revoke {
    /// Its id, as `relay token list` shows it
    id: String,
}

impl Token {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        let client = cx.client()?;
        match self {
            Self::List(command) => {
                let answer = client.get(&["v1", "tokens"]).anonymous().try_send().await?;
                let tokens = items(own(answer, "GET /v1/tokens")?)?;
                let mut table = Table::new([
                    Column::exact("ID"),
                    Column::new("Name"),
                    Column::new("Role"),
                    Column::new("Account"),
                    Column::new("Last used"),
                    Column::new("Revoked"),
                    Column::new("Created").extended(),
                ]);
                for token in &tokens {
                    let account = cell(token, "subscriber");
                    table.row([
                        cell(token, "id"),
                        cell(token, "name"),
                        cell(token, "role"),
                        if account.is_empty() { "all".to_owned() } else { account },
                        time(token, "last_used_at"),
                        time(token, "revoked_at"),
                        time(token, "created_at"),
                    ]);
                }
                cx.out.list(&command.list, &table, &tokens.into(), "there is no token")
            }
            Self::Create(command) => {
                let role = command.role.to_possible_value().map(|role| role.get_name().to_owned());
                let mut body = Map::from_iter([
                    ("name".to_owned(), command.name.into()),
                    ("role".to_owned(), role.into()),
                ]);
                if !command.all_accounts {
                    body.insert("subscriber".into(), client.account().await?.into());
                }
                let answer =
                    client.post(&["v1", "tokens"], Value::Object(body)).anonymous().try_send().await?;
                let made = own(answer, "POST /v1/tokens")?;
                cx.out.note("this is shown once and never again:");
                cx.out.result(cell(&made, "token"), &made)
            }
            Self::Revoke(command) => {
                delete(cx, &client, "token", &command.id, &["v1", "tokens", &command.id]).await
            }
        }
    }
}

/// Milliseconds since 1970, for people.
fn time(token: &Value, key: &str) -> String {
    let time = token[key].as_i64().and_then(|milliseconds| Timestamp::from_millisecond(milliseconds).ok());
    time.map(|time| time.strftime("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
}
