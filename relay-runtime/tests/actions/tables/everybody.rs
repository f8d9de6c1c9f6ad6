//! Notifications and groups.

use relay_protocol::response;
use relay_protocol::types::{LifecycleType, Priority, PushOptions, Sound};
use relay_runtime::Target;
use relay_runtime::urn::InteractionUrn;
use serde_json::{Value, json};

use super::interactions::sends;
use super::{ALICE, BOB, CLEANING, alice, alice_urn, bob_urn, cleaning};
use crate::row::Row;

/// The platform itself, when nobody else sends it.
const SERVER: &str = "urn:relay-resource:name:server:ibot";

pub(super) fn rows() -> Vec<Row> {
    [notifications(), targets(), groups()].into_iter().flatten().collect()
}

fn notification(target: Value, kind: &str, originator: &str, push: Value) -> Value {
    let fields = json!({
        "type": kind, "name": "lunch", "text": "Lunch is ready", "originator": originator, "push_opts": push,
    });
    sends("notification", target, fields)
}

fn notifications() -> Vec<Row> {
    let answer = response::Notification::new;
    vec![
        Row::new(
            |cx| cx.broadcast(cleaning(cx), "Lunch is ready").name("lunch"),
            notification(json!([CLEANING]), "broadcast", SERVER, json!({})),
            answer(),
        ),
        Row::new(
            |cx| {
                let push = PushOptions::new().priority(Priority::High).title("Lunch").body("Now");
                cx.broadcast([alice_urn(), bob_urn()], "Lunch is ready")
                    .name("lunch")
                    .originator(alice(cx))
                    .push_options(push.sound(Sound::Sos))
            },
            notification(
                json!([ALICE, BOB]),
                "broadcast",
                ALICE,
                json!({ "priority": "high", "title": "Lunch", "body": "Now", "sound": "sos" }),
            ),
            answer(),
        ),
        Row::new(
            |cx| cx.alert(cleaning(cx), "Lunch is ready").name("lunch").originator(alice_urn()),
            notification(json!([CLEANING]), "alert", ALICE, json!({})),
            answer(),
        )
        .brings(r#"Alert { name: "lunch", target: ["urn:relay-resource:name:group:Cleaning"], .. }"#),
        Row::new(
            |cx| cx.cancel_notification("lunch", cleaning(cx)),
            sends(
                "notification",
                json!([CLEANING]),
                json!({ "type": "cancel", "name": "lunch", "push_opts": {} }),
            ),
            answer(),
        ),
    ]
}

/// Whom a notification can be for.
fn targets() -> Vec<Row> {
    let to = |target| notification(target, "broadcast", SERVER, json!({}));
    vec![
        Row::new(
            |cx| cx.broadcast(Target::all_devices(), "Lunch is ready").name("lunch"),
            to(json!(["urn:relay-resource:all:device"])),
            response::Notification::new(),
        ),
        Row::new(
            |cx| {
                let hello = InteractionUrn::name("hello").unwrap();
                cx.broadcast(Target::with_status(&hello, LifecycleType::Started), "Lunch is ready")
                    .name("lunch")
            },
            to(json!(["urn:relay-resource:name:interaction:hello?status=started"])),
            response::Notification::new(),
        ),
        Row::new(
            |cx| {
                let all = [cx.device(alice_urn()), alice(cx).device()];
                cx.broadcast(&all[..1], "Lunch is ready").name("lunch")
            },
            to(json!([ALICE])),
            response::Notification::new(),
        ),
        Row::new(
            |cx| cx.broadcast(&cx.interactions([alice(cx)]), "Lunch is ready").name("lunch"),
            to(json!([ALICE])),
            response::Notification::new(),
        ),
    ]
}

fn groups() -> Vec<Row> {
    let members = format!(r#"[DeviceUrn("{ALICE}"), DeviceUrn("{BOB}")]"#).leak();
    let uris = [ALICE, BOB].map(|urn| relay_protocol::Urn::parse(urn).unwrap());
    let group = json!({ "group_uri": CLEANING });
    vec![
        Row::new(
            |cx| cleaning(cx).members(),
            sends("group_query", json!([]), json!({ "query": "list_members", "group_uri": CLEANING })),
            response::GroupQuery::new().member_uris(uris),
        )
        .brings(members),
        Row::new(
            |cx| cleaning(cx).is_member(bob_urn()),
            sends(
                "group_query",
                json!([]),
                json!({
                    "query": "is_member",
                    "group_uri": "urn:relay-resource:name:group:Cleaning?device=\
                                  urn%3Arelay-resource%3Aname%3Adevice%3ABob",
                }),
            ),
            response::GroupQuery::new().is_member(true),
        )
        .brings("true"),
        Row::new(
            |cx| cx.create_group("Night shift"),
            sends("create_group", json!([]), json!({ "name": "Night shift" })),
            response::CreateGroup::new(relay_protocol::Urn::parse("urn:relay-resource:id:group:77").unwrap()),
        )
        .brings(r#"Group(GroupUrn("urn:relay-resource:id:group:77"))"#),
        Row::new(
            |cx| cleaning(cx).delete(),
            sends("delete_group", json!([]), json!({ "uri": CLEANING })),
            response::DeleteGroup::new(),
        ),
        Row::new(
            |cx| cleaning(cx).add([alice_urn(), bob_urn()]),
            sends("add_group_members", json!([ALICE, BOB]), group.clone()),
            response::AddGroupMembers::new(),
        ),
        Row::new(
            |cx| cleaning(cx).remove([alice(cx)]),
            sends("remove_group_members", json!([ALICE]), group),
            response::RemoveGroupMembers::new(),
        ),
    ]
}
