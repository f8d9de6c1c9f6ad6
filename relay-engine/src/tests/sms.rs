//! Workflows send text messages.

use relay_protocol::request;

use super::scene::{Scene, strict};

#[test]
fn a_message_is_handed_on_and_its_fate_told() {
    let mut scene = Scene::new(&["Alice"]);
    let run = scene.start("run", "Alice");
    scene.ask(run, &[], request::Sms::new("Your order is ready", "tel:+15550100"));
    scene.expect(&["msg-2 to tel:+15550100: Your order is ready", "run < sms msg-2"]);
    scene.engine.report_sms(scene.now, run, "msg-2", "delivered");
    scene.expect(&["run < sms msg-2 delivered"]);
}

#[test]
fn a_message_is_for_somebody() {
    let mut scene = Scene::with(strict(), &["Alice"]);
    let run = scene.start("run", "Alice");
    scene.ask(run, &[], request::Sms::new("Your order is ready", ""));
    scene.expect(&["run < sms invalid_value: sms needs the uri of a recipient, got an empty one"]);
}
