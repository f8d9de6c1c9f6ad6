//! `--edit`: JSON in the editor of the user.

use std::fmt::Display;
use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::error::{CliError, Exit, Result};

/// What the user makes of it.
pub(super) fn edit(value: &Value) -> Result<Value> {
    let editor = editor()?;
    let failed = |error: &dyn Display| CliError::failed("the editor did not work").cause(error);
    let dir = tempfile::tempdir().map_err(|error| failed(&error))?;
    let file = dir.path().join("trigger.json");
    fs::write(&file, format!("{value:#}\n")).map_err(|error| failed(&error))?;
    let mut words = editor.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    let status = command.args(words).arg(&file).status().map_err(|error| failed(&error))?;
    if !status.success() {
        return Err(failed(&format_args!("{editor}: {status}")));
    }
    let text = fs::read_to_string(&file).map_err(|error| failed(&error))?;
    if text.trim().is_empty() {
        return Err(CliError::new(Exit::Declined, "nothing was triggered: the file is empty"));
    }
    serde_json::from_str(&text).map_err(|error| CliError::usage("what you wrote is no JSON").cause(error))
}

fn editor() -> Result<String> {
    let set = |name: &&str| std::env::var(name).ok().filter(|editor| !editor.trim().is_empty());
    match ["VISUAL", "EDITOR"].iter().find_map(set) {
        Some(editor) => Ok(editor),
        None if console::user_attended() => Ok(if cfg!(windows) { "notepad" } else { "vi" }.to_owned()),
        None => Err(CliError::usage("nobody is here to edit").next("set EDITOR, or use --set PATH=VALUE")),
    }
}
