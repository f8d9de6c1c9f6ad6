//! `relay workflow` and what belongs to it.

mod apply;
mod create;
mod installing;
mod logs;
mod running;

use serde_json::{Value, json};
use snapbox::str;

use crate::relay::Relay;
use crate::stub::Stub;

/// A server that knows a workflow for a phrase, installed as told, with arguments.
fn greeter(install: &Value) -> Stub {
    let server = Stub::start();
    server.world().workflows.push(registration("greeter", json!({ "on_phrases": ["hello", "hi"] }), install));
    server
}

fn registration(name: &str, mut trigger: Value, install: &Value) -> Value {
    let uri = format!("wss://wf.example:8443/{name}");
    trigger["start"] =
        json!({ "workflow": { "uri": uri, "args": { "greeting": "Hi", "loud": true, "times": 2 } } });
    let mut workflow = json!({
        "workflow_id": format!("wf_{name}_0hN2k8Qe5mTzYw1RbVx7Ua"), "name": name, "extra": { "kept": true },
        "options": { "transient": true, "hidden": false }, "config": { "trigger": trigger },
    });
    let key = if install.is_string() { "install_rule" } else { "install" };
    workflow[key] = install.clone();
    workflow
}

fn several() -> Stub {
    let server = greeter(&json!(["990007560011111", "990007560022222"]));
    let everywhere = json!("urn:relay-resource:all:device");
    for (name, trigger) in [
        ("bell", json!({ "on_http": "POST" })),
        ("door", json!({ "on_nfc": { "type": "custom", "category": "door", "label": "A" } })),
        (
            "rounds",
            json!({ "on_timer": {
            "start_time": "2027-01-04T08:00:00", "timezone": "Europe/Berlin", "frequency": "weekly", "interval": 2,
            "byweekday": [1, 5], "count": 9 } }),
        ),
        ("later", json!({ "on_something": { "new": 1 } })),
    ] {
        server.world().workflows.push(registration(name, trigger, &everywhere));
    }
    server
}

#[test]
fn a_list_fits_the_terminal() {
    let server = several();
    Relay::of(&server).columns(120).run("workflow list").success().stdout_eq(str![[r#"
ID                                 Name     Type                       Uri                            Installed on
wf_greeter_0hN2k8Qe5mTzYw1RbVx7Ua  greeter  phrases:hello,hi           wss://wf.example:8443/greeter  990007560011111
                                                                                                      990007560022222
wf_bell_0hN2k8Qe5mTzYw1RbVx7Ua     bell     http:POST                  wss://wf.example:8443/bell     all devices
wf_door_0hN2k8Qe5mTzYw1RbVx7Ua     door     nfc:custom                 wss://wf.example:8443/door     all devices
                                            category=door
                                            label=A
wf_rounds_0hN2k8Qe5mTzYw1RbVx7Ua   rounds   timer:2027-01-04T08:00:00  wss://wf.example:8443/rounds   all devices
                                            Europe/Berlin
                                            weekly, every 2 Mo Fr
wf_later_0hN2k8Qe5mTzYw1RbVx7Ua    later    something                  wss://wf.example:8443/later    all devices

"#]]);
}

#[test]
fn in_a_narrow_terminal_each_workflow_is_a_block() {
    let server = several();
    Relay::of(&server).run("workflow list").success().stdout_eq(str![[r#"
ID            wf_greeter_0hN2k8Qe5mTzYw1RbVx7Ua
Name          greeter
Type          phrases:hello,hi
Uri           wss://wf.example:8443/greeter
Installed on  990007560011111
              990007560022222
────────────────────
ID            wf_bell_0hN2k8Qe5mTzYw1RbVx7Ua
Name          bell
Type          http:POST
Uri           wss://wf.example:8443/bell
Installed on  all devices
────────────────────
ID            wf_door_0hN2k8Qe5mTzYw1RbVx7Ua
Name          door
Type          nfc:custom
              category=door
              label=A
Uri           wss://wf.example:8443/door
Installed on  all devices
────────────────────
ID            wf_rounds_0hN2k8Qe5mTzYw1RbVx7Ua
Name          rounds
Type          timer:2027-01-04T08:00:00 Europe/Berlin
              weekly, every 2 Mo Fr
Uri           wss://wf.example:8443/rounds
Installed on  all devices
────────────────────
ID            wf_later_0hN2k8Qe5mTzYw1RbVx7Ua
Name          later
Type          something
Uri           wss://wf.example:8443/later
Installed on  all devices

"#]]);
}

#[test]
fn without_a_terminal_lines_are_as_long_as_they_are() {
    let server = greeter(&json!([]));
    Relay::of(&server).columns(None).run("workflow:list -x").success().stdout_eq(str![[r#"
ID                                 Name     Type              Uri                            Installed on  Args
wf_greeter_0hN2k8Qe5mTzYw1RbVx7Ua  greeter  phrases:hello,hi  wss://wf.example:8443/greeter  nobody        greeting=Hi
                                                                                                           loud=true
                                                                                                           times=2

"#]]);
}

#[test]
fn programs_choose_their_form() {
    let server = several();
    let relay = Relay::of(&server);
    relay.run("workflow list --json --filter name=greeter").success();
    relay.run("workflow list --csv --columns id,name,'installed on' --sort -name").success().stdout_eq(str![
        [r#"
ID,Name,Installed on
wf_rounds_0hN2k8Qe5mTzYw1RbVx7Ua,rounds,all devices
wf_later_0hN2k8Qe5mTzYw1RbVx7Ua,later,all devices
wf_greeter_0hN2k8Qe5mTzYw1RbVx7Ua,greeter,"990007560011111
990007560022222"
wf_door_0hN2k8Qe5mTzYw1RbVx7Ua,door,all devices
wf_bell_0hN2k8Qe5mTzYw1RbVx7Ua,bell,all devices

"#]
    ]);
    relay.run("workflow list --output json --columns name --filter name=^b").success().stdout_eq(str![[r#"
[
  {
    "name": "bell"
  }
]

"#]]);
    relay.run("workflow list --no-header --columns name --filter -name=^[bd]").success().stdout_eq(str![[
        r#"
greeter
rounds
later

"#
    ]]);
    relay.run("workflow list --columns nme").code(2).stderr_eq(str![[r#"
error: there is no column `nme`
  next: these are: ID, Name, Type, Uri, Installed on, Args

"#]]);
    relay.run("workflow list --filter name").code(2).stderr_eq(str![[r#"
error: --filter name: it has no `=`

"#]]);
}

#[test]
fn json_is_what_the_server_keeps() {
    let server = greeter(&json!([]));
    let listed: Value = serde_json::from_str(&Relay::of(&server).stdout("workflow list --json")).unwrap();
    assert_eq!(listed, json!(server.world().workflows));
}

#[test]
fn a_config_may_come_as_text() {
    let server = greeter(&json!([]));
    {
        let mut world = server.world();
        let config = world.workflows[0]["config"].to_string();
        world.workflows[0]["config"] = config.into();
    }
    assert!(Relay::of(&server).stdout("workflow list").contains("phrases:hello,hi"));
}

#[test]
fn an_empty_list_says_what_to_do() {
    Relay::of(&Stub::start()).run("workflow list").success().stdout_eq(str![]).stderr_eq(str![[r#"
no workflow is registered yet: relay workflow create --help

"#]]);
}

#[test]
fn only_the_workflow_that_is_meant_is_deleted() {
    let server = several();
    let relay = Relay::of(&server);
    relay.run("workflow delete -w greet --yes").code(3).stderr_eq(str![[r#"
error: there is no workflow `greet`
  next: is `greeter` (wf_greeter_0hN2k8Qe5mTzYw1RbVx7Ua) meant?

"#]]);
    relay.run("workflow delete -w wf_ --yes").code(2);
    relay.run("workflow delete -w greeter").code(7).stderr_eq(str![[r#"
error: nobody is here to answer: delete `greeter` (wf_greeter_0hN2k8Qe5mTzYw1RbVx7Ua)?
  next: say --yes to answer with yes

"#]]);
    assert_eq!(server.changes(), []);
    relay.run("workflow delete -w greeter --yes").success().stdout_eq(str![[r#"
`greeter` (wf_greeter_0hN2k8Qe5mTzYw1RbVx7Ua) is deleted

"#]]);
    assert_eq!(
        server.changes()[0].line,
        "DELETE /ibot/workflow/wf_greeter_0hN2k8Qe5mTzYw1RbVx7Ua?subscriber_id=S1"
    );
    relay.run("workflow delete -w bell --yes --json").success().stdout_eq(str![[r#"
{
  "deleted": "wf_bell_0hN2k8Qe5mTzYw1RbVx7Ua"
}

"#]]);
}

#[test]
fn arguments_are_shown_and_changed() {
    let server = greeter(&json!([]));
    let relay = Relay::of(&server);
    relay.run("workflow args list -w greeter").success().stdout_eq(str![[r#"
Arg       Value  Type
greeting  Hi     string
loud      true   boolean
times     2      number

"#]]);
    relay.run("workflow args get times -w greeter --json").success().stdout_eq(str![[r#"
{
  "times": 2
}

"#]]);
    relay.run("workflow args get time -w greeter").code(3).stderr_eq(str![[r#"
error: `greeter` has no argument `time`
  next: it has: greeting, loud, times

"#]]);
    relay
        .run("workflow args set -w greeter -a greeting='Good day' -r times=3 -b loud=false")
        .success()
        .stdout_eq(str![[r#"
Arg       Value     Type
greeting  Good day  string
loud      false     boolean
times     3         number

"#]]);
    relay.run("workflow args unset loud -w greeter").success().stdout_eq(str![[r#"
Arg       Value     Type
greeting  Good day  string
times     3         number

"#]]);
    relay.run("workflow args set -w greeter -a greeting").code(2).stderr_eq(str![[r#"
error: --arg greeting: NAME=VALUE is wanted

"#]]);
    let saved = server.world().workflows[0].clone();
    assert_eq!(saved["extra"], json!({ "kept": true }), "what is not known is kept");
    assert_eq!(saved["config"]["trigger"]["on_phrases"], json!(["hello", "hi"]));
}
