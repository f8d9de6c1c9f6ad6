//! Workflows write records.

use alloc::format;

use relay_protocol::request;
use relay_protocol::types::ContentType;

use super::scene::{Scene, device, strict};

#[test]
fn a_record_is_kept_as_it_is_written() {
    let mut scene = Scene::new(&["Alice"]);
    let run = scene.start("run", "Alice");
    let clean = request::LogAnalyticsEvent::new("room 213 is clean").category("cleaning");
    scene.ask(run, &[], clean.device_uri(device("Alice")));
    scene.expect(&["record cleaning text/plain: Alice: room 213 is clean", "run < log_analytics_event"]);
    let tracked = request::LogAnalyticsEvent::new(serde_json::json!({"room": "213"}));
    scene.ask(run, &[], tracked.content_type(ContentType::EventParameters));
    scene.expect(&[
        "record default application/vnd.relay.event.parameters+json: {\"room\":\"213\"}",
        "run < log_analytics_event",
    ]);
}

/// The process of the official JS SDK dies if this is not answered.
#[test]
fn the_version_of_an_sdk_is_answered() {
    let mut scene = Scene::with(strict(), &["Alice"]);
    let run = scene.start("run", "Alice");
    let info = request::LogAnalyticsEvent::new("{\"language\":\"js\",\"version\":\"2.5\"}");
    scene.ask(run, &[], info.content_type(ContentType::SdkInfo));
    scene.expect(&[
        "record default application/vnd.relay.sdk.info.v1+json: {\"language\":\"js\",\"version\":\"2.5\"}",
        "run < log_analytics_event",
    ]);
}

#[test]
fn what_is_too_long_is_cut_or_refused() {
    let long = request::LogAnalyticsEvent::new("ä".repeat(1001)).category("c".repeat(51));
    let mut scene = Scene::new(&["Alice"]);
    let run = scene.start("run", "Alice");
    scene.ask(run, &[], long.clone());
    scene.expect(&[
        &format!("record {} text/plain: {}", "c".repeat(50), "ä".repeat(1000)),
        "run < log_analytics_event",
    ]);
    let mut scene = Scene::with(strict(), &["Alice"]);
    let run = scene.start("run", "Alice");
    scene.ask(run, &[], long.clone().category("c"));
    scene.ask(run, &[], long);
    scene.expect(&[
        "run < log_analytics_event limit_exceeded: the content of a record has up to 1000 characters, got 1001",
        "run < log_analytics_event limit_exceeded: the category of a record has up to 50 characters, got 51",
    ]);
}
