//! `relay subscriber`: the account that commands are about.

use clap::{Args, Subcommand};
use serde_json::json;

use super::Cx;
use super::login::accounts;
use crate::config::Profiles;
use crate::error::{CliError, Result};

/// The account that commands are about, if no other is named.
#[derive(Debug, Subcommand)]
pub(crate) enum Subscriber {
    /// Show it
    Get,
    /// Store another one in the profile
    Set(Set),
}

#[derive(Debug, Args)]
pub(crate) struct Set {
    /// Its id [default: that of --subscriber-id]
    id: Option<String>,
}

impl Subscriber {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        match self {
            Self::Get => {
                let client = cx.client()?;
                let account = client.account().await?;
                cx.out.result(account, &json!({ "subscriber_id": account }))
            }
            Self::Set(command) => command.run(cx).await,
        }
    }
}

impl Set {
    /// The server is asked whether the token is for this account: what is stored here is meant by all later commands.
    async fn run(self, cx: &Cx) -> Result<()> {
        let id = self
            .id
            .or_else(|| cx.global.subscriber_id.clone())
            .ok_or_else(|| CliError::usage("no account is named").next("name it: relay subscriber set ID"))?;
        let paths = cx.paths()?;
        let profiles = Profiles::read(&paths)?;
        let name = cx.global.profile.clone().unwrap_or_else(|| profiles.current().to_owned());
        let mut global = cx.global.clone();
        (global.host, global.profile) = (None, Some(name.clone()));
        let client = Cx::new(global).client()?;
        let known = accounts(&client).await?;
        if !known.is_empty() && !known.contains(&id) {
            return Err(CliError::not_found(format_args!("the token is not for the account `{id}`"))
                .next(format_args!("it is for: {}", known.join(", "))));
        }
        profiles.set_account(&paths, &name, &id)?;
        cx.out.result(
            format_args!("the account is {id} from now on (profile `{name}`)"),
            &json!({ "profile": name, "subscriber_id": id }),
        )
    }
}
