//! `relay dev`: the inner loop.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use relay_protocol::manifest::TriggerSpec;

use super::Cx;
use crate::dev::{self, New, Platform, Registered, Source, Surroundings, Wanted, Watch, Workshop};
use crate::error::{CliError, Result};
use crate::output::{BOLD, DIM, GOOD, Out};
use crate::registration::describe;
use crate::uri::WorkflowUri;

/// Run a server, two devices and your workflow, rebuilt on each save.
///
/// Builds and starts the workflow of this cargo project and registers what it declares. When a file is saved it is built
/// anew: new runs use the new code, running ones end on the old. Where it cannot be built, the old code goes on.
#[derive(Debug, Args)]
pub(crate) struct DevLoop {
    /// Run this instead of a cargo project; PORT, RELAY_TLS_CERT and RELAY_TLS_KEY tell it where to serve, and with what
    #[arg(long, value_name = "COMMAND", conflicts_with_all = ["uri", "cargo"])]
    command: Option<String>,
    /// Run nothing: workflows are served there already, as in wss://localhost:8443
    #[arg(long, value_name = "URI", conflicts_with = "cargo")]
    uri: Option<String>,
    /// The server's port [default: 7350, or the next that is free]
    #[arg(long)]
    port: Option<u16>,
    /// Forget everything in the end, instead of keeping it in target/relay-dev
    #[arg(long)]
    ephemeral: bool,
    /// Make a device of this name if there is none; may be said several times [default: Alice, Bob]
    #[arg(long = "device", value_name = "NAME")]
    devices: Vec<String>,
    /// Devices, registrations and more to begin with
    #[arg(long, value_name = "FILE")]
    import: Option<PathBuf>,
    /// Keep a file up to date with devices, registrations and more
    #[arg(long, value_name = "FILE")]
    export: Option<PathBuf>,
    /// Let time stand still until `relay clock` advances it
    #[arg(long)]
    virtual_time: bool,
    /// Do not build anew when a file is saved
    #[arg(long)]
    no_watch: bool,
    /// Arguments of `cargo build`
    #[arg(last = true, value_name = "CARGO ARGS")]
    cargo: Vec<OsString>,
}

impl DevLoop {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        let begun = Instant::now();
        let dir = std::env::current_dir()
            .map_err(|error| CliError::failed("the folder that you are in is gone").cause(error))?;
        let data = self.data(&dir);
        let paths = cx.paths()?;
        let source = self.source(&dir, &cx.out)?;
        let watch = self.watch(&dir)?;
        let wanted = Wanted {
            data: data.clone(),
            port: self.port,
            near_default: true,
            virtual_time: self.virtual_time,
            devices: dev::devices(&self.devices),
            import: self.import.as_deref().map(dev::file::read).transpose()?,
        };
        let mut signals = dev::Signals::new()?;
        let mut end = std::pin::pin!(async {
            signals.next().await;
        });
        let banner =
            Banner { out: &cx.out, data: data.as_deref(), dir: &dir, uri: self.uri.as_deref(), begun };
        let platform = async {
            let platform = Platform::start(wanted, &paths).await?;
            let published = platform.publish(&paths)?;
            banner.server(&platform);
            Ok((platform, published))
        };
        let begin = async { tokio::try_join!(platform, source.build(false)) };
        let ((platform, _published), built) = tokio::select! {
            begun = begin => begun?,
            () = &mut end => return Ok(()),
        };
        let around = Surroundings {
            dir: dir.clone(),
            certificate: platform.certificates.certificate.clone(),
            key: platform.certificates.key.clone(),
            variables: platform.variables(),
        };
        let client = Arc::new(platform.client()?);
        let mut shop = Workshop::new(
            &cx.out,
            client,
            source,
            around,
            watch,
            self.export.as_deref().map(|file| dir.join(file.strip_prefix(".").unwrap_or(file))),
            platform.publisher(),
        );
        let worked = shop.run(built, end, |new, registered| banner.workflow(new, registered)).await;
        let kept = shop.keep_up().await;
        // First the server, so that sessions end, which processes wait for.
        platform.stop().await;
        shop.end().await;
        worked.and(kept)
    }

    fn data(&self, dir: &Path) -> Option<PathBuf> {
        let kept = match self.command.is_some() || self.uri.is_some() {
            true => dir.join(".relay-dev"),
            false => dir.join("target").join("relay-dev"),
        };
        (!self.ephemeral).then_some(kept)
    }

    fn source(&self, dir: &Path, out: &Out) -> Result<Source> {
        match (&self.command, &self.uri) {
            (Some(line), _) => Ok(Source::Command(line.clone())),
            (_, Some(uri)) => {
                let uri = WorkflowUri::parse(uri)?;
                Ok(Source::Served(uri.as_str().trim_end_matches('/').to_owned()))
            }
            _ if dir.ancestors().any(|dir| dir.join("Cargo.toml").exists()) => {
                Ok(Source::cargo(dir, self.cargo.clone(), !out.is_json() && colored()))
            }
            _ => Err(CliError::usage("there is no Cargo.toml here").next(
                "make a project: relay new NAME; or name a program: relay dev --command 'node app.js'",
            )),
        }
    }

    fn watch(&self, dir: &Path) -> Result<Option<Watch>> {
        if self.no_watch || self.uri.is_some() {
            return Ok(None);
        }
        let mut watch = Watch::new()?;
        watch.add(dir)?;
        Ok(Some(watch))
    }
}

/// What is told when things are ready.
struct Banner<'a> {
    out: &'a Out,
    data: Option<&'a Path>,
    dir: &'a Path,
    /// Where the workflow is served already.
    uri: Option<&'a str>,
    begun: Instant,
}

impl Banner<'_> {
    fn server(&self, platform: &Platform) {
        let Platform { dev, devices, .. } = platform;
        let kept = match self.data {
            Some(data) => {
                format!("keeps its data in {}", data.strip_prefix(self.dir).unwrap_or(data).display())
            }
            None => "forgets its data in the end".to_owned(),
        };
        self.out
            .note(format_args!("{BOLD}server{BOLD:#}     {GOOD}{}{GOOD:#}  {DIM}{kept}{DIM:#}", dev.host));
        let first = devices.first().map_or("Alice", String::as_str);
        self.out.note(format_args!(
            "{BOLD}devices{BOLD:#}    {}  {DIM}try: relay chat {first}{DIM:#}",
            devices.join(", ")
        ));
    }

    fn workflow(&self, new: Option<&New>, registered: &[Registered]) {
        for (number, workflow) in registered.iter().enumerate() {
            let label = if number == 0 { "workflows" } else { "" };
            let trigger = workflow.trigger.as_ref().map(described).unwrap_or_default();
            self.out.note(format_args!("{BOLD}{label:9}{BOLD:#}  {}  {DIM}{trigger}{DIM:#}", workflow.name));
        }
        if registered.is_empty() {
            let base = self.uri.unwrap_or("wss://HOST").trim_end_matches('/');
            let uri = new.map_or_else(|| format!("{base}/PATH"), |new| new.generation.uri("PATH"));
            self.out.note(format_args!(
                "{BOLD}workflows{BOLD:#}  none yet: --import them, or\n           relay workflow create phrase -n NAME \
                 -A --trigger TEXT \\\n             --uri {uri}"
            ));
        }
        let took = self.begun.elapsed();
        let build = new
            .filter(|new| new.linked.is_some())
            .map(|new| format!(", {} ms after it was built", new.built.elapsed().as_millis()))
            .unwrap_or_default();
        self.out.note(format_args!(
            "{BOLD}ready{BOLD:#}      in {}{build}; Ctrl-C ends everything\n",
            shown(took)
        ));
    }
}

/// Whether cargo may use colour, as we do.
fn colored() -> bool {
    anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never
}

fn shown(time: Duration) -> String {
    match time.as_millis() {
        millis if millis < 10_000 => format!("{millis} ms"),
        _ => format!("{} s", time.as_secs()),
    }
}

fn described(trigger: &TriggerSpec) -> String {
    match trigger {
        TriggerSpec::Phrases(phrases) => format!("say {:?}", phrases.join("\" or \"")).replace("\\\"", "\""),
        other => describe(other).replace('\n', " "),
    }
}
