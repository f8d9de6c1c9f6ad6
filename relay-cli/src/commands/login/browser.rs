//! Signing in by a browser: it shows the server's page, and brings back a code for a token.

use std::io::Write;
use std::pin::pin;
use std::time::Duration;

use serde_json::json;

use super::listener::Listener;
use super::proof::Proof;
use crate::client::{Client, Issuer};
use crate::commands::Cx;
use crate::config::{Secrets, Settings};
use crate::error::{CliError, Exit, Result};

/// Opens the page, or only says where it is, and waits until somebody has signed in.
pub(in super::super) async fn sign_in(
    cx: &Cx,
    settings: &Settings,
    issuer: &Issuer,
    open: bool,
    patience: Duration,
) -> Result<Secrets> {
    let client = Client::new(settings.clone())?;
    let listener = Listener::bind(issuer.back()).await?;
    let (proof, uri) = (Proof::new()?, listener.uri.clone());
    let page = issuer.page(&uri, &proof.state, &proof.challenge());
    let mut cancelled = pin!(tokio::signal::ctrl_c());
    // From the first look on it is ours, and does not end the process.
    let _ = futures_util::future::poll_immediate(&mut cancelled).await;
    if cx.out.is_json() {
        let _ = writeln!(anstream::stderr(), "{}", json!({ "sign_in": page.as_str() }));
    } else if open && has_display() {
        cx.out.note(format_args!("a browser opens; if it does not, sign in here:\n\n  {page}\n"));
    } else {
        cx.out.note(format_args!("sign in here, with a browser on this machine:\n\n  {page}\n"));
    }
    if open && has_display() {
        let page = page.to_string();
        // Some programs that open browsers stay until these are closed. That none opens is told above.
        std::thread::spawn(move || drop(opener::open_browser(page)));
    }
    let waiting = cx.out.progress("waiting for the browser");
    let code = tokio::select! {
        code = listener.code(&proof.state) => code?,
        () = tokio::time::sleep(patience) => {
            return Err(CliError::new(Exit::Declined, "nobody has signed in")
                .cause(format_args!("the page was open for {} s", patience.as_secs()))
                .next("begin again: relay login; or take a token: relay login --token"));
        }
        _ = cancelled => return Err(CliError::new(Exit::Declined, "nobody has signed in")),
    };
    drop(waiting);
    client.redeem(issuer, &code, &uri, &proof.verifier).await
}

/// Whether there is a place for a window. In a terminal of its own, no browser is what anybody wants.
fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(any(windows, target_os = "macos")) || ["BROWSER", "WAYLAND_DISPLAY", "DISPLAY"].into_iter().any(set)
}
