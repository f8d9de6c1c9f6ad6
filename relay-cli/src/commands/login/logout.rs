//! `relay logout`.

use clap::Args;
use serde_json::json;

use crate::client::{Client, Issuer};
use crate::commands::Cx;
use crate::config::{Profiles, Secrets, Settings};
use crate::error::Result;

/// Forget a stored token. One that a browser brought is given back, and worth nothing from then on.
#[derive(Debug, Args)]
pub(crate) struct Logout {}

impl Logout {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        let paths = cx.paths()?;
        let profiles = Profiles::read(&paths)?;
        let name = cx.global.profile.clone().unwrap_or_else(|| profiles.current().to_owned());
        let secrets = Secrets::read(&paths, &name)?;
        if secrets.browser && profiles.get(&name).is_some() {
            let mut global = cx.global.clone();
            (global.host, global.profile) = (None, Some(name.clone()));
            let settings = Settings::resolve(&global, |_| None, &paths)?;
            let issuer = Issuer::of(&settings, true);
            if let Err(error) = Client::new(settings)?.revoke(&issuer, &secrets).await {
                let why = error.causes().first().map(|cause| format!(" ({cause})")).unwrap_or_default();
                cx.out
                    .warn(format_args!("the token is forgotten here, but was not given back: {error}{why}"));
            }
        }
        let known = profiles.remove(&paths, &name)?;
        let text = if known { "logged out" } else { "nobody was logged in" };
        cx.out.result(
            format_args!("{text} (profile `{name}`)"),
            &json!({ "profile": name, "was_logged_in": known }),
        )
    }
}
