//! `relay cert dev`.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::certs::Development;
use crate::commands::Cx;
use crate::error::Result;
use crate::output::{BOLD, DIM};

/// Make an authority for development, and a certificate by it for this machine.
///
/// The authority is made once and kept; the certificate is made anew when it is too old or a name is missing in it. Who
/// has the authority's key can pass for any host to whoever trusts it: keep it on this machine.
#[derive(Debug, Args)]
pub(crate) struct Dev {
    /// More hosts or addresses that the certificate is for, beside localhost
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Where the files are [default: dev-certs in the settings of this user]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Make the certificate anew in any case
    #[arg(long)]
    renew: bool,
}

impl Dev {
    pub(crate) fn run(self, cx: &Cx) -> Result<()> {
        let dir = match self.dir {
            Some(dir) => std::path::absolute(&dir).unwrap_or(dir),
            None => cx.paths()?.certificates(),
        };
        let files = Development::in_dir(&dir);
        let made = files.provide(&self.names, self.renew)?;
        let (ca, cert, key) = (files.authority.display(), files.certificate.display(), files.key.display());
        if cx.out.is_json() {
            return cx.out.json(&json!({
                "ca": files.authority, "cert": files.certificate, "key": files.key,
                "made": { "ca": made.authority, "cert": made.certificate },
            }));
        }
        let said = |made: bool| if made { "new" } else { "as it was" };
        cx.out.line(format_args!("authority    {ca} {DIM}({}){DIM:#}", said(made.authority)))?;
        cx.out.line(format_args!("certificate  {cert} {DIM}({}){DIM:#}", said(made.certificate)))?;
        cx.out.line(format_args!("key          {key} {DIM}({}){DIM:#}", said(made.certificate)))?;
        cx.out.note(format_args!(
            "
{BOLD}Serve{BOLD:#} workflows with it:
  export RELAY_TLS_CERT='{cert}'
  export RELAY_TLS_KEY='{key}'
{BOLD}Trust{BOLD:#} it, where that is wanted:
  this command       --ca '{ca}', or RELAY_CA_CERT
  your Relay server  --extra-ca '{ca}'
  {}
Relay's cloud trusts public authorities only.",
            system(&ca)
        ));
        Ok(())
    }
}

/// How this system is made to trust an authority.
fn system(ca: &dyn std::fmt::Display) -> String {
    if cfg!(target_os = "macos") {
        return format!(
            "this Mac           security add-trusted-cert -k ~/Library/Keychains/login.keychain-db '{ca}'"
        );
    }
    if cfg!(windows) {
        return format!("this user          certutil -user -addstore Root \"{ca}\"");
    }
    format!(
        "Debian, Ubuntu     sudo cp '{ca}' /usr/local/share/ca-certificates/relay-dev.crt && sudo update-ca-certificates
  Fedora             sudo trust anchor '{ca}'"
    )
}
