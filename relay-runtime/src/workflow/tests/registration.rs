//! What a workflow says about itself.

use relay_protocol::manifest::{Frequency, Weekday};
use relay_protocol::types::{CallDirection, NfcTagType, Taps, Transition};
use serde_json::{Value, json, to_value};

use crate::workflow;
use crate::workflow::trigger::{Trigger, TriggerKind};
use crate::workflow::{IntoWorkflow, Routes};

/// How the trigger is registered.
#[track_caller]
fn registers<T: TriggerKind>(trigger: Trigger<T>, as_what: Value) {
    let routes = Routes::<()>::new("test").trigger(trigger, || async {});
    assert_eq!(to_value(&routes.manifest().triggers).unwrap(), as_what);
}

#[test]
fn every_trigger_knows_its_registration() {
    registers(Trigger::phrase(["hello", "hi"]), json!([{"on_phrases": ["hello", "hi"]}]));
    registers(Trigger::button(), json!([{"on_button": "action_button_single_tap"}]));
    registers(Trigger::button().taps(Taps::Double), json!([{"on_button": "action_button_double_tap"}]));
    registers(Trigger::http(), json!([{"on_http": "POST"}]));
    registers(Trigger::nfc(), json!([{"on_nfc": {"type": "custom"}}]));
    registers(
        Trigger::nfc().kind(NfcTagType::UserProfile).label("Bob").content("shift", "night"),
        json!([{"on_nfc": {"type": "user_profile", "label": "Bob", "shift": "night"}}]),
    );
    registers(Trigger::timer(), json!([{"on_timer": {"start_time": "immediately"}}]));
    registers(
        Trigger::timer()
            .start_time("2027-01-04T08:00:00")
            .timezone("America/New_York")
            .frequency(Frequency::Weekly)
            .days([Weekday::Mo, Weekday::Fr])
            .until("2027-12-31T00:00:00"),
        json!([{"on_timer": {
            "start_time": "2027-01-04T08:00:00", "timezone": "America/New_York", "frequency": "weekly",
            "interval": 1, "byweekday": [1, 5], "until": "2027-12-31T00:00:00",
        }}]),
    );
    registers(Trigger::battery(), json!([{"on_battery_discharge": 25}]));
    registers(Trigger::battery().charge(90), json!([{"on_battery_charge": 90}]));
    registers(
        Trigger::geofence("yard").transition(Transition::Exit),
        json!([{"on_geofence": {"geofence_id": "yard", "transition": "exit"}}]),
    );
    registers(
        Trigger::position("hq", "lobby"),
        json!([{"on_position": {"venue_id": "hq", "position_id": "lobby", "transition": "entry"}}]),
    );
    registers(Trigger::call(), json!([{"on_call_request": ".*"}]));
    registers(Trigger::call().direction(CallDirection::Inbound), json!([{"on_incoming_call": ".*"}]));
    registers(Trigger::emergency(), json!([{"on_device_event": "emergency"}]));
    registers(Trigger::other(), json!([]));
    registers(Trigger::any(), json!([]));
}

#[derive(Default)]
struct Checkin;

/// Checks in.
///
/// And out.
#[workflow(path = "/v2/checkin")]
impl Checkin {
    #[trigger(phrase = "check in")]
    #[on(interaction_ended, interaction = ["in", "out"])]
    #[on(unknown)]
    async fn begin(&self) {}
}

#[test]
fn the_attribute_fills_the_manifest() {
    let manifest = to_value(Checkin::default.into_workflow().manifest()).unwrap();
    let expected = json!({
        "name": "checkin",
        "path": "/v2/checkin",
        "docs": "Checks in.\n\nAnd out.",
        "triggers": [{"on_phrases": ["check in"]}],
        "events": [
            {"event": "interaction_lifecycle", "filter": {"type": ["ended"], "interaction": ["in", "out"]}},
            {"event": "unknown"},
        ],
    });
    assert_eq!(manifest, expected);
}
