//! `relay new`: a project to begin with.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::Cx;
use crate::error::{CliError, Result};
use crate::output::BOLD;

const MANIFEST: &str = include_str!("../../templates/Cargo.toml.in");
const MAIN: &str = include_str!("../../templates/main.rs");

/// The clone that this program was built from. While it is there, its SDK is the one that fits, and can be had without a
/// registry.
const CLONE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// Make a cargo project with a workflow and its test.
#[derive(Debug, Args)]
pub(crate) struct New {
    /// The directory to make, and the name of the package
    name: PathBuf,
    /// Use relay-runtime from this directory, its own or that of a clone [default: the clone that `relay` was built from,
    /// or else the released version]
    #[arg(long, value_name = "DIR")]
    path: Option<PathBuf>,
}

impl New {
    pub(crate) fn run(self, cx: &Cx) -> Result<()> {
        let name = self.name.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        check(name)?;
        let source = match &self.path {
            None => runtime(Path::new(CLONE)).ok(),
            Some(path) => Some(runtime(path)?),
        };
        let manifest = MANIFEST.replace("{{name}}", name).replace("{{source}}", &dependency(source));
        let files = [("Cargo.toml", manifest.as_str()), ("src/main.rs", MAIN), (".gitignore", "/target\n")];
        if fs::read_dir(&self.name).is_ok_and(|mut entries| entries.next().is_some()) {
            return Err(CliError::usage(format_args!(
                "{} is there already, and not empty",
                self.name.display()
            ))
            .next("choose another name"));
        }
        for (file, text) in files {
            write(&self.name.join(file), text).map_err(|error| {
                CliError::failed(format_args!("cannot write {}/{file}", self.name.display())).cause(error)
            })?;
        }
        let written: Vec<_> = files.iter().map(|(file, _)| self.name.join(file)).collect();
        if cx.out.is_json() {
            return cx.out.json(&json!({ "name": name, "files": written }));
        }
        for file in written {
            cx.out.line(file.display())?;
        }
        cx.out.note(format_args!(
            "
{BOLD}Next:{BOLD:#}
  cd {}
  cargo test   # the workflow is tested without server and device
  relay dev    # a server, two devices, and your workflow, built anew when you save",
            self.name.display()
        ));
        Ok(())
    }
}

/// The name of a package, as cargo has it.
fn check(name: &str) -> Result<()> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let first = name.chars().next().is_some_and(|c| c.is_ascii_alphabetic());
    if first && name.chars().all(allowed) {
        return Ok(());
    }
    Err(CliError::usage(format_args!("`{name}` cannot be the name of a package"))
        .cause("it has letters, digits, - and _, and begins with a letter"))
}

/// As it stands in a manifest.
fn dependency(path: Option<String>) -> String {
    match path {
        None => format!("version = \"{}\"", env!("CARGO_PKG_VERSION")),
        Some(path) => format!("path = {}", toml::Value::String(path)),
    }
}

/// The directory of the crate, whole.
fn runtime(path: &Path) -> Result<String> {
    let known = [path.join("relay-runtime"), path.to_owned()];
    let found = known.iter().find(|dir| {
        fs::read_to_string(dir.join("Cargo.toml"))
            .is_ok_and(|manifest| manifest.contains("name = \"relay-runtime\""))
    });
    let found = found.ok_or_else(|| {
        CliError::not_found(format_args!("there is no relay-runtime in {}", path.display()))
            .next("name the directory of the repository, or of the crate")
    })?;
    let whole = fs::canonicalize(found).unwrap_or_else(|_| found.clone());
    Ok(whole.display().to_string())
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    fs::write(path, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_clone_the_released_version_is_used() {
        assert_eq!(dependency(None), concat!("version = \"", env!("CARGO_PKG_VERSION"), "\""));
        assert_eq!(dependency(Some("/src/relay".into())), "path = \"/src/relay\"");
    }
}
