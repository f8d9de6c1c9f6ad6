//! What holds for the `Cargo.toml` of a member: all that can be said once is said in the root.

use toml::{Table, Value};

use super::Finding;
use super::files::File;

const INHERITED: &[&str] = &["version", "edition", "rust-version", "license", "publish"];

/// Programs may ask for a newer compiler than libraries, if what they depend on does.
const PROGRAMS: &[&str] = &["relay-server/Cargo.toml"];

const DEPENDENCIES: &[&str] = &["dependencies", "dev-dependencies", "build-dependencies"];

pub fn check(file: &File, findings: &mut Vec<Finding>) {
    // The root itself, and the fuzz targets, which are a workspace of their own.
    if !file.path.ends_with("/Cargo.toml") || file.path.starts_with("fuzz/") {
        return;
    }
    let mut find = |what: String| findings.push(Finding::new(&file.path, 0, what));
    let manifest: Table = match file.text.parse() {
        Ok(manifest) => manifest,
        Err(error) => return find(format!("cannot be read: {error}")),
    };
    for key in INHERITED {
        let own = *key == "rust-version" && PROGRAMS.contains(&file.path.as_str());
        if !own && !inherits(manifest.get("package").and_then(|package| package.get(key))) {
            find(format!("write `{key}.workspace = true`"));
        }
    }
    if !inherits(manifest.get("lints")) {
        find("write `[lints]` with `workspace = true`".to_owned());
    }
    for table in DEPENDENCIES {
        let entries = manifest.get(*table).and_then(Value::as_table).into_iter().flatten();
        for (name, _) in entries.filter(|(_, dependency)| !inherits(Some(dependency))) {
            find(format!("take `{name}` from the workspace, so that there is one version of it"));
        }
    }
}

/// `x.workspace = true`.
fn inherits(value: Option<&Value>) -> bool {
    value.and_then(|value| value.get("workspace")).and_then(Value::as_bool) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_not_inherited_is_named() {
        let text = "[package]\nname = \"a\"\nversion.workspace = true\nedition = \"2024\"\nrust-version.workspace = true\n\
            license.workspace = true\npublish.workspace = true\n[lints]\nworkspace = true\n\
            [dependencies]\nserde = \"1\"\nsyn = { workspace = true, features = [\"full\"] }\n";
        let mut findings = Vec::new();
        check(&File { path: "a/Cargo.toml".to_owned(), text: text.to_owned() }, &mut findings);
        let found: Vec<String> = findings.iter().map(Finding::to_string).collect();
        assert_eq!(
            found,
            [
                "a/Cargo.toml: write `edition.workspace = true`",
                "a/Cargo.toml: take `serde` from the workspace, so that there is one version of it",
            ]
        );
    }
}
