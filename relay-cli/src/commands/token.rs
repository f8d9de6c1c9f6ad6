//! `relay token`: who may call the server.

use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};

use super::Cx;
use super::entries::{cell, delete, items, own};
use super::login::sign_in;
use crate::client::{Client, Issuer};
use crate::config::Cloud;
use crate::error::{CliError, Result};
use crate::output::{Column, ListArgs, Table};

/// How long a browser is waited for.
const PATIENCE: Duration = Duration::from_secs(180);

/// List, make and revoke tokens of a server of your own.
#[derive(Debug, Subcommand)]
pub(crate) enum Token {
    /// List them, without their secrets
    List(List),
    /// Make one, and show its secret this one time
    Create(Create),
    Generate(Generate),
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

/// Make a token for programs, as the official command line does
///
/// The vendor's cloud gives a refresh token, which a browser brings; a server of your own one as of `relay token create`.
#[derive(Debug, Args)]
pub(crate) struct Generate {
    /// Open no browser: print the address of the page, and wait
    #[arg(long)]
    no_browser: bool,
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
            Self::Generate(command) if Cloud::of(client.host()).is_some() => command.run(cx).await,
            Self::Generate(_) => {
                let new = Create { name: "programs".into(), role: Role::Trigger, all_accounts: false };
                new.run(cx, &client).await
            }
            Self::Create(command) => command.run(cx, &client).await,
            Self::Revoke(command) => {
                delete(cx, &client, "token", &command.id, &["v1", "tokens", &command.id]).await
            }
        }
    }
}

impl Create {
    async fn run(self, cx: &Cx, client: &Client) -> Result<()> {
        let role = self.role.to_possible_value().map(|role| role.get_name().to_owned());
        let mut body =
            Map::from_iter([("name".to_owned(), self.name.into()), ("role".to_owned(), role.into())]);
        if !self.all_accounts {
            body.insert("subscriber".into(), client.account().await?.into());
        }
        let answer = client.post(&["v1", "tokens"], Value::Object(body)).anonymous().try_send().await?;
        let made = own(answer, "POST /v1/tokens")?;
        cx.out.note("this is shown once and never again:");
        cx.out.result(cell(&made, "token"), &made)
    }
}

impl Generate {
    /// At the vendor's.
    async fn run(self, cx: &Cx) -> Result<()> {
        if !self.no_browser && !cx.out.is_attended() {
            return Err(CliError::usage("nobody is here to sign in")
                .next("print the address of the page with --no-browser"));
        }
        let settings = cx.settings()?;
        let issuer = Issuer::of(&settings, false);
        let given = sign_in(cx, &settings, &issuer, !self.no_browser, PATIENCE).await?;
        let token = given.refresh_token.ok_or_else(|| {
            CliError::failed("the vendor's cloud gave no refresh token")
                .next("sign in again, and tick \"Remember me\"")
        })?;
        let token = token.expose_secret();
        cx.out.result(token, &json!({ "api": settings.host.as_str(), "token": token }))
    }
}

/// Milliseconds since 1970, for people.
fn time(token: &Value, key: &str) -> String {
    let time = token[key].as_i64().and_then(|milliseconds| Timestamp::from_millisecond(milliseconds).ok());
    time.map(|time| time.strftime("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
}
