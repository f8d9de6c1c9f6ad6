//! Workflows store variables.

use relay_protocol::request;

use super::scene::Scene;
use crate::{Config, Workflow};

fn get(name: &str) -> request::GetVar {
    request::GetVar::new(name)
}

#[test]
fn variables_begin_with_the_arguments_of_the_registration() {
    let mut scene = Scene::new(&["Alice"]);
    let workflow = Workflow::new("run", "wss://example.com/").arg("greeting", "hi there");
    let run = scene.start_workflow(workflow.clone(), "Alice");
    scene.ask(run, &[], get("greeting"));
    scene.ask(run, &[], request::SetVar::new("count", "1"));
    scene.ask(run, &[], get("count"));
    scene.ask(run, &[], get("missing"));
    scene.ask(run, &[], request::UnsetVar::new("count"));
    scene.ask(run, &[], get("count"));
    scene.ask(run, &[], request::SetVar::new("greeting", "bye"));
    scene.expect(&[
        "run < get_var Some(\"hi there\")",
        "run < set_var count=\"1\" string",
        "run < get_var Some(\"1\")",
        "run < get_var None",
        "run < unset_var",
        "run < get_var None",
        "run < set_var greeting=\"bye\" string",
    ]);
    // For this run only.
    let again = scene.start_workflow(workflow, "Alice");
    scene.ask(again, &[], get("greeting"));
    scene.expect(&["run < get_var Some(\"hi there\")"]);
}

#[test]
fn all_variables_together_have_a_limit() {
    let mut scene = Scene::with(Config { max_variable_bytes: 10, ..Config::default() }, &["Alice"]);
    let run = scene.start("run", "Alice");
    scene.ask(run, &[], request::SetVar::new("abc", "1234"));
    scene.ask(run, &[], request::SetVar::new("d", "123"));
    scene.ask(run, &[], request::SetVar::new("abc", "1"));
    scene.ask(run, &[], request::SetVar::new("d", "123"));
    scene.expect(&[
        "run < set_var abc=\"1234\" string",
        "run < set_var limit_exceeded: the variables of a run may have 10 bytes together, with \"d\" they would have 11",
        "run < set_var abc=\"1\" string",
        "run < set_var d=\"123\" string",
    ]);
}
