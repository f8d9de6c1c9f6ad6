//! Which device is meant: by its id, or by its name.

use clap::Args;
use serde_json::Value;

use crate::client::Client;
use crate::commands::entries::items;
use crate::error::{CliError, Result};

/// The device that a command is about.
#[derive(Debug, Args)]
pub(crate) struct Which {
    /// The device: its id, or its name
    #[arg(value_name = "DEVICE")]
    device: String,
}

impl Which {
    pub(crate) fn of(device: String) -> Self {
        Self { device }
    }

    /// Its id.
    pub(crate) async fn find(&self, client: &Client) -> Result<String> {
        let answer = client.get(&["v1", "devices"]).try_send().await?;
        // Without a list of names, it must be an id.
        let Ok(answer) = answer else { return Ok(self.device.clone()) };
        pick(&items(answer)?, &self.device)
    }
}

fn pick(devices: &[Value], wanted: &str) -> Result<String> {
    let is = |device: &&Value, key: &str| device[key].as_str() == Some(wanted);
    let found: Vec<&Value> = match devices.iter().find(|device| is(device, "id")) {
        Some(device) => vec![device],
        None => devices.iter().filter(|device| is(device, "name")).collect(),
    };
    match found.as_slice() {
        [device] => Ok(device["id"].as_str().unwrap_or_default().to_owned()),
        [] => {
            let names: Vec<&str> =
                devices.iter().filter_map(|device| device["name"].as_str()).take(10).collect();
            let error = CliError::not_found(format_args!("there is no device `{wanted}`"));
            Err(match names.as_slice() {
                [] => error.next("make one: relay device create NAME"),
                names => error.next(format_args!("these are: {}", names.join(", "))),
            })
        }
        _ => {
            Err(CliError::usage(format_args!("several devices are called `{wanted}`"))
                .next("name it by its id"))
        }
    }
}
