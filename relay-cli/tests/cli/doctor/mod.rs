//! `relay doctor` against setups that are broken, each in its own way, all on loopback.

mod broken;
mod chains;
mod peers;

use serde_json::{Value, json};
use snapbox::str;

use crate::relay::Relay;
use crate::stub::Stub;
pub(crate) use chains::Chain;
pub(crate) use peers::{Behaviour, Peer};

fn registered(server: &Stub, uri: &str, install: Value) {
    let trigger = json!({ "start": { "workflow": { "uri": uri, "args": {} } }, "on_phrases": ["good day"] });
    let workflow = json!({ "workflow_id": "wf_hello_1", "name": "hello", "config": { "trigger": trigger }, "install": install });
    server.world().workflows.push(workflow);
}

fn device(server: &Stub, status: &str) {
    let device = json!({ "device_label": "Alice", "device_status": status });
    server.says("GET /relaypro/api/v1/device/9900", 200, device);
}

#[test]
fn a_workflow_that_runs_has_nothing_wrong() {
    let peer = Peer::start(Some(Chain::good()), Behaviour::Workflow);
    let server = Stub::start();
    registered(&server, &peer.uri(), json!(["990007560011111"]));
    device(&server, "online");
    let relay = Relay::of(&server).called("[PORT]", peer.port());
    let ca = relay.write("ca.pem", &peer.authority());
    relay.command("doctor --ca").arg(&ca).arg(peer.uri()).assert().success().stdout_eq(str![[r#"
wss://127.0.0.1:[PORT]/hello
✓ name          an address ([TIME] ms)
✓ connection    127.0.0.1:[PORT] ([TIME] ms)
! certificate   trusted here, but not by the public ([TIME] ms)
                1. "Test Leaf", signed by "Test Root"; for 127.0.0.1; 2020-01-01
                to 2999-01-01 ([N] days left)
                2. "Test Root", signed by itself; an authority; 1975-01-01 to
                4096-01-01 ([N] days left)
                next:  good for your own server with --extra-ca FILE; Relay's
                       cloud refuses it
✓ upgrade       it speaks WebSocket ([TIME] ms)
✓ path          there is a workflow at /hello
✓ start         the workflow runs: its first request is `start_interaction` ([TIME] ms)

Relay server [SERVER]/
✓ server        it answers ([TIME] ms)
✓ token         valid for the account S1
✓ registration  wf_hello_1 (hello), on phrases:good day ([TIME] ms)
✓ installed     on 990007560011111
✓ device        Alice (990007560011111) is online ([TIME] ms)

"#]]);
    assert_eq!(peer.started_by(), "phrase good day", "it is started as it would be");
}

#[test]
fn programs_get_the_same_as_json() {
    let peer = Peer::start(None, Behaviour::Workflow);
    let relay = Relay::new().called("[PORT]", peer.port());
    relay.command("doctor --json").arg(peer.uri()).assert().success().stdout_eq(str![[r#"
{
  "sections": [
    {
      "lines": [
        {
          "ms": [TIME],
          "rung": "name",
          "status": "ok",
          "what": "an address"
        },
        {
          "ms": [TIME],
          "rung": "connection",
          "status": "ok",
          "what": "127.0.0.1:[PORT]"
        },
        {
          "code": "plain-loopback",
          "next": "good on this machine only: the server wants --allow-insecure-loopback; elsewhere use wss",
          "rung": "certificate",
          "status": "warn",
          "what": "plain ws, without TLS"
        },
        {
          "ms": [TIME],
          "rung": "upgrade",
          "status": "ok",
          "what": "it speaks WebSocket"
        },
        {
          "rung": "path",
          "status": "ok",
          "what": "there is a workflow at /hello"
        },
        {
          "ms": [TIME],
          "rung": "start",
          "status": "ok",
          "what": "the workflow runs: its first request is `start_interaction`"
        }
      ],
      "subject": "ws://127.0.0.1:[PORT]/hello"
    }
  ]
}

"#]]);
}

#[test]
fn every_fault_says_what_it_means_and_what_to_do() {
    let peer = Peer::start(Some(Chain::expired()), Behaviour::Http(404, "no workflow has the path /hello"));
    let server = Stub::start();
    registered(&server, &peer.uri(), json!([]));
    let relay = Relay::of(&server).called("[PORT]", peer.port());
    relay
        .command("doctor")
        .arg(peer.uri())
        .assert()
        .code(6)
        .stdout_eq(str![[r#"
wss://127.0.0.1:[PORT]/hello
✓ name          an address ([TIME] ms)
✓ connection    127.0.0.1:[PORT] ([TIME] ms)
✗ certificate   it leads to "Test Root", an authority that nobody knows ([TIME] ms)
                1. "Test Leaf", signed by "Test Root"; for 127.0.0.1; 2001-01-01
                to 2002-01-01 (expired)
                2. "Test Root", signed by itself; an authority; 1975-01-01 to
                4096-01-01 ([N] days left)
                next:  Relay's cloud will never take it; your own server does
                       with --extra-ca FILE, and this command with --ca FILE
✗               "Test Leaf" expired on 2002-01-01
                next:  renew it, and see that the server takes the new one up
✓ upgrade       it answers HTTP ([TIME] ms)
✗ path          there is no workflow at /hello (HTTP 404 Not Found)
                cause: it says: no workflow has the path /hello
                next:  compare the path with those that the workflow server
                       names in its log, or in its manifest
· start         not reached

Relay server [SERVER]/
✓ server        it answers ([TIME] ms)
✓ token         valid for the account S1
✓ registration  wf_hello_1 (hello), on phrases:good day ([TIME] ms)
✗ installed     nobody can trigger `hello`: it is on no device
                next:  relay workflow install -w wf_hello_1 --install-all
· device        not reached

"#]])
        .stderr_eq(str![[r#"
error: 4 things are wrong

"#]]);
}

#[test]
fn a_narrow_terminal_wraps() {
    let peer = Peer::start(Some(Chain::self_signed()), Behaviour::Workflow);
    let relay = Relay::new().columns(50).called("[PORT]", peer.port());
    relay.command("doctor --no-start").arg(peer.uri()).assert().code(6).stdout_eq(str![[r#"
wss://127.0.0.1:[PORT]/hello
✓ name          an address ([TIME] ms)
✓ connection    127.0.0.1:[PORT] ([TIME] ms)
✗ certificate   "Test Leaf" is signed by itself:
                nobody vouches for it ([TIME] ms)
                1. "Test Leaf", signed by itself;
                for 127.0.0.1; 2020-01-01 to
                2999-01-01 ([N] days left)
                next:  get one from a public
                       authority such as Let's
                       Encrypt; for your own
                       server, `relay cert dev`
                       makes an authority that it
                       can trust
✓ upgrade       it speaks WebSocket ([TIME] ms)
✓ path          there is a workflow at /hello
· start         not asked for

"#]]);
}

#[test]
fn without_a_uri_the_server_and_all_its_workflows_are_looked_at() {
    let (one, gone) = (Peer::start(None, Behaviour::Workflow), Peer::gone());
    let server = Stub::start();
    registered(&server, &one.uri(), json!(["990007560011111"]));
    registered(&server, &gone.uri(), json!(["990007560011111"]));
    device(&server, "offline");
    let relay = Relay::of(&server).called("[ONE]", one.port()).called("[GONE]", gone.port());
    relay.run("doctor").code(6).stdout_eq(str![[r#"
Relay server [SERVER]/
✓ server        it answers ([TIME] ms)
✓ token         valid for the account S1
✓ registration  2 workflows are registered ([TIME] ms)
✓ installed     each can be triggered by somebody
! device        Alice (990007560011111) is offline ([TIME] ms)
                next:  switch it on, and see that it has a network
!               Alice (990007560022222) is offline ([TIME] ms)
                next:  switch it on, and see that it has a network

ws://127.0.0.1:[ONE]/hello
✓ name          an address ([TIME] ms)
✓ connection    127.0.0.1:[ONE] ([TIME] ms)
! certificate   plain ws, without TLS
                next:  good on this machine only: the server wants
                       --allow-insecure-loopback; elsewhere use wss
✓ upgrade       it speaks WebSocket ([TIME] ms)
✓ path          there is a workflow at /hello
· start         not asked for

ws://127.0.0.1:[GONE]/hello
✓ name          an address ([TIME] ms)
✗ connection    nothing listens on port [GONE] ([TIME] ms)
                cause: Connection refused (os error 111)
                next:  is the workflow server running, on this port, and not on
                       127.0.0.1 of another machine?
· certificate   plain ws
· upgrade       not reached
· path          not reached
· start         not asked for

"#]]);
    assert_eq!(one.started_by(), "", "nothing was started");
}

#[test]
fn without_a_server_there_is_nothing_to_look_at() {
    Relay::new().run("doctor").code(2).stderr_eq(str![[r#"
error: no Relay server is named
  cause: no --host, no RELAY_HOST, no running `relay dev`, and nobody has logged in
  next: start one with `relay dev`, or log in to one: relay login --host HOST

"#]]);
    Relay::new().run("doctor hello").code(2).stderr_eq(str![[r#"
error: `hello` is no URI of a workflow
  cause: relative URL without a base
  next: it looks like wss://host:8443/hello

"#]]);
}
