//! Who may trigger a workflow, and how that is changed without surprises.

use serde_json::{Value, json};
use snapbox::str;

use super::greeter;
use crate::relay::Relay;

const ALL: &str = "urn:relay-resource:all:device";
const GROUP: &str = "urn:relay-resource:id:tag:F1";

/// What is registered after a command.
fn after(before: Value, line: &str) -> Value {
    let server = greeter(&before);
    Relay::of(&server).run(&format!("workflow {line} -w greeter")).success();
    let workflow = server.world().workflows[0].clone();
    // The server shows a list in any case.
    workflow.get("install_rule").or(workflow.get("install")).cloned().unwrap()
}

#[test]
fn devices_are_added_and_taken_away() {
    assert_eq!(after(json!(["1"]), "install --install 2 3"), json!(["1", "2", "3"]));
    assert_eq!(after(json!(["1"]), "install 1 2"), json!(["1", "2"]));
    assert_eq!(after(json!(["1"]), "install -A"), ALL);
    assert_eq!(after(json!(["1"]), &format!("install -G {GROUP}")), GROUP);
    assert_eq!(after(json!(["1", "2"]), "uninstall -i 1"), json!(["2"]));
    assert_eq!(after(json!(["1", "2"]), "uninstall -A"), json!([]));
    assert_eq!(after(json!(ALL), "uninstall -A"), json!([]));
    assert_eq!(after(json!(GROUP), &format!("uninstall -G {GROUP}")), json!([]));
}

#[test]
fn a_rule_is_narrowed_only_when_that_is_said() {
    assert_eq!(after(json!(ALL), "install -i 1"), ALL);
    assert_eq!(after(json!(ALL), "install -i 1 --only"), json!(["1"]));
    assert_eq!(after(json!(["1", "2"]), "install -i 3 --only"), json!(["3"]));
}

#[test]
fn what_is_unclear_changes_nothing() {
    for (before, line) in [
        (json!(GROUP), "install -i 1"),
        (json!(ALL), "uninstall -i 1"),
        (json!(["1"]), "uninstall -i 2"),
        (json!(["1"]), "install"),
        (json!(["1"]), "uninstall"),
    ] {
        let server = greeter(&before);
        let output = Relay::of(&server).command(&format!("workflow {line} -w greeter")).output().unwrap();
        assert!(!output.status.success(), "{line}");
        assert_eq!(server.changes(), [], "{line}");
    }
}

#[test]
fn it_says_why_not_and_what_instead() {
    let server = greeter(&json!(ALL));
    let relay = Relay::of(&server);
    relay.run("workflow uninstall -w greeter -i 1").code(2).stderr_eq(str![[r#"
error: `greeter` is on all devices
  cause: a part cannot be taken from a rule
  next: name those that shall keep it: relay workflow install --only --install ID

"#]]);
    relay.run("workflow install -w greeter -i 1").success().stderr_eq(str![[r#"
it is on all devices already; --only narrows it to these

"#]]);
    relay.run("workflow install -w greeter").code(2).stderr_eq(str![[r#"
error: nobody is named
  next: use --install ID, --install-all or --install-group ID

"#]]);
    relay
        .run("workflow uninstall -w greeter -A")
        .success()
        .stdout_eq(str![[r#"
ID            wf_greeter_0hN2k8Qe5mTzYw1RbVx7Ua
Name          greeter
Type          phrases:hello,hi
Uri           wss://wf.example:8443/greeter
Installed on  nobody

"#]])
        .stderr_eq(str![[r#"
warning: nobody can trigger `greeter` now

"#]]);
}

#[test]
fn a_dry_run_shows_what_would_be_sent() {
    let server = greeter(&json!([]));
    Relay::of(&server).run("workflow install -w greeter -A -N").success().stdout_eq(str![[r#"
{
  "config": {
    "trigger": {
      "on_phrases": [
        "hello",
        "hi"
      ],
      "start": {
        "workflow": {
          "args": {
            "greeting": "Hi",
            "loud": true,
            "times": 2
          },
          "uri": "wss://wf.example:8443/greeter"
        }
      }
    }
  },
  "extra": {
    "kept": true
  },
  "install_rule": "urn:relay-resource:all:device",
  "name": "greeter",
  "options": {
    "hidden": false,
    "transient": true
  },
  "workflow_id": "wf_greeter_0hN2k8Qe5mTzYw1RbVx7Ua"
}

"#]]);
    assert_eq!(server.changes(), []);
}
