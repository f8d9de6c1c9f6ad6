//! Workflows ask about groups, and change them.

use alloc::format;
use alloc::string::ToString;

use relay_protocol::types::GroupQueryType;
use relay_protocol::urn::{DeviceUrn, GroupUrn};
use relay_protocol::{Urn, request};

use super::scene::{Scene, device, group};
use crate::Config;

fn query(what: GroupQueryType, urn: Urn) -> request::GroupQuery {
    request::GroupQuery::new(what, urn)
}

fn member(group: &str, device: &str) -> Urn {
    GroupUrn::name(group).unwrap().member(&DeviceUrn::name(device).unwrap()).into()
}

/// Alice is in the group Front Desk, Bob is not.
fn front_desk() -> Scene {
    let mut scene = Scene::new(&["Alice", "Bob"]);
    let desk = scene.engine.add_group("Front Desk", "g1").unwrap();
    let alice = scene.device("Alice");
    scene.engine.add_member(desk, alice).unwrap();
    scene
}

#[test]
fn a_group_tells_its_members() {
    let mut scene = front_desk();
    let run = scene.start("run", "Alice");
    scene.ask(run, &[], query(GroupQueryType::ListMembers, group("front desk")));
    scene.ask(run, &[], request::ListGroupMembers::new("Front Desk"));
    scene.ask(run, &[], query(GroupQueryType::ListMembers, group("nobody")));
    scene.expect(&[
        "run < group_query [\"urn:relay-resource:name:device:Alice\"]",
        "run < list_group_members [\"Alice\"]",
        "run < group_query not_found: there is no group named \"nobody\"",
    ]);
}

#[test]
fn a_device_is_a_member_or_not() {
    let mut scene = front_desk();
    let run = scene.start("run", "Alice");
    for name in ["Alice", "Bob", "Zed"] {
        scene.ask(run, &[], query(GroupQueryType::IsMember, member("Front Desk", name)));
    }
    // As the official JS SDK writes it.
    scene.ask(run, &[], query(GroupQueryType::IsMember, member("Front%20Desk", "Alice")));
    scene.ask(run, &[], query(GroupQueryType::IsMember, group("Front Desk")));
    scene.expect(&[
        "run < group_query true",
        "run < group_query false",
        "run < group_query false",
        "run < group_query true",
        "run < group_query invalid_target: is_member needs the URN of a group member, which is that of the group with \
         the device's as its device parameter; got the URN of a group: urn:relay-resource:name:group:Front%20Desk",
    ]);
}

#[test]
fn a_group_is_made_filled_emptied_and_deleted() {
    let mut scene = Scene::new(&["Alice", "Bob"]);
    let run = scene.start("run", "Alice");
    scene.ask(run, &[], request::CreateGroup::new("Night shift"));
    let id = scene.engine.directory().group(scene.group("night shift")).unwrap().id().to_string();
    let urn = Urn::from(GroupUrn::id(&id).unwrap());
    scene.expect(&["new group \"Night shift\"", &format!("run < create_group {urn}")]);
    let both = [device("Alice"), device("Bob")];
    scene.ask(run, &both, request::AddGroupMembers::new(urn.clone()));
    scene.ask(run, &both, request::AddGroupMembers::new(urn.clone()));
    scene.ask(run, &[device("Bob")], request::RemoveGroupMembers::new(urn.clone()));
    scene.ask(run, &[], query(GroupQueryType::ListMembers, urn.clone()));
    scene.ask(run, &[], request::DeleteGroup::new(urn.clone()));
    scene.ask(run, &[], request::DeleteGroup::new(urn));
    scene.expect(&[
        "2 in group \"Night shift\"",
        "run < add_group_members",
        "2 in group \"Night shift\"",
        "run < add_group_members",
        "1 in group \"Night shift\"",
        "run < remove_group_members",
        "run < group_query [\"urn:relay-resource:name:device:Alice\"]",
        &format!("no group {id} any more"),
        "run < delete_group",
        &format!("run < delete_group not_found: there is no group with the id {id:?}"),
    ]);
}

#[test]
fn groups_have_names_of_their_own_and_a_limit() {
    let mut scene = Scene::with(Config { max_groups: 1, ..Config::default() }, &["Alice"]);
    let run = scene.start("run", "Alice");
    scene.ask(run, &[], request::CreateGroup::new(""));
    scene.ask(run, &[], request::CreateGroup::new("one"));
    scene.ask(run, &[], request::CreateGroup::new("two"));
    let one = scene.engine.directory().group(scene.group("one")).unwrap().id().to_string();
    scene.expect(&[
        "run < create_group invalid_value: the name or the id of the group is empty",
        "new group \"one\"",
        &format!("run < create_group urn:relay-resource:id:group:{one}"),
        "run < create_group limit_exceeded: there are 1 groups",
    ]);
}
