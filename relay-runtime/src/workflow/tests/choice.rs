//! Which handler gets an event.

use relay_protocol::event;
use relay_protocol::types::{ButtonName, LifecycleType, Taps};

use super::{Session, on_alice, phrase, press};
use crate::workflow::trigger::Trigger;
use crate::workflow::{Any, Filter, Routes};
use crate::{Event, workflow};

#[derive(Default)]
struct Buttons;

#[workflow]
impl Buttons {
    #[trigger(any)]
    async fn begin(&self) {}

    #[on(any)]
    async fn anything(&self, _event: Event) {}

    #[on(button)]
    async fn pressed(&self) {}

    #[on(button, taps = double)]
    async fn twice(&self) {}

    #[on(button, button = channel, taps = double)]
    async fn twice_at_the_side(&self) {}

    #[on(button, taps = [triple, long])]
    async fn often(&self) {}

    #[on(interaction_started, interaction = "hello")]
    async fn hello_started(&self) {}

    #[on(interaction_lifecycle)]
    async fn changed(&self) {}

    #[on(unknown)]
    async fn unknown(&self) {}
}

#[test]
fn the_most_specific_handler_gets_the_event() {
    let session = Session::of(Buttons::default);
    let button = |button, taps| session.handler(press(button, taps));
    assert_eq!(button(ButtonName::Action, Taps::Single), Some("pressed"));
    assert_eq!(button(ButtonName::Action, Taps::Double), Some("twice"));
    assert_eq!(button(ButtonName::Channel, Taps::Double), Some("twice_at_the_side"));
    assert_eq!(button(ButtonName::Channel, Taps::Triple), Some("often"));
    assert_eq!(button(ButtonName::Channel, Taps::Long), Some("often"));
    assert_eq!(button(ButtonName::Action, Taps::Unknown("quadruple".into())), Some("pressed"));
}

#[test]
fn an_interaction_is_known_by_its_name_on_whatever_device() {
    let session = Session::of(Buttons::default);
    let lifecycle = |kind, name| session.handler(event::InteractionLifecycle::new(kind, on_alice(name)));
    assert_eq!(lifecycle(LifecycleType::Started, "hello"), Some("hello_started"));
    assert_eq!(lifecycle(LifecycleType::Started, "bye"), Some("changed"));
    assert_eq!(lifecycle(LifecycleType::Ended, "hello"), Some("changed"));
}

#[test]
fn any_gets_what_no_other_handler_wants_but_no_start() {
    let session = Session::of(Buttons::default);
    assert_eq!(session.handler(event::Timer::new()), Some("anything"));
    assert_eq!(session.handler(event::Stop::new()), Some("anything"));
    assert_eq!(session.handler(phrase("hello")), Some("begin"));
}

#[test]
fn a_message_that_nobody_knows_goes_to_unknown_alone() {
    let session = Session::of(Buttons::default);
    let frame = r#"{"_type":"wf_api_weather_event","rain":true}"#;
    assert_eq!(session.send_unknown(frame).map(|(handler, _)| handler), Some("unknown"));
    let without = Session::of(Routes::<()>::new("none").on(Filter::<Any>::new(), || async {}));
    assert!(without.send_unknown(frame).is_none());
}

#[test]
fn an_event_without_a_handler_is_ignored() {
    let session = Session::of(Routes::<()>::new("none").on(Filter::<event::Timer>::new(), || async {}));
    assert!(session.send(event::Stop::new()).is_none());
}

async fn first() {}
async fn second() {}

#[test]
fn of_equally_specific_handlers_the_one_declared_first_gets_the_event() {
    let filter = Filter::<event::Button>::new;
    let declared = Routes::<()>::new("order")
        .on(filter().taps(Taps::Double), first)
        .on(filter().button(ButtonName::Action), second);
    let session = Session::of(declared);
    assert_eq!(session.handler(press(ButtonName::Action, Taps::Double)), Some("first"));
    assert_eq!(session.handler(press(ButtonName::Action, Taps::Single)), Some("second"));
}

#[test]
fn setting_a_condition_again_replaces_it() {
    let filter = Filter::<event::Button>::new().taps(Taps::Double).taps(Taps::Single);
    let declared = Routes::<()>::new("again").trigger(Trigger::any(), first).on(filter, second);
    let session = Session::of(declared);
    assert_eq!(session.handler(press(ButtonName::Action, Taps::Double)), None);
    assert_eq!(session.handler(press(ButtonName::Action, Taps::Single)), Some("second"));
}
