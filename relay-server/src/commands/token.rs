//! Tokens, straight in the database: whoever can write its file may do everything anyhow.

use std::io::Write;

use anyhow::{Context, bail};
use clap::{Subcommand, ValueEnum};
use jiff::Timestamp;
use relay_server::auth::Secret;
use relay_server::config::{Config, Span};
use relay_server::model::{self, Actor, AuditEntry, SubscriberId, Token, TokenId, UnixMs};
use relay_server::store::Store;

use super::backup::open;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Makes a token and prints it. It is shown this once.
    Create {
        /// Who is to hold it, or what for.
        name: String,
        /// The account that it is for. Default: all.
        #[arg(long)]
        subscriber: Option<String>,
        /// What it allows.
        #[arg(long, value_enum, default_value = "admin")]
        role: Role,
        /// After how long it is worth nothing, as in 90d. Default: never.
        #[arg(long)]
        expires: Option<String>,
    },
    /// Lists the tokens.
    List,
    /// Withdraws a token, at once.
    Revoke {
        /// Its id, as in the list.
        id: String,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Role {
    /// To look.
    Read,
    /// To start workflows and drive devices as well.
    Trigger,
    /// Everything.
    Admin,
}

pub(super) async fn run(config: &Config, command: Command) -> anyhow::Result<()> {
    let store = open(config).await?;
    let done = act(&store, command).await;
    store.close().await;
    done
}

async fn act(store: &Store, command: Command) -> anyhow::Result<()> {
    let now = UnixMs::from(Timestamp::now());
    let mut out = std::io::stdout();
    match command {
        Command::Create { name, subscriber, role, expires } => {
            let subscriber = subscriber.map(SubscriberId::from);
            if let Some(id) = &subscriber
                && store.subscriber_get(id).await?.is_none()
            {
                let known: Vec<String> =
                    store.subscriber_list().await?.iter().map(|it| it.id.to_string()).collect();
                bail!("there is no account {id}; there is {}", known.join(", "));
            }
            let expires = match &expires {
                Some(text) => {
                    Some(Span::parse(text).with_context(|| format!("{text:?} is no time span, as in 90d"))?)
                }
                None => None,
            };
            let secret = Secret::generate().ok().context("the system has no randomness to give")?;
            let token = Token {
                id: TokenId::from(format!("tok_{}", uuid::Uuid::now_v7().simple())),
                name,
                subscriber,
                role: match role {
                    Role::Read => model::Role::Read,
                    Role::Trigger => model::Role::Trigger,
                    Role::Admin => model::Role::Admin,
                },
                created_at: now,
                expires_at: expires.map(|after| now + after.0),
                last_used_at: None,
                revoked_at: None,
                parent: None,
            };
            store.token_create(&token, secret.hash()).await?;
            // First, as it is to be had only now.
            writeln!(out, "{}", secret.reveal())?;
            note(store, "created", &token, now).await?;
        }
        Command::List => {
            for token in store.token_list().await? {
                let state = match (token.revoked_at, token.expires_at) {
                    (Some(at), _) => format!("revoked {at}"),
                    (None, Some(at)) if at <= now => format!("expired {at}"),
                    (None, Some(at)) => format!("until {at}"),
                    (None, None) => "good".into(),
                };
                let subscriber = token.subscriber.map_or_else(|| "all accounts".into(), |id| id.to_string());
                let used = token.last_used_at.map_or_else(|| "never used".into(), |at| format!("used {at}"));
                let role = format!("{:?}", token.role).to_lowercase();
                writeln!(out, "{}  {}  {role}  {subscriber}  {state}  {used}", token.id, token.name)?;
            }
        }
        Command::Revoke { id } => {
            let id = TokenId::from(id);
            store.token_revoke(&id, now).await?;
            if let Some(token) = store.token_list().await?.iter().find(|token| token.id == id) {
                note(store, "revoked", token, now).await?;
            }
        }
    }
    Ok(())
}

async fn note(store: &Store, action: &str, token: &Token, now: UnixMs) -> anyhow::Result<()> {
    let entry = AuditEntry::of_token(&Actor::named("the command line"), now, action, token);
    Ok(store.audit_append(entry).await?)
}
