//! `relay new`. That the project compiles is seen in `tests/template.rs`.

use std::path::{Path, PathBuf};

use snapbox::str;

use crate::relay::Relay;

#[test]
fn a_project_has_a_workflow_and_a_test() {
    let relay = Relay::new();
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    relay
        .command("new greeter --path")
        .arg(repository)
        .assert()
        .success()
        .stdout_eq(str![[r#"
greeter/Cargo.toml
greeter/src/main.rs
greeter/.gitignore

"#]])
        .stderr_eq(str![[r#"

Next:
  cd greeter
  cargo test   # the workflow is tested without server and device
  relay dev    # a server, two devices, and your workflow, built anew when you save

"#]]);
    assert!(sdk(&relay).join("src/lib.rs").exists());
    assert!(relay.read("greeter/src/main.rs").contains("#[workflow(phrase = \"hello\")]"));
}

#[test]
fn without_a_path_it_is_the_sdk_that_relay_was_built_with() {
    let relay = Relay::new();
    relay.run("new greeter --json").success().stdout_eq(str![[r#"
{
  "files": [
    "greeter/Cargo.toml",
    "greeter/src/main.rs",
    "greeter/.gitignore"
  ],
  "name": "greeter"
}

"#]]);
    assert!(sdk(&relay).join("src/lib.rs").exists());
}

/// Where the project takes the SDK from.
fn sdk(relay: &Relay) -> PathBuf {
    let manifest: toml::Table = relay.read("greeter/Cargo.toml").parse().unwrap();
    manifest["dependencies"]["relay-runtime"]["path"].as_str().unwrap().into()
}

#[test]
fn nothing_is_overwritten() {
    let relay = Relay::new();
    relay.run("new greeter").success();
    relay.run("new greeter").code(2).stderr_eq(str![[r#"
error: greeter is there already, and not empty
  next: choose another name

"#]]);
    relay.run("new 7up").code(2).stderr_eq(str![[r#"
error: `7up` cannot be the name of a package
  cause: it has letters, digits, - and _, and begins with a letter

"#]]);
    relay.run("new greeter2 --path .").code(3).stderr_eq(str![[r#"
error: there is no relay-runtime in .
  next: name the directory of the repository, or of the crate

"#]]);
}
