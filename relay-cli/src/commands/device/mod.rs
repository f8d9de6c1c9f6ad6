//! `relay devices` and `relay device`: what there is, and what people do with it.

mod acts;
mod find;
mod list;

use clap::{Args, Subcommand};
use serde_json::{Map, Value};

use super::Cx;
use super::entries::{delete, own};
use crate::error::Result;
use crate::output::{Column, ListArgs, Table};
pub(crate) use find::Which;
pub(crate) use list::List;

/// Look at a device, make one, do what its person would do.
#[derive(Debug, Subcommand)]
pub(crate) enum Device {
    /// Show everything about a device
    Show(Show),
    /// Make a virtual device
    Create(Create),
    /// Delete a device
    Delete(Delete),
    #[command(flatten)]
    Act(acts::Act),
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    list: ListArgs,
}

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// Its name, by which workflows know it
    name: String,
    /// Its id [default: one that nobody has]
    #[arg(long)]
    id: Option<String>,
    /// It tells where it is
    #[arg(long)]
    location: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Delete {
    #[command(flatten)]
    which: Which,
}

impl Device {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        match self {
            Self::Show(command) => command.run(cx).await,
            Self::Create(command) => command.run(cx).await,
            Self::Delete(command) => {
                let client = cx.client()?;
                let id = command.which.find(&client).await?;
                delete(cx, &client, "device", &id, &["v1", "devices", &id]).await
            }
            Self::Act(act) => act.run(cx).await,
        }
    }
}

impl Show {
    /// By the API that the vendor's cloud has, too.
    async fn run(self, cx: &Cx) -> Result<()> {
        let client = cx.client()?;
        let id = self.which.find(&client).await?;
        let document = client.get(&["relaypro", "api", "v1", "device", &id]).send().await?;
        let mut table = Table::new([Column::exact("What"), Column::new("Value")]);
        let mut lines = Vec::new();
        flatten("", &document, &mut lines);
        for (name, value) in lines {
            table.row([name, value]);
        }
        cx.out.list(&self.list, &table, &document, "nothing is known of it")
    }
}

impl Create {
    async fn run(self, cx: &Cx) -> Result<()> {
        let client = cx.client()?;
        let mut body = Map::new();
        body.insert("name".into(), self.name.clone().into());
        body.insert("location_enabled".into(), self.location.into());
        body.extend(self.id.map(|id| ("id".to_owned(), id.into())));
        let answer = client.post(&["v1", "devices"], Value::Object(body)).try_send().await?;
        let made = own(answer, "POST /v1/devices")?;
        cx.out.result(made["id"].as_str().unwrap_or_default(), &made)
    }
}

/// `network.type` and its value, for every value that is there.
fn flatten(path: &str, value: &Value, lines: &mut Vec<(String, String)>) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        Value::Null => {}
        Value::Object(object) => object.iter().for_each(|(key, value)| flatten(&below(key), value, lines)),
        Value::Array(items) if items.is_empty() => {}
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
            for (number, item) in items.iter().enumerate() {
                flatten(&below(&number.to_string()), item, lines);
            }
        }
        Value::Array(items) => {
            let texts: Vec<String> = items
                .iter()
                .map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned))
                .collect();
            lines.push((path.to_owned(), texts.join("\n")));
        }
        Value::String(text) if text.is_empty() => {}
        Value::String(text) => lines.push((path.to_owned(), text.clone())),
        other => lines.push((path.to_owned(), other.to_string())),
    }
}
