//! Starting, watching and stopping what runs.

use serde_json::json;
use snapbox::str;

use super::several;
use crate::relay::Relay;
use crate::stub::Stub;

const BELL: &str = "wf_bell_0hN2k8Qe5mTzYw1RbVx7Ua";

fn busy() -> Stub {
    let server = several();
    let instance = |id: &str, workflow: &str| {
        json!({
            "instance_id": id, "workflow_id": workflow, "triggering_user_id": "990007560011111", "subscriber_id": "S1",
            "workflow_uri": "wss://wf.example:8443/bell",
        })
    };
    server.world().instances.extend([
        instance("wfi_1", BELL),
        instance("wfi_2", BELL),
        instance("wfi_3", "wf_deleted"),
    ]);
    let content = json!({
        "command": "terminate", "workflow_uri": "wss://wf.example:8443/bell", "end_time": "2026-01-02T03:04:05Z",
        "terminate_reason": "{normal,|stop|}",
    });
    let event = json!({
        "id": "e1", "workflow_id": BELL, "workflow_instance_id": "wfi_0", "user_id": "990007560011111",
        "category": "workflow", "content_type": "application/json", "content": content.to_string(),
    });
    let other = json!({ "category": "workflow", "content_type": "text/plain", "content": "not JSON" });
    server.says("GET /ibot/workflow_analytics_events", 200, json!({ "data": [event, other], "cursor": "" }));
    server
}

#[test]
fn a_workflow_is_started_by_its_exact_id() {
    let server = several();
    let relay = Relay::of(&server);
    relay.run("workflow trigger -w bell -u 990007560011111 -a room=231 -b urgent=true").success().stdout_eq(
        str![[r#"
`bell` is triggered: wfi_1

"#]],
    );
    let request = server.changes().remove(0);
    assert_eq!(request.line, format!("POST /ibot/workflow/{BELL}?user_id=990007560011111&subscriber_id=S1"));
    assert_eq!(
        request.body,
        json!({
            "action": "invoke", "target_device_ids": ["990007560011111"],
            "action_args": { "room": "231", "urgent": true },
        })
    );
    relay.run("workflow trigger -w bell -u 990007560011111 --json").success().stdout_eq(str![[r#"
{
  "workflow_instance_id": "wfi_1"
}

"#]]);
    relay.run("workflow trigger -w bell").code(2);
}

#[test]
fn a_workflow_without_an_http_trigger_says_so() {
    let server = several();
    server.says(
        "POST /ibot/workflow/",
        400,
        json!({ "error": "no_http_trigger", "message": "not for http" }),
    );
    Relay::of(&server).run("workflow trigger -w greeter -u 990007560011111").code(1).stderr_eq(str![[r#"
error: the server refuses this
  cause: not for http [no_http_trigger]
  cause: POST /ibot/workflow/wf_greeter_0hN2k8Qe5mTzYw1RbVx7Ua: HTTP 400
  next: it is registered for phrases:hello,hi; register it for http, too: relay workflow create http

"#]]);
}

#[test]
fn what_runs_is_listed_even_if_its_workflow_is_gone() {
    let server = busy();
    let relay = Relay::of(&server);
    relay.columns(None).run("workflow instance list").success().stdout_eq(str![[r#"
Instance id  Workflow id                     Name  Triggered By     Status
wfi_1        wf_bell_0hN2k8Qe5mTzYw1RbVx7Ua  bell  990007560011111  running
wfi_2        wf_bell_0hN2k8Qe5mTzYw1RbVx7Ua  bell  990007560011111  running
wfi_3        wf_deleted                            990007560011111  running

"#]]);
    let relay = Relay::of(&server);
    relay.run("workflow instance list -H --json").success().stdout_eq(str![[r#"
[
  {
    "instance_id": "wfi_1",
    "status": "running",
    "subscriber_id": "S1",
    "triggering_user_id": "990007560011111",
    "workflow_id": "wf_bell_0hN2k8Qe5mTzYw1RbVx7Ua",
    "workflow_uri": "wss://wf.example:8443/bell"
  },
  {
    "instance_id": "wfi_2",
    "status": "running",
    "subscriber_id": "S1",
    "triggering_user_id": "990007560011111",
    "workflow_id": "wf_bell_0hN2k8Qe5mTzYw1RbVx7Ua",
    "workflow_uri": "wss://wf.example:8443/bell"
  },
  {
    "instance_id": "wfi_3",
    "status": "running",
    "subscriber_id": "S1",
    "triggering_user_id": "990007560011111",
    "workflow_id": "wf_deleted",
    "workflow_uri": "wss://wf.example:8443/bell"
  },
  {
    "end_time": "2026-01-02T03:04:05Z",
    "instance_id": "wfi_0",
    "status": "terminated",
    "terminate_reason": "normal:stop",
    "triggering_user_id": "990007560011111",
    "workflow_id": "wf_bell_0hN2k8Qe5mTzYw1RbVx7Ua",
    "workflow_uri": "wss://wf.example:8443/bell"
  }
]

"#]]);
    Relay::of(&server).run("workflow instance list -H -x --filter status=term").success().stdout_eq(str![[
        r#"
Instance id       wfi_0
Workflow id       wf_bell_0hN2k8Qe5mTzYw1RbVx7Ua
Name              bell
Triggered By      990007560011111
Status            terminated
Terminate reason  normal:stop
End time          2026-01-02T03:04:05Z
Type              http:POST
Uri               wss://wf.example:8443/bell

"#
    ]]);
}

#[test]
fn what_runs_is_stopped_and_waited_for() {
    let server = busy();
    let relay = Relay::of(&server);
    relay.run("workflow instance stop -i wfi_9 -y").code(3).stderr_eq(str![[r#"
error: `wfi_9` does not run
  next: `relay workflow instance list` shows what runs

"#]]);
    relay.run("workflow instance stop -w bell").code(7).stderr_eq(str![[r#"
error: nobody is here to answer: stop 2 instances?
  next: say --yes to answer with yes

"#]]);
    relay.run("workflow instance stop -w bell -N").success();
    assert_eq!(server.changes(), []);
    relay.run("workflow instance stop -w bell -y").success().stdout_eq(str![[r#"
wfi_1 is over
wfi_2 is over

"#]]);
    assert_eq!(server.world().instances.len(), 1);
    relay.run("workflow instance stop -w bell -y").success().stdout_eq(str![[r#"
nothing runs

"#]]);
}

#[test]
fn what_does_not_stop_is_not_waited_for_forever() {
    let server = busy();
    server.says("DELETE /ibot/workflow_instances/wfi_1", 200, json!({}));
    Relay::of(&server).run("workflow instance stop -i wfi_1 -y --timeout 0").code(1).stderr_eq(str![[r#"
error: wfi_1 still runs
  cause: it was told to stop 0 s ago
  next: its workflow server does not close the session, it seems: look at its log

"#]]);
    Relay::of(&server).run("workflow instance stop -i wfi_1 -y --no-wait").success().stdout_eq(str![[r#"
wfi_1 is told to stop

"#]]);
}

#[test]
fn events_are_listed_page_by_page() {
    let server = busy();
    let event = |number: u32| json!({ "id": format!("e{number}"), "category": "notes", "content": "text", "content_type": "text/plain" });
    server.says(
        "GET /ibot/workflow_analytics_events",
        200,
        json!({ "data": [event(1), event(2)], "cursor": "next" }),
    );
    server.says(
        "GET /ibot/workflow_analytics_events?limit=1",
        200,
        json!({ "data": [event(3), event(4)], "cursor": "" }),
    );
    let relay = Relay::of(&server).columns(None);
    relay.run("analytics --limit 3 --csv -x").success().stdout_eq(str![[r#"
Workflow ID,Type,Category,Instance ID,Timestamp,User ID,Content,Analytic ID,Content Type
,,notes,,,,text,e1,text/plain
,,notes,,,,text,e2,text/plain
,,notes,,,,text,e3,text/plain

"#]]);
    let busy = busy();
    Relay::of(&busy).columns(None).run("analytics workflow --type system").success().stdout_eq(str![[r#"
Workflow ID                     Type  Category  Instance ID  Timestamp  User ID          Content
wf_bell_0hN2k8Qe5mTzYw1RbVx7Ua        workflow  wfi_0                   990007560011111  command: terminate
                                                                                         end_time: 2026-01-02T03:04:05Z
                                                                                         terminate_reason: {normal,|stop|}
                                                                                         workflow_uri: wss://wf.example:8443/bell
                                      workflow                                           not JSON

"#]]);
    let asked = busy.world().requests.last().unwrap().line.clone();
    assert_eq!(
        asked,
        "GET /ibot/workflow_analytics_events?source_type=system&category=workflow&limit=20&subscriber_id=S1"
    );
}
