//! `relay login`, `logout` and `whoami`.

mod browser;
mod command;
mod listener;
mod logout;
mod page;
mod proof;
mod whoami;

pub(super) use browser::sign_in;
pub(crate) use command::Login;
pub(crate) use logout::Logout;
pub(crate) use whoami::Whoami;

use crate::client::Client;
use crate::error::Result;

/// The accounts that the token is for.
pub(super) async fn accounts(client: &Client) -> Result<Vec<String>> {
    let answer = client.get(&["ibot", "authz_context"]).anonymous().send().await?;
    let ids =
        answer.as_array().into_iter().flatten().filter_map(|entry| entry.get("subscriber_id")?.as_str());
    Ok(ids.map(str::to_owned).collect())
}
