//! `relay login`.

use std::time::Duration;

use clap::Args;
use secrecy::SecretString;
use serde_json::json;

use super::{accounts, browser};
use crate::client::{Client, Issuer};
use crate::commands::Cx;
use crate::config::{Profile, Profiles, Secrets, Settings};
use crate::error::{CliError, Result};

/// Sign in to a Relay server, for later commands.
///
/// A browser shows the page on which the server asks who you are. The token that it gives is stored for you alone, and
/// `relay logout` gives it back.
///
/// Without a browser, --token takes a token: from RELAY_API_KEY, typed in, or from the first line of the input. Of our server
/// it is one that `relay-server token create` printed; of the vendor's cloud (--host pro) an access token, or with --refresh
/// the one that the official `relay token generate` printed.
#[derive(Debug, Args)]
pub(crate) struct Login {
    /// Take a token instead of opening a browser
    #[arg(long)]
    token: bool,
    /// The token is a refresh token, to be exchanged for others
    #[arg(long)]
    refresh: bool,
    /// Open no browser: print the address of the page, and wait
    #[arg(long, conflicts_with_all = ["token", "refresh"])]
    no_browser: bool,
    /// How long to wait for the browser
    #[arg(long, value_name = "SPAN", default_value = "3m")]
    timeout: jiff::SignedDuration,
}

impl Login {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        let paths = cx.paths()?;
        let profiles = Profiles::read(&paths)?;
        let name = cx.global.profile.clone().unwrap_or_else(|| profiles.current().to_owned());
        let mut settings = self.target(cx, &profiles, &name)?;
        let secrets = match self.given(cx, &settings)? {
            Some(secrets) => secrets,
            None => {
                let patience = Duration::try_from(self.timeout)
                    .map_err(|_| CliError::usage("--timeout is less than nothing"))?;
                browser::sign_in(cx, &settings, &Issuer::of(&settings, true), !self.no_browser, patience)
                    .await?
            }
        };
        settings.token = secrets.token.clone();
        settings.refresh_token = secrets.refresh_token.clone();
        // Nothing is stored yet.
        (settings.browser, settings.keeper) = (secrets.browser, None);

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

    /// A token that is at hand. None if a browser is to bring one.
    fn given(&self, cx: &Cx, settings: &Settings) -> Result<Option<Secrets>> {
        let key = std::env::var("RELAY_API_KEY").ok().filter(|key| !key.trim().is_empty());
        let token = match key {
            Some(key) => key,
            None if self.token || self.refresh => cx.out.secret(&format!("token for {}", settings.host))?,
            None if self.no_browser || cx.out.is_attended() => return Ok(None),
            None => {
                return Err(CliError::usage("nobody is here to sign in").next(
                    "pipe a token in with --token, or print the address of the page with --no-browser",
                ));
            }
        };
        if token.is_empty() {
            return Err(
                CliError::usage("no token was given").next("type it, pipe it in, or set RELAY_API_KEY")
            );
        }
        let token = Some(SecretString::from(token));
        Ok(Some(if self.refresh {
            Secrets { refresh_token: token, ..Secrets::default() }
        } else {
            Secrets { token, ..Secrets::default() }
        }))
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
