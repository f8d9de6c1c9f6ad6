//! An example as a process of its own, as a user runs it.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::OnceLock;

use relay_protocol::manifest::WorkflowManifest;
use relay_testkit::CertificateFiles;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::stage::{CERTIFICATE, PATIENCE, Test};

const TOKEN: &str = "of-this-test";

/// A running example. Killed when it is dropped.
pub(crate) struct Example {
    _child: Child,
    _files: CertificateFiles,
    /// Where its workflows are.
    pub(crate) uri: String,
    /// What it says about them.
    pub(crate) manifests: Vec<WorkflowManifest>,
}

impl Example {
    pub(crate) async fn start(name: &str) -> Test<Self> {
        let files = CERTIFICATE.to_files()?;
        let mut child = Command::new(built()?.join(name))
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

/// Where the examples are, once they are built: a test of this crate builds those of others only on request.
fn built() -> Test<PathBuf> {
    static BUILT: OnceLock<Option<PathBuf>> = OnceLock::new();
    let build = || {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let built = std::process::Command::new(cargo)
            .args(["build", "--package", "examples", "--examples", "--quiet"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .status();
        // …/target/debug/deps/runner-…
        let debug = std::env::current_exe().ok()?.parent()?.parent()?.with_file_name("debug");
        built.ok()?.success().then(|| debug.join("examples"))
    };
    BUILT.get_or_init(build).clone().ok_or_else(|| "the examples cannot be built".into())
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
