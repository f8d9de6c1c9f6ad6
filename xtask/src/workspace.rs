//! What cargo knows about the workspace.

use anyhow::Result;
use serde::Deserialize;

use crate::sh::Shell;

/// The packages of the workspace.
#[derive(Debug, Deserialize)]
pub struct Workspace {
    pub packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
pub struct Package {
    pub name: String,
    pub targets: Vec<Target>,
}

/// Something that cargo builds from a package.
#[derive(Debug, Deserialize)]
pub struct Target {
    pub name: String,
    pub kind: Vec<String>,
}

impl Workspace {
    pub fn load(shell: &Shell) -> Result<Self> {
        let json = shell.read(shell.cargo(&["metadata", "--no-deps", "--format-version", "1"]))?;
        Ok(serde_json::from_str(&json)?)
    }

    /// The names of all targets of this kind, such as `test` or `bench`, with the package of each.
    pub fn targets<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.packages.iter().flat_map(move |package| {
            let targets = package.targets.iter().filter(move |target| target.kind.iter().any(|k| k == kind));
            targets.map(|target| (package.name.as_str(), target.name.as_str()))
        })
    }
}
