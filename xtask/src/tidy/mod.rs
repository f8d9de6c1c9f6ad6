//! `cargo xtask tidy`: the house rules that no other tool knows.

mod book;
mod files;
mod links;
mod manifests;
mod rust;
mod text;
mod tokens;

use std::fmt;
use std::path::Path;

use anyhow::{Result, bail};

use files::Tree;

/// A rule that does not hold somewhere.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    path: String,
    /// Counted from 1; 0 when the file as a whole is meant.
    line: usize,
    what: String,
}

impl Finding {
    fn new(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, what: what.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.what),
            line => write!(f, "{}:{line}: {}", self.path, self.what),
        }
    }
}

/// Checks all files of the workspace and reports everything that is wrong at once.
pub fn run(root: &Path) -> Result<()> {
    let tree = Tree::read(root)?;
    let mut findings = Vec::new();
    for file in &tree.files {
        text::check(file, &mut findings);
        rust::check(file, &mut findings);
        manifests::check(file, &mut findings);
    }
    links::check(&tree, &mut findings);
    book::check(&tree, &mut findings);
    findings.sort();
    if !findings.is_empty() {
        let lines: Vec<String> = findings.iter().map(Finding::to_string).collect();
        bail!("{} against the house rules:\n{}", lines.len(), lines.join("\n"));
    }
    Ok(())
}
