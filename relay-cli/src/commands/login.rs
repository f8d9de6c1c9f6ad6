//! `relay login`, `logout` and `whoami`.

use clap::Args;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::Cx;
use crate::client::Client;
use crate::config::{Profile, Profiles, Secrets, Settings};
use crate::error::{CliError, Result};
use crate::output::{Column, ListArgs, Table};

/// Check a token and store it for later commands.
///
/// The token is read from RELAY_API_KEY, asked for on a terminal, or taken from the first line of the input. Of our
/// server it is one that `relay-server token create` printed; of the vendor's cloud (--host pro) an access token, or with
/// --refresh the one that the official `relay token generate` printed.
#[derive(Debug, Args)]
pub(crate) struct Login {
    /// The token is a refresh token, to be exchanged for others
    #[arg(long)]
    refresh: bool,
}

impl Login {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        let paths = cx.paths()?;
        let profiles = Profiles::read(&paths)?;
        let name = cx.global.profile.clone().unwrap_or_else(|| profiles.current().to_owned());
        let mut settings = self.target(cx, &profiles, &name)?;
        let given = std::env::var("RELAY_API_KEY").ok().filter(|key| !key.trim().is_empty());
        let token = match given {
            Some(key) => key,
            None => cx.out.secret(&format!("token for {}", settings.host))?,
        };
        if token.is_empty() {
            return Err(
                CliError::usage("no token was given").next("type it, pipe it in, or set RELAY_API_KEY")
            );
        }
        let token = Some(SecretString::from(token));
        let secrets = if self.refresh {
            Secrets { token: None, refresh_token: token }
        } else {
            Secrets { token, refresh_token: None }
        };
        settings.token = secrets.token.clone();
        settings.refresh_token = secrets.refresh_token.clone();

        let profile = Profile {
            host: settings.host.to_string(),
            subscriber_id: settings.subscriber_id.clone(),
            ca: settings
                .ca
                .as_ref()
                .map(|ca| std::path::absolute(ca).unwrap_or(ca.clone()).display().to_string()),
        };
        let client = Client::new(settings)?;
        let accounts = accounts(&client).await?;
        let account = client.account().await?.to_owned();
        if !accounts.is_empty() && !accounts.contains(&account) {
            return Err(CliError::not_found(format_args!("the token is not for the account `{account}`"))
                .next(format_args!("it is for: {}", accounts.join(", "))));
        }
        let profile = Profile { subscriber_id: Some(account.clone()), ..profile };
        let host = profile.host.clone();
        profiles.save(&paths, &name, profile, secrets)?;
        cx.out.result(
            format_args!("logged in to {host} as account {account} (profile `{name}`)"),
            &json!({ "host": host, "subscriber_id": account, "profile": name }),
        )
    }

    /// Where to: what is named now, else where the profile was logged in before.
    fn target(&self, cx: &Cx, profiles: &Profiles, name: &str) -> Result<Settings> {
        let mut global = cx.global.clone();
        if global.host.is_none() {
            global.host = profiles.get(name).map(|profile| profile.host.clone());
        }
        if global.host.is_some() {
            // The profile may not exist yet.
            global.profile = None;
        }
        let missing = |error: CliError| {
            if cx.global.profile.is_some() && profiles.get(name).is_none() {
                CliError::usage(format_args!("there is no profile `{name}` yet, and no server is named"))
                    .next("add --host HOST")
            } else {
                error
            }
        };
        let settings = Settings::resolve(&global, |name| std::env::var(name).ok(), &cx.paths()?);
        settings.map_err(missing)
    }
}

/// Forget a stored token.
#[derive(Debug, Args)]
pub(crate) struct Logout {}

impl Logout {
    pub(crate) fn run(self, cx: &Cx) -> Result<()> {
        let paths = cx.paths()?;
        let profiles = Profiles::read(&paths)?;
        let name = cx.global.profile.clone().unwrap_or_else(|| profiles.current().to_owned());
        let known = profiles.remove(&paths, &name)?;
        let text = if known { "logged out" } else { "nobody was logged in" };
        cx.out.result(
            format_args!("{text} (profile `{name}`)"),
            &json!({ "profile": name, "was_logged_in": known }),
        )
    }
}

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

        let mut table = Table::new([Column::new("Who"), Column::new("Value")]);
        for (name, value) in [
            ("server", client.host().to_string()),
            ("account", account.to_owned()),
            ("accounts of the token", accounts.join("\n")),
            ("capabilities", able.join("\n")),
        ] {
            table.row([name.to_owned(), value]);
        }
        let whole = json!({
            "api": client.host().as_str(), "subscriber_id": account, "accounts": accounts, "capabilities": capabilities,
        });
        cx.out.list(&self.list, &table, &whole, "")
    }
}

async fn accounts(client: &Client) -> Result<Vec<String>> {
    let answer = client.get(&["ibot", "authz_context"]).anonymous().send().await?;
    let ids =
        answer.as_array().into_iter().flatten().filter_map(|entry| entry.get("subscriber_id")?.as_str());
    Ok(ids.map(str::to_owned).collect())
}
