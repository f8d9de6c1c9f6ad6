//! What handlers get, and what becomes of what they cannot get.

use std::sync::Mutex;

use relay_protocol::codec::JsonMap;
use relay_protocol::types::{ButtonName, Taps, Trigger, TriggerArgs};
use relay_protocol::{Event, event};
use serde::Deserialize;

use super::{Session, on_alice, phrase, press, start};
use crate::extract::{Args, Raw, Rejection, Start, State, States, Unrecognised};
use crate::workflow::trigger::{Http, Nfc, Phrase};
use crate::{Context, Error, workflow};

/// What the handlers saw.
#[derive(Default)]
struct Log(Mutex<Vec<String>>);

impl Log {
    fn add(&self, what: impl Into<String>) {
        self.0.lock().unwrap().push(what.into());
    }

    /// A session of the workflow below, with this log.
    fn session() -> (Session, State<Self>) {
        let mut states = States::default();
        states.insert(Self::default());
        let log = State(states.get().unwrap());
        (Session::with_states(Everything::default, states), log)
    }
}

#[derive(Default)]
struct Everything;

#[derive(Deserialize)]
struct Order {
    item: String,
    #[serde(default)]
    count: u32,
}

#[workflow]
impl Everything {
    #[trigger(phrase = "hello")]
    async fn hello(
        &self,
        log: State<Log>,
        start: Start<Phrase>,
        _cx: Context,
        plain: Start,
        whole: event::Start,
    ) {
        assert_eq!(plain.source(), Some(start.source()));
        assert_eq!(*start, whole);
        log.add(format!("{} + {:?}", start.phrase(), start.spillover()));
    }

    #[trigger(http)]
    async fn order(&self, Args(order): Args<Order>, start: Start<Http>, State(log): State<Log>) {
        let source = start.source().map(|device| device.as_str());
        log.add(format!("{} x {} for {source:?}", order.count, order.item));
    }

    #[trigger(nfc)]
    async fn tag(&self, start: Start<Nfc>, log: State<Log>) {
        log.add(format!("{:?} {:?}", start.uid(), start.content("label")));
    }

    #[on(button)]
    async fn pressed(&self, Raw(raw): Raw, press: event::Button, log: State<Log>, _missing: State<u8>) {
        log.add(format!("{} {}", raw.name(), press.taps));
    }

    #[on(interaction_lifecycle)]
    async fn changed(&self, change: event::InteractionLifecycle, raw: Raw, log: State<Log>) {
        assert_eq!(raw.0, Event::from(change));
        log.add(raw.name());
    }

    #[on(timer)]
    async fn fails(&self, _cx: Context) -> Result<(), std::fmt::Error> {
        Err(std::fmt::Error)
    }

    #[on(unknown)]
    async fn unknown(&self, message: Unrecognised, log: State<Log>) {
        log.add(message.kind.unwrap_or_default());
    }
}

#[test]
fn handlers_get_what_they_ask_for_in_any_order() {
    let (session, log) = Log::session();
    session.send(start("phrase", TriggerArgs::new().phrase("hello").spillover("world")));
    session.send(phrase("hello"));
    let tag: JsonMap = [("label".to_owned(), "back".into())].into_iter().collect();
    session.send(start("nfc", TriggerArgs::new().uid("1234").nfc_payload(tag)));
    session.send(event::InteractionLifecycle::new("started", on_alice("hello")));
    session.send_unknown(r#"{"_type":"wf_api_weather_event"}"#);
    let seen = log.0.0.lock().unwrap();
    let expected = [
        r#"hello + "world""#,
        r#"hello + """#,
        r#"Some("1234") Some("back")"#,
        "interaction_lifecycle",
        "wf_api_weather_event",
    ];
    assert_eq!(*seen, expected);
}

#[test]
fn the_arguments_of_an_http_call_become_a_type() {
    let (session, log) = Log::session();
    let args: JsonMap =
        [("item".to_owned(), "tea".into()), ("count".to_owned(), 2.into())].into_iter().collect();
    session.send(event::Start::new(Trigger::new("http").args(TriggerArgs::new().args(args))));
    assert_eq!(*log.0.0.lock().unwrap(), ["2 x tea for None"]);
}

#[test]
fn arguments_that_do_not_fit_say_which_and_why() {
    let (session, log) = Log::session();
    let error = session.error(event::Start::new(Trigger::new("http")));
    let rejection = error.downcast_ref::<Rejection>().expect("of this kind");
    assert!(matches!(rejection, Rejection::Args { ty, source }
        if ty.ends_with("Order") && source.to_string() == "missing field `item`"));
    assert_eq!(*log.0.0.lock().unwrap(), Vec::<String>::new());
}

#[test]
fn a_trigger_that_only_a_device_causes_needs_the_device() {
    let (session, _) = Log::session();
    let error =
        session.error(event::Start::new(Trigger::new("phrase").args(TriggerArgs::new().phrase("hello"))));
    assert_eq!(error.to_string(), "the start event of a phrase trigger names no device in `source_uri`");
}

#[test]
fn the_device_may_be_named_through_an_interaction() {
    let (session, log) = Log::session();
    let args = TriggerArgs::new().phrase("hello").source_uri(on_alice("menu"));
    session.send(event::Start::new(Trigger::new("phrase").args(args)));
    assert_eq!(log.0.0.lock().unwrap().len(), 1);
}

#[test]
fn state_that_nobody_registered_is_named() {
    let (session, log) = Log::session();
    let error = session.error(press(ButtonName::Action, Taps::Single));
    assert!(matches!(error.downcast_ref(), Some(Rejection::NoState { ty: "u8" })), "{error}");
    assert_eq!(*log.0.0.lock().unwrap(), Vec::<String>::new());
}

#[test]
fn what_a_handler_fails_with_comes_back() {
    let (session, _) = Log::session();
    let error: Error = session.error(event::Timer::new());
    assert!(error.downcast_ref::<std::fmt::Error>().is_some());
}
