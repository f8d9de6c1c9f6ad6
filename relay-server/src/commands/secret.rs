//! The secret that proves to workflow servers who dials them, straight in the database as tokens are.

use std::io::Write;

use anyhow::{Context, bail};
use clap::Subcommand;
use jiff::Timestamp;
use relay_server::auth;
use relay_server::config::Config;
use relay_server::model::{Actor, AuditEntry, SubscriberId, UnixMs};
use relay_server::store::Store;
use serde_json::json;

use super::backup::open;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Prints the secret, to give it to workflow servers.
    Show {
        /// The account whose secret it is. Default: the only one.
        #[arg(long)]
        subscriber: Option<String>,
    },
    /// Replaces the secret and prints the new one. The old one signs as well for 24 hours.
    Rotate {
        /// The account whose secret it is. Default: the only one.
        #[arg(long)]
        subscriber: Option<String>,
    },
}

pub(super) async fn run(config: &Config, command: Command) -> anyhow::Result<()> {
    let store = open(config).await?;
    let done = act(&store, command).await;
    store.close().await;
    done
}

async fn act(store: &Store, command: Command) -> anyhow::Result<()> {
    let now = UnixMs::from(Timestamp::now());
    let (subscriber, signing, action) = match command {
        Command::Show { subscriber } => {
            let subscriber = account(store, subscriber).await?;
            let signing = auth::signing(store, &subscriber).await?;
            (subscriber, signing, "shown")
        }
        Command::Rotate { subscriber } => {
            let subscriber = account(store, subscriber).await?;
            let signing = auth::rotate(store, &subscriber, now).await?;
            (subscriber, signing, "replaced")
        }
    };
    writeln!(std::io::stdout(), "{}", signing.current.reveal())?;
    // Not among what is printed: that may be put into a variable.
    if let Some(previous) = signing.previous.filter(|previous| now < previous.until) {
        writeln!(std::io::stderr(), "the one before it signs as well until {}", previous.until)?;
    }
    let actor = Actor::named("the command line");
    let entry = AuditEntry::new(&actor, now, "secret", action, json!({})).of(&subscriber);
    Ok(store.audit_append(entry).await?)
}

async fn account(store: &Store, named: Option<String>) -> anyhow::Result<SubscriberId> {
    let all: Vec<SubscriberId> = store.subscriber_list().await?.into_iter().map(|it| it.id).collect();
    let list = || all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match (named, &all[..]) {
        (Some(id), _) => all
            .iter()
            .find(|known| known.as_str() == id)
            .cloned()
            .with_context(|| format!("there is no account {id}; there is {}", list())),
        (None, [only]) => Ok(only.clone()),
        (None, _) => bail!("there are several accounts, say which by --subscriber: {}", list()),
    }
}
