//! `relay tag`: stickers that devices are held to.

use std::collections::BTreeSet;

use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

use super::Cx;
use super::entries::{cell, delete, items};
use crate::error::{CliError, Result};
use crate::output::{Column, ListArgs, Table};

/// Keys of a tag's content that have flags of their own.
const OWN: [&str; 3] = ["type", "category", "label"];

/// List, make and change tags: stickers that devices are held to.
#[derive(Debug, Subcommand)]
pub(crate) enum Tag {
    /// List them
    List(List),
    /// Make one
    Create(Create),
    /// Replace what one says
    Update(Update),
    /// Say which sticker it is, by what the sticker says of itself
    Pair(Pair),
    /// Delete one
    Delete(Delete),
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only of this category
    #[arg(short, long)]
    category: Option<String>,
    /// Only of this kind
    #[arg(short, long, value_parser = ["custom", "user_profile"])]
    r#type: Option<String>,
    #[command(flatten)]
    list: ListArgs,
}

#[derive(Debug, Args)]
pub(crate) struct Create {
    #[command(flatten)]
    content: Content,
    /// What its sticker says of itself
    #[arg(long)]
    uid: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Update {
    /// Its id
    #[arg(long, value_name = "ID")]
    tag_id: String,
    #[command(flatten)]
    content: Content,
}

#[derive(Debug, Args)]
pub(crate) struct Pair {
    /// Its id
    #[arg(long, value_name = "ID")]
    tag_id: String,
    /// What the sticker says of itself, in hexadecimal
    #[arg(long)]
    uid: String,
}

#[derive(Debug, Args)]
pub(crate) struct Delete {
    /// Its id
    #[arg(short, long, value_name = "ID")]
    tag_id: String,
}

/// What a tag says.
#[derive(Debug, Args)]
pub(crate) struct Content {
    /// Its kind
    #[arg(short, long, value_parser = ["custom", "user_profile"], default_value = "custom")]
    r#type: String,
    /// Its category, by which workflows know it
    #[arg(short, long)]
    category: String,
    /// Its label
    #[arg(short, long)]
    label: String,
    /// Anything else
    #[arg(short, long, value_name = "NAME=VALUE", num_args = 1..)]
    arg: Vec<String>,
}

impl Content {
    fn read(self) -> Result<Value> {
        let mut content = Map::new();
        for pair in &self.arg {
            match pair.split_once('=') {
                Some((name, _)) if OWN.contains(&name) => {
                    return Err(CliError::usage(format_args!("--arg {pair}: use --{name}")));
                }
                Some((name, value)) if !name.is_empty() => content.insert(name.to_owned(), value.into()),
                _ => return Err(CliError::usage(format_args!("--arg {pair}: NAME=VALUE is wanted"))),
            };
        }
        for (name, value) in OWN.into_iter().zip([self.r#type, self.category, self.label]) {
            content.insert(name.into(), value.into());
        }
        Ok(Value::Object(content))
    }
}

impl Tag {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        match self {
            Self::List(command) => command.run(cx).await,
            Self::Create(command) => {
                let mut body = json!({ "content": command.content.read()? });
                if let Some(uid) = command.uid {
                    body["uid"] = uid.into();
                }
                let made = cx.client()?.post(&["ibot", "relay_nfc_tag"], body).send().await?;
                cx.out.result(format_args!("the tag {} is made", cell(&made, "tag_id")), &made)
            }
            Self::Update(command) => {
                let body = json!({ "content": command.content.read()? });
                put(cx, &command.tag_id, body, "says something else now").await
            }
            Self::Pair(command) => put(cx, &command.tag_id, json!({ "uid": command.uid }), "is paired").await,
            Self::Delete(command) => {
                let client = cx.client()?;
                delete(cx, &client, "tag", &command.tag_id, &["ibot", "relay_nfc_tag", &command.tag_id]).await
            }
        }
    }
}

async fn put(cx: &Cx, id: &str, body: Value, done: &str) -> Result<()> {
    let saved = cx.client()?.put(&["ibot", "relay_nfc_tag", id], body).send().await?;
    cx.out.result(format_args!("the tag {id} {done}"), &saved)
}

impl List {
    async fn run(self, cx: &Cx) -> Result<()> {
        let mut tags = items(cx.client()?.get(&["ibot", "relay_nfc_tag"]).send().await?)?;
        let fits = |tag: &Value, key: &str, wanted: &Option<String>| {
            wanted.as_ref().is_none_or(|wanted| tag["content"][key] == **wanted)
        };
        tags.retain(|tag| fits(tag, "category", &self.category) && fits(tag, "type", &self.r#type));
        let mut table = Table::new([
            Column::exact("Tag ID"),
            Column::new("Paired"),
            Column::new("Category"),
            Column::new("Label"),
            Column::new("Content"),
            Column::new("Type").extended(),
            Column::exact("UID").extended(),
        ]);
        for tag in &tags {
            let uid = cell(tag, "uid");
            let content = tag["content"].as_object().cloned().unwrap_or_default();
            let rest: BTreeSet<String> = content
                .iter()
                .filter(|(key, _)| !OWN.contains(&key.as_str()))
                .map(|(key, _)| format!("{key}={}", cell(&tag["content"], key)))
                .collect();
            table.row([
                cell(tag, "tag_id"),
                if uid.is_empty() { "no" } else { "yes" }.to_owned(),
                cell(&tag["content"], "category"),
                cell(&tag["content"], "label"),
                rest.into_iter().collect::<Vec<_>>().join("\n"),
                cell(&tag["content"], "type"),
                uid,
            ]);
        }
        cx.out.list(&self.list, &table, &tags.into(), "there is no tag")
    }
}
