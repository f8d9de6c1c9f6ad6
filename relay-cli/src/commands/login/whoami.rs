//! `relay whoami`.

use clap::Args;
use serde_json::{Value, json};

use super::accounts;
use crate::client::Client;
use crate::commands::Cx;
use crate::error::Result;
use crate::output::{Column, ListArgs, Table};

/// Show whose token is used, and what it may do.
#[derive(Debug, Args)]
pub(crate) struct Whoami {
    #[command(flatten)]
    list: ListArgs,
}

impl Whoami {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        let client = cx.client()?;
        let accounts = accounts(&client).await?;
        let account = client.account().await?;
        let info = client.get(&["ibot", "subscriber_info", account]).anonymous().send().await?;
        let capabilities = info.get("capabilities").and_then(Value::as_object).cloned().unwrap_or_default();
        let able: Vec<&str> = capabilities
            .iter()
            .filter(|(_, able)| **able == Value::Bool(true))
            .map(|(name, _)| &**name)
            .collect();

        let name = name(&client).await?;
        let mut table = Table::new([Column::new("Who"), Column::new("Value")]);
        if let Some(name) = &name {
            table.row(["name".to_owned(), name.clone()]);
        }
        for (name, value) in [
            ("server", client.host().to_string()),
            ("account", account.to_owned()),
            ("accounts of the token", accounts.join("\n")),
            ("capabilities", able.join("\n")),
        ] {
            table.row([name.to_owned(), value]);
        }
        let whole = json!({
            "name": name, "api": client.host().as_str(), "subscriber_id": account, "accounts": accounts, "capabilities": capabilities,
        });
        cx.out.list(&self.list, &table, &whole, "")
    }
}

/// What the token is called. The vendor's cloud does not tell.
async fn name(client: &Client) -> Result<Option<String>> {
    let answer = client.get(&["oauth2", "validate"]).anonymous().try_send().await?;
    let name = answer.ok().and_then(|person| person["given_name"].as_str().map(str::to_owned));
    Ok(name.filter(|name| !name.is_empty()))
}
