//! `relay env`: which server, as whom, and why.

use clap::Args;
use serde_json::json;

use super::Cx;
use crate::client::Issuer;
use crate::error::Result;
use crate::output::{Column, ListArgs, Table};

/// The variables that are read. Those with a secret show only that they are set.
const VARIABLES: &[(&str, bool)] = &[
    ("RELAY_HOST", false),
    ("RELAY_SUBSCRIBER_ID", false),
    ("RELAY_API_KEY", true),
    ("RELAY_REFRESH_TOKEN", true),
    ("RELAY_AUTH_METHOD", false),
    ("RELAY_AUTH_CLIENT_ID", false),
    ("RELAY_AUTH_SDK_CLIENT_ID", false),
    ("RELAY_HEADERS", true),
    ("RELAY_WORKFLOW_ID", false),
    ("RELAY_WORKFLOW_INSTANCE_ID", false),
    ("RELAY_ENV", false),
    ("RELAY_PROFILE", false),
    ("RELAY_CA_CERT", false),
    ("RELAY_CONFIG_DIR", false),
];

/// Show which server the commands talk to, as whom, and why.
#[derive(Debug, Args)]
pub(crate) struct Env {
    /// Also the RELAY_ variables that are set
    #[arg(short = 'P', long)]
    process: bool,
    #[command(flatten)]
    list: ListArgs,
}

impl Env {
    pub(crate) fn run(self, cx: &Cx) -> Result<()> {
        let settings = cx.settings()?;
        let paths = cx.paths()?;
        let token = match (&settings.token, &settings.refresh_token) {
            (Some(_), _) => "set",
            (None, Some(_)) => "a refresh token is set",
            (None, None) => "none",
        };
        let ca = settings.ca.as_ref().map(|ca| ca.display().to_string());
        let variables = VARIABLES.iter().filter_map(|(name, secret)| {
            let value = std::env::var(name).ok().filter(|value| !value.is_empty())?;
            Some((*name, if *secret { "set".to_owned() } else { value }))
        });
        let variables: Vec<_> = if self.process { variables.collect() } else { Vec::new() };

        let sign_in = Issuer::of(&settings, true).host();

        let mut table = Table::new([Column::new("Setting"), Column::new("Value")]);
        for (name, value) in [
            ("server", settings.host.to_string()),
            ("named by", settings.source.to_string()),
            ("account", settings.subscriber_id.clone().unwrap_or_else(|| "the one of the token".into())),
            ("token", token.to_owned()),
            ("signs in at", sign_in.clone()),
            ("authority", ca.clone().unwrap_or_else(|| "those of the system".into())),
            ("settings", paths.config.display().to_string()),
        ] {
            table.row([name.to_owned(), value]);
        }
        for (name, value) in &variables {
            table.row([(*name).to_owned(), value.clone()]);
        }
        let whole = json!({
            "auth": sign_in,
            "api": settings.host.as_str(),
            "source": settings.source.to_string(),
            "subscriber_id": settings.subscriber_id,
            "token": token,
            "ca": ca,
            "config_dir": paths.config,
            "variables": variables.into_iter().collect::<std::collections::BTreeMap<_, _>>(),
        });
        cx.out.list(&self.list, &table, &whole, "")
    }
}
