//! Incidents are opened by workflows, and closed by them or at the console.

use alloc::format;
use alloc::string::{String, ToString};

use relay_protocol::request;

use super::scene::{Scene, device, on, strict};
use crate::{Config, InstanceKey, UnknownIncident};

/// Opens an incident; its id comes back.
fn spill(scene: &mut Scene, run: InstanceKey) -> String {
    scene.ask(run, &[], request::CreateIncident::new("spill", device("Alice")));
    let id = scene.engine.incidents().last().unwrap().0.to_string();
    scene.expect(&[&format!("{id} opened: spill by Alice"), &format!("run < create_incident {id}")]);
    id
}

#[test]
fn what_the_console_closes_the_workflow_hears() {
    let mut scene = Scene::new(&["Alice"]);
    let run = scene.start("run", "Alice");
    let id = spill(&mut scene, run);
    scene.engine.resolve_incident(scene.now, &id, "cleaned").unwrap();
    scene.expect(&[&format!("{id} resolved: cleaned"), &format!("run < incident resolved {id} \"cleaned\"")]);
    assert_eq!(scene.engine.resolve_incident(scene.now, &id, "again"), Err(UnknownIncident));
    let id = spill(&mut scene, run);
    scene.engine.cancel_incident(scene.now, &id, "").unwrap();
    scene.expect(&[&format!("{id} cancelled: "), &format!("run < incident cancelled {id} \"\"")]);
}

#[test]
fn what_the_workflow_closes_it_need_not_be_told() {
    let mut scene = Scene::new(&["Alice"]);
    let run = scene.start("run", "Alice");
    let id = spill(&mut scene, run);
    scene.ask(run, &[], request::ResolveIncident::new(&*id).reason("cleaned"));
    scene.ask(run, &[], request::ResolveIncident::new(&*id).reason("cleaned"));
    scene.expect(&[
        &format!("{id} resolved: cleaned"),
        "run < resolve_incident",
        &format!("run < resolve_incident not_found: there is no open incident {id:?}"),
    ]);
}

#[test]
fn an_incident_outlives_its_run() {
    let mut scene = Scene::new(&["Alice"]);
    let run = scene.start("run", "Alice");
    let id = spill(&mut scene, run);
    scene.ask(run, &[], request::Terminate::new());
    scene.expect(&["run < stop normal", "run ended normal"]);
    let next = scene.start("next", "Alice");
    scene.ask(next, &[], request::ResolveIncident::new(&*id).reason("late"));
    scene.expect(&[&format!("{id} resolved: late"), "next < resolve_incident"]);
}

#[test]
fn an_incident_is_reported_from_somewhere() {
    let mut scene = Scene::with(Config { max_incidents: 1, ..strict() }, &["Alice"]);
    let run = scene.start("run", "Alice");
    scene.ask(run, &[], request::CreateIncident::new("spill", device("Zed")));
    scene.ask(run, &[], request::CreateIncident::new("", device("Alice")));
    scene.ask(run, &[], request::CreateIncident::new("spill", on("x", "Alice")));
    scene.ask(run, &[], request::CreateIncident::new("spill", device("Alice")));
    let id = scene.engine.incidents().last().unwrap().0.to_string();
    scene.expect(&[
        "run < create_incident not_found: there is no device named \"Zed\"",
        "run < create_incident invalid_value: create_incident needs a type, in words of your own",
        &format!("{id} opened: spill by Alice"),
        &format!("run < create_incident {id}"),
        "run < create_incident limit_exceeded: 1 incidents are open; resolve some first",
    ]);
}
