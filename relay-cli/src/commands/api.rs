//! `relay api`: any call, for what has no command.

use std::fs;
use std::io::Read;
use std::path::Path;

use clap::{Args, ValueEnum};
use reqwest::Method;
use serde_json::Value;

use super::Cx;
use crate::client::Client;
use crate::error::{CliError, Result};

/// Call the server's REST API with the token, and print the answer.
///
/// A path without a slash at its beginning is below /ibot, as with the official command line. `{subscriber_id}` in it stands
/// for the account, which is added as a parameter, too, and `{user_id}` for whoever holds the token.
#[derive(Debug, Args)]
pub(crate) struct Api {
    /// The path, with or without parameters
    #[arg(value_name = "PATH")]
    endpoint: String,
    /// The method [default: GET, or POST with --input]
    #[arg(short = 'X', long, value_enum, ignore_case = true)]
    method: Option<Verb>,
    /// A file with the JSON to send, or `-` for the input
    #[arg(long, value_name = "FILE")]
    input: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "UPPER")]
enum Verb {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Api {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        let client = cx.client()?;
        let body = self.input.as_deref().map(document).transpose()?;
        let method = match self.method {
            Some(Verb::Get) => Method::GET,
            Some(Verb::Post) => Method::POST,
            Some(Verb::Put) => Method::PUT,
            Some(Verb::Patch) => Method::PATCH,
            Some(Verb::Delete) => Method::DELETE,
            None if body.is_some() => Method::POST,
            None => Method::GET,
        };
        let (path, query) = self.endpoint.split_once('?').unwrap_or((&self.endpoint, ""));
        let path = filled(&client, path).await?;
        let path: Vec<&str> = path.split('/').collect();
        let mut parts = path;
        if parts.first() == Some(&"") {
            parts.remove(0);
        } else {
            parts.insert(0, "ibot");
        }
        let mut call = client.call(method, &parts);
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            call = call.query(name, value);
        }
        if let Some(body) = body {
            call = call.body(body);
        }
        cx.out.json(&call.send().await?)
    }
}

/// The path with values in the place of `{…}`, each of which has many names.
async fn filled(client: &Client, path: &str) -> Result<String> {
    let mut path = path.to_owned();
    for name in ["{subscriber_id}", "{sub_id}", "{subId}", "{subscriber}", "{subscriberId}"] {
        if path.contains(name) {
            path = path.replace(name, client.account().await?);
        }
    }
    for name in
        ["{user_id}", "{uid}", "{u_id}", "{userId}", "{user}", "{device}", "{device_id}", "{deviceId}"]
    {
        if path.contains(name) {
            let person = client.get(&["oauth2", "validate"]).anonymous().send().await?;
            path = path.replace(name, person["userid"].as_str().unwrap_or_default());
        }
    }
    Ok(path)
}

fn document(file: &str) -> Result<Value> {
    let text = if file == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        fs::read_to_string(Path::new(file))
    };
    let text = text.map_err(|error| CliError::usage(format_args!("cannot read {file}")).cause(error))?;
    serde_json::from_str(&text)
        .map_err(|error| CliError::usage(format_args!("{file} is no JSON")).cause(error))
}
