//! Each example as a process of its own, as a user runs it: it says where it is, and all of its workflows can be dialled.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use relay_protocol::manifest::WorkflowManifest;
use relay_server::dial::{Destination, Dialer, DialerConfig, Trust, UriRules};
use relay_testkit::CertificateFiles;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::EXAMPLES;
use crate::testing::{AUTHORITY, CERTIFICATE};

type Test<T = ()> = Result<T, Box<dyn Error>>;

const TOKEN: &str = "of-this-test";
/// Nothing here takes that long.
const PATIENCE: Duration = Duration::from_secs(30);
/// It listens on one port, whoever may have that, and does not say so.
const SAYS_NOTHING: &str = "hello_standalone";

#[tokio::test]
async fn every_example_can_be_dialled_as_a_process() -> Test {
    let examples = build()?;
    let dialer = Dialer::new(DialerConfig::new(Trust::only(&AUTHORITY.pem())?));
    for name in EXAMPLES.iter().filter(|name| **name != SAYS_NOTHING) {
        let example = Example::start(&examples.join(name)).await?;
        assert!(!example.manifests.is_empty(), "{name} serves nothing");
        for manifest in &example.manifests {
            let uri = format!("{}{}", example.uri, manifest.path);
            let Destination::Workflow(target) = Destination::parse(&uri, UriRules::default())? else {
                return Err(uri.into());
            };
            dialer.dial(&target, PATIENCE).await.map_err(|error| format!("{name}: {error}"))?;
        }
    }
    Ok(())
}

/// A running example. Killed when it is dropped.
struct Example {
    _child: Child,
    _files: CertificateFiles,
    /// Where its workflows are.
    uri: String,
    /// What it says about them.
    manifests: Vec<WorkflowManifest>,
}

impl Example {
    async fn start(program: &Path) -> Test<Self> {
        let files = CERTIFICATE.to_files()?;
        let mut child = Command::new(program)
            .env("PORT", "0")
            .env("RELAY_TLS_CERT", &files.certificate)
            .env("RELAY_TLS_KEY", &files.key)
            .env("RELAY_ADMIN", "0")
            .env("RELAY_ADMIN_TOKEN", TOKEN)
            // The shop of `coffee_order`, which is closed.
            .envs([("SHOP_URL", "http://127.0.0.1:9"), ("SHOP_KEY", "none")])
            .env("NO_COLOR", "1")
            .env("RUST_LOG", "info")
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let mut lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
        let (mut uri, mut admin) = (None, None);
        while uri.is_none() || admin.is_none() {
            let line = timeout(PATIENCE, lines.next_line()).await??.ok_or("the example has ended")?;
            let after = |mark: &str| Some(line.split_once(mark)?.1.split_whitespace().next()?.to_owned());
            uri = uri.or_else(|| after("listening on wss://"));
            admin = admin.or_else(|| after("admin on http://"));
        }
        // It must not stop because nobody reads what it says.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let mut manifest: Value = serde_json::from_str(&get(&admin.unwrap(), "/manifest").await?)?;
        let manifests = serde_json::from_value(manifest["workflows"].take())?;
        let port = uri.unwrap().rsplit(':').next().unwrap_or_default().to_owned();
        Ok(Self { _child: child, _files: files, uri: format!("wss://localhost:{port}"), manifests })
    }
}

/// Builds the examples: a test of this crate builds those of others only on request. Says where they are. Of the whole
/// workspace, so that what is there already is of use.
fn build() -> Test<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = std::process::Command::new(cargo)
        .args(["build", "--workspace", "--examples", "--quiet"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()?;
    assert!(built.success(), "the examples cannot be built");
    // …/target/debug/deps/examples_over_tls-…
    let this = std::env::current_exe()?;
    let profiles = this.ancestors().nth(3).ok_or("this program is not where cargo builds")?;
    Ok(profiles.join("debug/examples"))
}

async fn get(address: &str, path: &str) -> Test<String> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {TOKEN}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer.split_once("\r\n\r\n").ok_or("no answer")?.1.to_owned())
}
