//! Events inside linear code.

use std::time::Duration;

use futures_util::StreamExt;
use relay_protocol::event::{Button, Sms, Speech, TimerFired};
use relay_protocol::session::CloseReason;
use relay_protocol::types::{ButtonName, StopReason, Taps};
use relay_protocol::{Event, Urn};
use relay_runtime::server::Limits;
use relay_runtime::workflow::Filter;
use relay_runtime::{Cause, Context, Lagged};
use tokio::sync::mpsc::unbounded_channel;

use crate::engine::{Engine, Relay, patiently, session};
use crate::row::failure;
use crate::tables::{ALICE, BOB, HELLO_ALICE, HELLO_BOB, alice};

fn press(taps: Taps, on: &str) -> Button {
    Button::new(ButtonName::Action, taps).source_uri(Urn::parse(on).unwrap())
}

#[tokio::test]
async fn all_events_come_in_their_order_with_the_stop_last() {
    let (cx, mut engine) = session().await;
    let mut events = cx.events();

    engine.emit(TimerFired::new("nap")).await;
    engine.emit(press(Taps::Long, BOB)).await;
    engine.stop().await;

    assert_eq!(patiently(events.next()).await, Some(Ok(TimerFired::new("nap").into())));
    assert_eq!(patiently(events.next()).await, Some(Ok(press(Taps::Long, BOB).into())));
    assert!(matches!(patiently(events.next()).await, Some(Ok(Event::Stop(_)))));
    assert_eq!(patiently(events.next()).await, None);
    assert_eq!(patiently(events.next()).await, None);
}

#[tokio::test]
async fn events_are_a_stream() {
    let (cx, mut engine) = session().await;
    let presses = alice(&cx).buttons().map(|press| press.unwrap().taps);
    for taps in [Taps::Single, Taps::Double, Taps::Triple] {
        engine.emit(press(taps, HELLO_ALICE)).await;
    }
    assert_eq!(patiently(presses.take(2).collect::<Vec<_>>()).await, [Taps::Single, Taps::Double]);
}

#[tokio::test]
async fn an_interaction_sees_its_own_events_alone() {
    let (cx, mut engine) = session().await;
    let next = alice(&cx).next_button();

    engine.emit(press(Taps::Single, HELLO_BOB)).await;
    engine.emit(press(Taps::Double, BOB)).await;
    engine.emit(press(Taps::Triple, ALICE)).await; // some say the device where they mean the interaction

    assert_eq!(patiently(next).await.unwrap().taps, Taps::Triple);
}

#[tokio::test]
async fn an_event_leads_back_to_its_interaction() {
    let (cx, _engine) = session().await;
    let here = cx.interaction_of(&press(Taps::Single, HELLO_ALICE));
    assert_eq!(here.unwrap().urn(), alice(&cx).urn());
    assert!(cx.interaction_of(&press(Taps::Single, ALICE)).is_none());
    assert!(cx.interaction_of(&Speech::new()).is_none());
}

#[tokio::test]
async fn a_wait_counts_from_when_it_was_made() {
    let (cx, mut engine) = session().await;
    let (over, heard) = (cx.timers().fired("nap"), alice(&cx).next_speech());

    engine.emit(TimerFired::new("tea")).await;
    engine.emit(TimerFired::new("nap")).await;
    engine.emit(Speech::new().text("hello").source_uri(Urn::parse(HELLO_ALICE).unwrap())).await;

    assert_eq!(patiently(heard).await.unwrap().text.as_deref(), Some("hello"));
    assert_eq!(patiently(over).await.unwrap(), TimerFired::new("nap"));
}

#[tokio::test]
async fn a_wait_ends_with_its_time_or_with_the_session() {
    let (cx, mut engine) = session().await;
    let time = Duration::from_millis(1);

    let error = failure(patiently(alice(&cx).next_button().within(time)).await);
    assert_eq!((error.action, error.cause), ("button", Cause::TimedOut { after: time, accepted: true }));
    assert_eq!(error.target.unwrap().as_str(), HELLO_ALICE);

    let (ended, ()) = tokio::join!(alice(&cx).next_button(), engine.stop());
    assert_eq!(failure(ended).cause, Cause::Closed(CloseReason::Stopped(StopReason::Normal)));
    let late = cx.next::<TimerFired>().await;
    assert_eq!(failure(late).cause, Cause::Closed(CloseReason::Stopped(StopReason::Normal)));
}

#[tokio::test]
async fn a_stream_keeps_what_comes_while_another_branch_runs() {
    let (cx, mut engine) = session().await;
    let (mut presses, mut timers) = (alice(&cx).buttons(), cx.events_of::<TimerFired>());
    engine.emit(press(Taps::Single, HELLO_ALICE)).await;
    engine.emit(TimerFired::new("nap")).await;
    engine.emit(press(Taps::Double, HELLO_ALICE)).await;

    let mut seen = Vec::new();
    while seen.len() < 3 {
        patiently(async {
            tokio::select! {
                Some(press) = presses.next() => seen.push(press.unwrap().taps.to_string()),
                Some(timer) = timers.next() => seen.push(timer.unwrap().name),
            }
        })
        .await;
    }

    seen.sort();
    assert_eq!(seen, ["double", "nap", "single"]);
}

#[tokio::test]
async fn handlers_get_the_same_events() {
    let (sender, mut handled) = unbounded_channel();
    let handler = move |timer: TimerFired| {
        sender.send(timer.name).unwrap();
        async {}
    };
    let mut relay = Relay::serve(|routes| routes.on(Filter::new(), handler), Limits::default()).await;
    let (cx, mut engine) = relay.session().await;
    let next = cx.next::<TimerFired>();

    engine.emit(TimerFired::new("nap")).await;

    assert_eq!(patiently(next).await.unwrap().name, "nap");
    assert_eq!(patiently(handled.recv()).await.unwrap(), "nap");
}

#[tokio::test]
async fn a_wait_sees_events_that_no_handler_has_time_for() {
    let mut limits = Limits::default();
    limits.max_handlers = 1; // which is the one that waits for the end of the session
    let mut relay = Relay::serve(|routes| routes, limits).await;
    let (cx, mut engine) = relay.session().await;
    let next = cx.next::<TimerFired>();

    engine.emit(TimerFired::new("nap")).await;

    assert_eq!(patiently(next).await.unwrap().name, "nap");
}

#[tokio::test]
async fn what_is_not_taken_is_dropped_and_said_so() {
    let (cx, mut engine) = session().await;
    let mut timers = cx.events_of::<TimerFired>();
    for number in 0..300 {
        engine.emit(TimerFired::new(number.to_string())).await;
    }
    arrived(&cx, &mut engine).await;

    assert!(matches!(timers.next().await, Some(Err(Lagged { missed: 44, .. }))));
    for number in 44..300 {
        assert_eq!(timers.next().await, Some(Ok(TimerFired::new(number.to_string()))));
    }
}

#[tokio::test]
async fn large_events_are_dropped_sooner() {
    let (cx, mut engine) = session().await;
    let mut speech = cx.events_of::<Speech>();
    for _ in 0..5 {
        engine.emit(Speech::new().audio("x".repeat(100 << 10))).await;
    }
    arrived(&cx, &mut engine).await;

    assert!(matches!(speech.next().await, Some(Err(Lagged { missed: 3, .. }))));
    for _ in 0..2 {
        assert!(matches!(speech.next().await, Some(Ok(_))));
    }
    assert!(futures_util::poll!(Box::pin(speech.next())).is_pending());
}

/// Waits until all that was sent before has arrived.
async fn arrived(cx: &Context, engine: &mut Engine) {
    let marker = cx.next::<Sms>();
    engine.emit(Sms::new()).await;
    patiently(marker).await.unwrap();
}
