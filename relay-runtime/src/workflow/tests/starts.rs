//! Which trigger a start event belongs to.

use relay_protocol::codec::JsonMap;
use relay_protocol::types::{ButtonAction, CallDirection, Transition, TriggerArgs};

use super::{Session, phrase, start};
use crate::workflow;
use crate::workflow::NoTrigger;

#[derive(Default)]
struct Starts;

#[workflow]
impl Starts {
    #[trigger(phrase = ["hello", "good morning"])]
    async fn greeted(&self) {}

    #[trigger(phrase = "i'm at the wi-fi")]
    async fn punctuated(&self) {}

    #[trigger(button)]
    async fn tapped(&self) {}

    #[trigger(button, taps = double)]
    async fn tapped_twice(&self) {}

    #[trigger(nfc, category = "door")]
    async fn door(&self) {}

    #[trigger(nfc, category = "door", label = "back")]
    async fn back_door(&self) {}

    #[trigger(geofence, geofence_id = "yard", transition = entry)]
    async fn came(&self) {}

    #[trigger(geofence, geofence_id = "yard", transition = exit)]
    async fn left(&self) {}

    #[trigger(call, direction = inbound)]
    async fn called(&self) {}

    #[trigger(call)]
    async fn calling(&self) {}

    #[trigger(battery, discharge = 25)]
    async fn low(&self) {}

    #[trigger(battery, charge = 90)]
    async fn full(&self) {}

    #[trigger(other)]
    async fn something(&self) {}

    #[trigger(timer)]
    async fn in_time(&self) {}
}

#[test]
fn phrases_are_compared_by_their_words() {
    let session = Session::of(Starts::default);
    assert_eq!(session.handler(phrase("good morning")), Some("greeted"));
    assert_eq!(session.handler(phrase("Good Morning!")), Some("greeted"));
    assert_eq!(session.handler(phrase("im at the wi fi")), Some("punctuated"));
}

#[test]
fn the_most_specific_trigger_gets_the_start() {
    let session = Session::of(Starts::default);
    let button = |action| session.handler(start("button", TriggerArgs::new().action(action)));
    assert_eq!(button(ButtonAction::SingleTap), Some("tapped"));
    assert_eq!(button(ButtonAction::DoubleTap), Some("tapped_twice"));
    let tag = |label: &str| {
        let content = [("category", "door"), ("label", label)];
        let content: JsonMap =
            content.map(|(key, value)| (key.to_owned(), value.into())).into_iter().collect();
        session.handler(start("nfc", TriggerArgs::new().nfc_payload(content)))
    };
    assert_eq!(tag("front"), Some("door"));
    assert_eq!(tag("back"), Some("back_door"));
}

#[test]
fn a_condition_on_what_is_told_must_hold() {
    let session = Session::of(Starts::default);
    let geofence = |args| session.handler(start("geofence", args));
    assert_eq!(geofence(TriggerArgs::new().transition(Transition::Exit)), Some("left"));
    assert_eq!(geofence(TriggerArgs::new().geofence_id("attic")), Some("start"));
    let call = |direction| session.handler(start("telephony", TriggerArgs::new().direction(direction)));
    assert_eq!(call(CallDirection::Inbound), Some("called"));
    assert_eq!(call(CallDirection::Outbound), Some("calling"));
}

#[test]
fn a_condition_on_what_is_not_told_is_taken_to_hold() {
    let session = Session::of(Starts::default);
    assert_eq!(session.handler(start("geofence", TriggerArgs::new())), Some("came"));
    assert_eq!(session.handler(start("calendar", TriggerArgs::new())), Some("in_time"));
}

#[test]
fn what_arrives_as_other_goes_to_the_triggers_that_know_more_first() {
    let session = Session::of(Starts::default);
    let other = |args| session.handler(start("other", args));
    assert_eq!(other(TriggerArgs::new().charging(false)), Some("low"));
    assert_eq!(other(TriggerArgs::new().charging(true)), Some("full"));
}

#[derive(Default)]
struct Guard;

#[workflow]
impl Guard {
    #[trigger(other)]
    async fn something(&self) {}

    #[trigger(position, venue_id = "hq", position_id = "vault", transition = exit)]
    async fn left(&self) {}

    #[trigger(battery)]
    async fn low(&self) {}

    #[trigger(position, venue_id = "hq", position_id = "vault")]
    async fn came(&self) {}
}

#[test]
fn batteries_and_positions_are_told_apart_by_what_is_told() {
    let session = Session::of(Guard::default);
    let other = |args| session.handler(start("other", args));
    let at = |position: &str| TriggerArgs::new().venue_id("hq").position_id(position);
    assert_eq!(other(TriggerArgs::new().battery(20_u64)), Some("low"));
    assert_eq!(other(TriggerArgs::new().charging(false)), Some("low"));
    assert_eq!(other(at("vault").transition(Transition::Exit)), Some("left"));
    assert_eq!(other(at("lobby")), Some("something"));

    let session = Session::of(Starts::default);
    let transition = TriggerArgs::new().transition(Transition::Entry);
    assert_eq!(session.handler(start("other", transition)), Some("something"));
}

#[test]
fn a_start_without_a_trigger_is_an_error_that_names_it() {
    let session = Session::of(Starts::default);
    for (event, trigger) in [(phrase("goodbye"), "phrase"), (start("tea", TriggerArgs::new()), "tea")] {
        let error = session.error(event);
        let no_trigger = error.downcast_ref::<NoTrigger>().expect("of this kind");
        assert_eq!((&*no_trigger.workflow, &*no_trigger.trigger), ("starts", trigger));
    }
}
