//! Everything that is written from `relay-protocol/schema/`, and the check that it is not stale.

mod asyncapi;
mod filters;
mod frame;
mod names;
mod node;
mod rust;
mod strategies;
mod tables;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::schema::Schema;

/// Writes the generated files, or with `check` only compares and fails when one is stale.
pub fn run(root: &Path, check: bool) -> Result<()> {
    let mut stale = Vec::new();
    for (path, text) in files(&Schema::read(root)?)? {
        let full = root.join(&path);
        // Absent counts as different: a new generator's first run.
        if std::fs::read_to_string(&full).is_ok_and(|old| old.replace("\r\n", "\n") == text) {
            continue;
        }
        if check {
            stale.push(path.display().to_string());
            continue;
        }
        if let Some(folder) = full.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&full, text).with_context(|| format!("cannot write {}", full.display()))?;
    }
    if !stale.is_empty() {
        bail!("stale: {}\nrun `cargo xtask codegen` and commit what it writes", stale.join(", "));
    }
    Ok(())
}

/// All generated files with their content.
fn files(schema: &Schema) -> Result<Vec<(PathBuf, String)>> {
    let rust = rust::generate(schema)?
        .into_iter()
        .map(|(name, text)| (format!("relay-protocol/src/generated/{name}"), text));
    let strategies = strategies::generate(schema)?
        .into_iter()
        .map(|(name, text)| (format!("relay-protocol/tests/strategies/{name}"), text));
    let words = [
        ("relay-macros/src/generated.rs", names::generate(schema)?),
        ("relay-runtime/src/workflow/generated.rs", filters::generate(schema)?),
    ];
    let documents = [
        ("docs/asyncapi.yaml", asyncapi::generate(schema)),
        ("docs/reference/enums.md", tables::enums::generate(schema)),
        ("docs/reference/events.md", tables::events::generate(schema)),
        ("docs/reference/requests.md", tables::requests::generate(schema)),
        ("docs/reference/triggers.md", tables::triggers::generate(schema)),
    ];
    let others = words.into_iter().chain(documents).map(|(path, text)| (path.to_owned(), text));
    Ok(rust.chain(strategies).chain(others).map(|(path, text)| (path.into(), text)).collect())
}
