//! `relay workflow apply`: registrations as a file says.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use clap::Args;
use relay_protocol::manifest::TriggerSpec;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::lint;
use super::plan::{Options, Wanted, carry_out};
use crate::commands::Cx;
use crate::error::{CliError, Result};
use crate::registration::{EVERYWHERE, Installed};

const EXAMPLE: &str = r#"The file, in TOML or JSON:
  base = "wss://workflows.example.com:8443"   # for those that only name a path

  [workflows.hello]
  path = "/hello"                # or: uri = "wss://…"
  on_phrases = ["hello"]         # one trigger, as `relay workflow list --json` shows it
  install = "all"                # or a group's id, or a list of ids
  args = { greeting = "Hi" }     # and transient, hidden, absorb_triggers

What the file does not say of a workflow stays as it is."#;

/// Make the registrations such as a file says. Shows the difference first.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLE)]
pub(crate) struct Apply {
    /// The file
    file: PathBuf,
    /// Show the difference only
    #[arg(short = 'N', long)]
    dry_run: bool,
    /// Delete what is registered and not in the file
    #[arg(long)]
    prune: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    base: Option<String>,
    #[serde(default)]
    workflows: BTreeMap<String, Entry>,
}

#[derive(Debug, Deserialize)]
struct Entry {
    uri: Option<String>,
    path: Option<String>,
    install: Option<Install>,
    args: Option<Map<String, Value>>,
    transient: Option<bool>,
    hidden: Option<bool>,
    #[serde(default)]
    absorb_triggers: Vec<String>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Install {
    Rule(String),
    Ids(Vec<String>),
}

impl Apply {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        let name = self.file.display().to_string();
        let text = fs::read_to_string(&self.file)
            .map_err(|error| CliError::not_found(format_args!("cannot read {name}")).cause(error))?;
        let wrong = |error: String| {
            CliError::usage(format_args!("{name} is no list of workflows")).cause(error.trim())
        };
        let json = self.file.extension().is_some_and(|extension| extension == "json");
        let file: File = if json {
            serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?
        } else {
            toml::from_str(&text).map_err(|error| wrong(error.to_string()))?
        };
        let base = file.base;
        let wanted = file.workflows.into_iter().map(|(name, entry)| entry.read(name, base.as_deref()));
        let wanted: Vec<Wanted> = wanted.collect::<Result<_>>()?;
        carry_out(cx, &wanted, Options { dry_run: self.dry_run, prune: self.prune }).await
    }
}

impl Entry {
    fn read(self, name: String, base: Option<&str>) -> Result<Wanted> {
        let wrong = |why: String| CliError::usage(format_args!("workflow `{name}`: {why}"));
        let (mut triggers, mut unknown) = (Vec::new(), Vec::new());
        for (key, value) in self.rest {
            if key.starts_with("on_") { triggers.push((key, value)) } else { unknown.push(key) }
        }
        if let Some(key) = unknown.first() {
            return Err(wrong(format!("`{key}` is not known here")));
        }
        let [(key, value)] = <[_; 1]>::try_from(triggers).map_err(|triggers| match triggers.len() {
            0 => wrong("it has no trigger".into()).next("add one, such as on_phrases = [\"hello\"]"),
            _ => wrong("it has more than one trigger".into()).next("register it twice, under two names"),
        })?;
        let trigger: TriggerSpec = serde_json::from_value(Map::from_iter([(key.clone(), value)]).into())
            .map_err(|error| wrong(format!("{key}: {error}")))?;
        let trigger = match trigger {
            TriggerSpec::Phrases(phrases) => TriggerSpec::Phrases(lint::phrases(&phrases)?),
            TriggerSpec::Timer(timer) => TriggerSpec::Timer(timer.with_defaults()),
            other => other,
        };
        let uri = match (self.uri, self.path, base) {
            (Some(uri), None, _) => uri,
            (None, Some(path), Some(base)) => joined(base, &path),
            (None, Some(_), None) => return Err(wrong("it has a path, and the file has no `base`".into())),
            _ => return Err(wrong("it needs either `uri` or `path`".into())),
        };
        let installed = self.install.map(|install| match install {
            Install::Rule(rule) if rule == "all" || rule == EVERYWHERE => Installed::Everywhere,
            Install::Rule(rule) => Installed::Rule(rule),
            Install::Ids(ids) => Installed::On(ids),
        });
        let (transient, hidden, absorb) = (self.transient, self.hidden, self.absorb_triggers);
        Ok(Wanted { name, uri, trigger, args: self.args, installed, transient, hidden, absorb })
    }
}

/// A path below a base.
pub(super) fn joined(base: &str, path: &str) -> String {
    format!("{}/{}", base.trim_end_matches('/'), path.trim_start_matches('/'))
}
