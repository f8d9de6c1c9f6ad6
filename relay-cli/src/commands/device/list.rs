//! `relay devices`.

use clap::Args;
use serde_json::{Value, json};

use crate::commands::Cx;
use crate::commands::entries::{cell, items};
use crate::error::Result;
use crate::output::{Column, ListArgs, Table};

/// List devices and users by their ids.
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    list: ListArgs,
}

impl List {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        let client = cx.client()?;
        let account = client.account().await?;
        let mut answer =
            client.get(&["ibot", "subscriber", account, "device_ids"]).anonymous().send().await?;
        let ids = items(answer["devices"].take())?;
        // Only servers of one's own tell more than ids.
        let known =
            client.get(&["v1", "devices"]).try_send().await?.map(items).unwrap_or_else(|_| Ok(Vec::new()))?;
        let entries: Vec<Value> = ids
            .iter()
            .filter_map(Value::as_str)
            .map(|id| {
                let found = known.iter().find(|device| device["id"] == *id);
                found.cloned().unwrap_or_else(|| json!({ "id": id }))
            })
            .collect();
        let mut table = Table::new([
            Column::exact("ID"),
            Column::new("Name"),
            Column::new("Status"),
            Column::new("Channel"),
            Column::new("Battery").right().extended(),
            Column::new("User").extended(),
        ]);
        for entry in &entries {
            table.row([
                cell(entry, "id"),
                cell(entry, "name"),
                cell(&entry["now"], "device_status"),
                cell(&entry["now"], "active_channel"),
                cell(entry, "battery"),
                cell(entry, "user"),
            ]);
        }
        cx.out.list(&self.list, &table, &entries.into(), "there is no device yet: relay device create NAME")
    }
}
