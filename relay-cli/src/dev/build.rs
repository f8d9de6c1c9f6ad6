//! Building the workflow with cargo.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, BufReader};

use super::process::{Program, Streams};
use crate::error::{CliError, Result};

/// What came of a build.
#[derive(Debug, Default)]
pub(crate) struct Build {
    /// The program; none if it could not be built, about which cargo has said all.
    pub(crate) program: Option<PathBuf>,
    /// When its file was written, which tells one build from another.
    pub(crate) linked: Option<SystemTime>,
    /// Folders of packages whose sources are on this machine.
    pub(crate) folders: BTreeSet<PathBuf>,
}

/// A line of `cargo build --message-format=json`, as far as it matters here.
#[derive(Deserialize)]
#[serde(tag = "reason")]
enum Message {
    #[serde(rename = "compiler-message")]
    Said { package_id: String, manifest_path: PathBuf, message: Diagnostic },
    #[serde(rename = "compiler-artifact")]
    Made(Artifact),
    #[serde(rename = "build-finished")]
    Finished { success: bool },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Diagnostic {
    rendered: Option<String>,
}

#[derive(Deserialize)]
struct Artifact {
    package_id: String,
    manifest_path: PathBuf,
    target: Target,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// How to call cargo.
#[derive(Debug, Clone)]
pub(crate) struct Cargo {
    dir: PathBuf,
    args: Vec<OsString>,
    color: bool,
}

impl Cargo {
    /// `args` are those of `cargo build`.
    pub(crate) fn new(dir: &Path, args: Vec<OsString>, color: bool) -> Self {
        Self { dir: dir.into(), args, color }
    }

    /// Builds. What cargo says to people goes to stderr; `quiet` leaves out what is not an error or a warning.
    ///
    /// # Errors
    ///
    /// If cargo cannot be started, or there is not exactly one program.
    ///
    /// # Cancel safety
    ///
    /// Cargo is stopped when the future is dropped.
    pub(crate) async fn build(&self, quiet: bool, show: impl Fn(&str)) -> Result<Build> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut program = Program::new(cargo);
        let format = if self.color { "json-diagnostic-rendered-ansi" } else { "json" };
        program.args.extend(["build".into(), format!("--message-format={format}").into()]);
        program.args.extend(quiet.then(|| "--quiet".into()));
        program.args.extend(self.args.iter().cloned());
        let mut process = program.start(&self.dir, &[], Streams::Out)?;
        let mut found = Found::default();
        if let Some(stdout) = process.stdout() {
            let mut lines = BufReader::new(stdout).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                // Build scripts and macros may write what they like.
                if let Ok(message) = serde_json::from_str(&line) {
                    found.take(message, &show);
                }
            }
        }
        let status = process.wait().await;
        found.success &= status.is_some_and(|status| status.success());
        found.into_build()
    }
}

#[derive(Default)]
struct Found {
    success: bool,
    programs: Vec<(Artifact, PathBuf)>,
    folders: BTreeSet<PathBuf>,
}

impl Found {
    fn take(&mut self, message: Message, show: impl Fn(&str)) {
        match message {
            Message::Said { package_id, manifest_path, message } => {
                self.folder(&package_id, &manifest_path);
                if let Some(rendered) = message.rendered {
                    show(rendered.trim_end());
                }
            }
            Message::Made(artifact) => {
                self.folder(&artifact.package_id, &artifact.manifest_path);
                let runs = artifact.target.kind.iter().any(|kind| matches!(&**kind, "bin" | "example"));
                if let (true, Some(program)) = (runs, artifact.executable.clone()) {
                    self.programs.push((artifact, program));
                }
            }
            Message::Finished { success } => self.success = success,
            Message::Other => {}
        }
    }

    /// Packages from a registry do not change.
    fn folder(&mut self, package_id: &str, manifest: &Path) {
        if package_id.starts_with("path+") {
            self.folders.extend(manifest.parent().map(Path::to_path_buf));
        }
    }

    fn into_build(self) -> Result<Build> {
        let folders = self.folders;
        if !self.success {
            return Ok(Build { folders, ..Build::default() });
        }
        let names: Vec<&str> = self.programs.iter().map(|(artifact, _)| &*artifact.target.name).collect();
        // Among several, the one that has the name of its package is meant.
        let named = |artifact: &Artifact| {
            artifact
                .manifest_path
                .parent()
                .and_then(Path::file_name)
                .is_some_and(|dir| *dir == *artifact.target.name)
        };
        let chosen = match &self.programs[..] {
            [] => {
                return Err(CliError::usage("cargo has built no program")
                    .next("run it where the workflow's Cargo.toml is"));
            }
            [one] => one,
            several => {
                let mut fit = several.iter().filter(|(artifact, _)| named(artifact));
                match (fit.next(), fit.next()) {
                    (Some(one), None) => one,
                    _ => {
                        return Err(CliError::usage(format_args!(
                            "cargo has built {} programs",
                            several.len()
                        ))
                        .cause(names.join(", "))
                        .next("say which: relay dev -- --bin NAME"));
                    }
                }
            }
        };
        let linked = std::fs::metadata(&chosen.1).and_then(|file| file.modified()).ok();
        Ok(Build { program: Some(chosen.1.clone()), linked, folders })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(lines: &[&str]) -> Result<Build> {
        let mut found = Found::default();
        for line in lines {
            found.take(serde_json::from_str(line).unwrap(), |_| {});
        }
        found.into_build()
    }

    fn program(name: &str) -> String {
        format!(
            r#"{{"reason":"compiler-artifact","package_id":"path+file:///w/greeter#0.1.0","manifest_path":"/w/greeter/Cargo.toml",
            "target":{{"name":"{name}","kind":["bin"]}},"executable":"/w/target/debug/{name}"}}"#
        )
    }

    const DONE: &str = r#"{"reason":"build-finished","success":true}"#;
    const LIBRARY: &str = r#"{"reason":"compiler-artifact","package_id":"registry+x#serde@1.0.0","manifest_path":"/r/serde/Cargo.toml",
        "target":{"name":"serde","kind":["lib"]},"executable":null}"#;

    #[test]
    fn the_program_and_its_own_sources_are_found() {
        let build = built(&[LIBRARY, &program("greeter"), DONE]).unwrap();
        assert_eq!(build.program, Some("/w/target/debug/greeter".into()));
        assert_eq!(build.folders, ["/w/greeter".into()].into());
    }

    #[test]
    fn among_several_the_one_with_the_name_of_the_package_is_meant() {
        let build = built(&[&program("tool"), &program("greeter"), DONE]).unwrap();
        assert_eq!(build.program, Some("/w/target/debug/greeter".into()));
        let error = built(&[&program("one"), &program("two"), DONE]).unwrap_err();
        assert_eq!(error.to_string(), "cargo has built 2 programs");
    }

    #[test]
    fn an_error_leaves_no_program() {
        let error = r#"{"reason":"compiler-message","package_id":"path+file:///w/greeter#0.1.0","manifest_path":"/w/greeter/Cargo.toml",
            "target":{},"message":{"rendered":"error: no"}}"#;
        let build = built(&[LIBRARY, error, r#"{"reason":"build-finished","success":false}"#]).unwrap();
        assert_eq!(build.program, None);
        assert_eq!(build.folders, ["/w/greeter".into()].into());
    }
}
