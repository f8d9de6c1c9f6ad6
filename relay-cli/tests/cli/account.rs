//! Which server, as whom: logins, profiles, the environment, and what is said when that goes wrong.

use std::fs::{self, File};

use serde_json::json;
use snapbox::str;

use crate::relay::Relay;
use crate::stub::Stub;

#[test]
fn a_login_is_remembered() {
    let server = Stub::start();
    let relay = Relay::new();
    relay.command("login --token --host").arg(server.url()).stdin("t0ken\n").assert().success().stdout_eq(
        str![[r#"
logged in to http://127.0.0.1:[..]/ as account S1 (profile `default`)

"#]],
    );
    relay.run("api workflow").success().stdout_eq(str![[r#"
{
  "results": []
}

"#]]);
    assert_eq!(server.world().requests.last().unwrap().line, "GET /ibot/workflow?subscriber_id=S1");
    assert!(!relay.read("config.toml").contains("t0ken"));
    relay.run("logout").success().stdout_eq(str![[r#"
logged out (profile `default`)

"#]]);
    assert!(!relay.read("secrets.toml").contains("t0ken"));
    relay.run("api workflow").code(2).stderr_eq(str![[r#"
error: no Relay server is named
  cause: no --host, no RELAY_HOST, no running `relay dev`, and nobody has logged in
  next: start one with `relay dev`, or log in to one: relay login --host HOST

"#]]);
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_the_token() {
    use std::os::unix::fs::PermissionsExt;
    let server = Stub::start();
    let relay = Relay::new();
    relay.command("login --token --host").arg(server.url()).stdin("t0ken\n").assert().success();
    let mode = std::fs::metadata(relay.path("secrets.toml")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_wrong_token_is_not_stored() {
    let server = Stub::start();
    let relay = Relay::near(&server);
    relay.command("login --token").stdin("wrong\n").assert().code(4).stderr_eq(str![[r#"
error: [SERVER]/ does not take the token
  cause: this token is not valid [bad_token]
  next: log in again: relay login; or correct RELAY_API_KEY

"#]]);
    assert!(!relay.path("secrets.toml").exists());
}

#[test]
fn a_token_is_sent_to_no_other_server_than_its_own() {
    let (mine, other) = (Stub::start(), Stub::start());
    let relay = Relay::near(&other);
    relay.command("login --token --host").arg(mine.url()).stdin("t0ken\n").assert().success();
    relay.run("api workflow").code(4).stderr_eq(str![[r#"
error: [SERVER]/ wants a token, and there is none
  cause: this token is not valid [bad_token]
  next: log in: relay login; or set RELAY_API_KEY

"#]]);
    relay.command("api workflow --host").arg(mine.url()).assert().success();
}

#[test]
fn profiles_keep_servers_apart() {
    let (one, two) = (Stub::start(), Stub::start());
    let relay = Relay::new();
    relay.command("login --token --host").arg(one.url()).stdin("t0ken\n").assert().success();
    relay
        .command("login --token --profile two -s S2 --host")
        .arg(two.url())
        .stdin("t0ken\n")
        .assert()
        .code(3)
        .stderr_eq(str![[r#"
error: the token is not for the account `S2`
  next: it is for: S1

"#]]);
    two.says("GET /ibot/authz_context", 200, json!([{ "subscriber_id": "S1" }, { "subscriber_id": "S2" }]));
    relay
        .command("login --token --profile two -s S2 --host")
        .arg(two.url())
        .stdin("t0ken\n")
        .assert()
        .success();
    relay.run("api workflow --profile two").success();
    assert_eq!(two.world().requests.last().unwrap().line, "GET /ibot/workflow?subscriber_id=S2");
    relay.run("api workflow --profile three").code(3).stderr_eq(str![[r#"
error: there is no profile `three`
  next: these are: default, two

"#]]);
}

#[test]
fn a_running_dev_server_is_found() {
    let server = Stub::start();
    let relay = Relay::new();
    let state = json!({ "host": server.url(), "token": "t0ken", "subscriber_id": "S7" });
    fs::create_dir(relay.path("dev")).unwrap();
    relay.write("dev/1.json", &state.to_string());
    let running = File::create(relay.path("dev/1.lock")).unwrap();
    running.lock().unwrap();
    relay.run("api workflow").success();
    assert_eq!(server.world().requests.last().unwrap().line, "GET /ibot/workflow?subscriber_id=S7");
    drop(running);
    relay.run("api workflow").code(2).stderr_eq(str![[r#"
error: no Relay server is named
  cause: no --host, no RELAY_HOST, no running `relay dev`, and nobody has logged in
  next: start one with `relay dev`, or log in to one: relay login --host HOST

"#]]);
}

#[test]
fn the_environment_is_explained_without_secrets() {
    let server = Stub::start();
    Relay::of(&server).run("env -P").success().stdout_eq(str![[r#"
Setting           Value
server            [SERVER]/
named by          --host or RELAY_HOST
account           the one of the token
token             set
signs in at       [SERVER]
authority         those of the system
settings          [CONFIG]
RELAY_HOST        [SERVER]
RELAY_API_KEY     set
RELAY_CONFIG_DIR  [CONFIG]

"#]]);
    Relay::of(&server).run("env -P --json").success().stdout_eq(str![[r#"
{
  "api": "[SERVER]/",
  "auth": "[SERVER]",
  "ca": null,
  "config_dir": "[CONFIG]",
  "source": "--host or RELAY_HOST",
  "subscriber_id": null,
  "token": "set",
  "variables": {
    "RELAY_API_KEY": "set",
    "RELAY_CONFIG_DIR": "[CONFIG]",
    "RELAY_HOST": "[SERVER]"
  }
}

"#]]);
}

#[test]
fn whoami_says_what_the_token_may_do() {
    let server = Stub::start();
    Relay::of(&server).run("whoami").success().stdout_eq(str![[r#"
Who                    Value
server                 [SERVER]/
account                S1
accounts of the token  S1
capabilities           calling
                       workflow_sdk

"#]]);
    Relay::of(&server).run("whoami --json").success().stdout_eq(str![[r#"
{
  "accounts": [
    "S1"
  ],
  "api": "[SERVER]/",
  "capabilities": {
    "calling": true,
    "sos": false,
    "workflow_sdk": true
  },
  "name": null,
  "subscriber_id": "S1"
}

"#]]);
}

#[test]
fn a_server_that_is_not_there_is_told_at_once() {
    let relay = Relay::new();
    relay.run("whoami").code(2).stderr_eq(str![[r#"
error: no Relay server is named
  cause: no --host, no RELAY_HOST, no running `relay dev`, and nobody has logged in
  next: start one with `relay dev`, or log in to one: relay login --host HOST

"#]]);
    let relay = Relay::near(&Stub::gone());
    relay.run("whoami").code(5).stderr_eq(str![[r#"
error: there is no connection to [SERVER]/
  cause: Connection refused (os error 111)
  next: is it running? `relay doctor` says how far the way is open

"#]]);
    relay.run("whoami --json").code(5).stderr_eq(str![[r#"
{
  "error": {
    "causes": [
      "Connection refused (os error 111)"
    ],
    "exit": 5,
    "message": "there is no connection to [SERVER]/",
    "next": "is it running? `relay doctor` says how far the way is open"
  }
}

"#]]);
}

#[test]
fn what_the_server_says_is_passed_on() {
    let server = Stub::start();
    let relay = Relay::of(&server);
    server.says("GET /ibot/workflow", 500, json!({ "error": "disk_full", "message": "the disk is full" }));
    relay.run("api workflow").code(1).stderr_eq(str![[r#"
error: the server failed
  cause: the disk is full [disk_full]
  cause: GET [SERVER]/ibot/workflow: HTTP 500

"#]]);
    server.says("GET /ibot/workflow", 403, json!({ "error": "missing_capability" }));
    relay.run("api workflow").code(4).stderr_eq(str![[r#"
error: the token does not allow this
  cause: missing_capability
  cause: GET [SERVER]/ibot/workflow: HTTP 403

"#]]);
    relay.run("api nowhere").code(3).stderr_eq(str![[r#"
error: there is no such thing on the server
  cause: there is nothing at /ibot/nowhere [not_found]
  cause: GET [SERVER]/ibot/nowhere: HTTP 404

"#]]);
}

#[test]
fn an_overloaded_server_is_asked_again() {
    let server = Stub::start();
    server.says("GET /ibot/workflow", 503, json!({ "message": "busy" }));
    Relay::of(&server).run("api workflow").code(1);
    assert_eq!(server.world().requests.len(), 4, "the account, and three tries");
}

#[test]
fn the_account_of_a_profile_is_changed() {
    let server = Stub::start();
    let relay = Relay::new();
    relay.command("login --token --host").arg(server.url()).stdin("t0ken\n").assert().success();
    relay.run("subscriber get").success().stdout_eq(str![[r#"
S1

"#]]);
    relay.run("subscriber set S2").code(3).stderr_eq(str![[r#"
error: the token is not for the account `S2`
  next: it is for: S1

"#]]);
    server.says(
        "GET /ibot/authz_context",
        200,
        json!([{ "subscriber_id": "S1" }, { "subscriber_id": "S2" }]),
    );
    relay.run("subscriber set -s S2").success().stdout_eq(str![[r#"
the account is S2 from now on (profile `default`)

"#]]);
    relay.run("subscriber get --json").success().stdout_eq(str![[r#"
{
  "subscriber_id": "S2"
}

"#]]);
    relay.run("api workflow").success();
    assert_eq!(server.world().requests.last().unwrap().line, "GET /ibot/workflow?subscriber_id=S2");
    relay.run("subscriber set").code(2).stderr_eq(str![[r#"
error: no account is named
  next: name it: relay subscriber set ID

"#]]);
    Relay::new().run("subscriber set S1").code(3).stderr_eq(str![[r#"
error: there is no profile `default`
  next: make it: relay login --profile default --host HOST

"#]]);
}

#[test]
fn more_headers_are_sent_and_the_token_stays() {
    let server = Stub::start();
    let relay = Relay::of(&server);
    let headers = r#"{"x-tenant": "blue", "authorization": "Bearer other"}"#;
    relay.command("api workflow").env("RELAY_HEADERS", headers).assert().success();
    assert_eq!(server.world().requests.last().unwrap().token, "Bearer t0ken");
    relay.command("api workflow").env("RELAY_HEADERS", "x-tenant: blue").assert().code(2).stderr_eq(str![[
        r#"
error: RELAY_HEADERS cannot be read
  cause: expected value at line 1 column 1
  next: write a JSON object: {"x-tenant": "blue"}

"#
    ]]);
}

#[test]
fn whatever_else_the_server_has_can_be_called() {
    let server = Stub::start();
    let relay = Relay::of(&server);
    server.says("GET /oauth2/validate", 200, json!({ "userid": "u-1" }));
    server.says("GET /ibot/device/u-1/S1", 200, json!({ "found": true }));
    relay.run("api device/{user_id}/{subscriber}").success().stdout_eq(str![[r#"
{
  "found": true
}

"#]]);
}

#[test]
fn a_token_of_another_name_is_not_overlooked() {
    let relay = Relay::near(&Stub::start());
    relay.command("devices").env("RELAY_API_TOKEN", "t0ken").assert().code(4).stderr_eq(str![[r#"
error: [SERVER]/ wants a token, and there is none
  cause: this token is not valid [bad_token]
  next: RELAY_API_TOKEN is not read: is RELAY_API_KEY meant?

"#]]);
}
