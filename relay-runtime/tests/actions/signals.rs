//! Signals from one session to others.

use relay_runtime::{Lagged, Signals};

use crate::engine::{Relay, patiently, session};

#[tokio::test]
async fn every_subscriber_hears_what_is_sent_after_it_subscribed() {
    let mut relay = Relay::start().await;
    let ((one, _engine), (other, _other_engine)) = (relay.session().await, relay.session().await);
    let signals = Signals::new(8);

    assert_eq!(signals.send("nobody hears this"), 0);
    let (mut first, mut second) = (one.subscribe(&signals), other.subscribe(&signals));
    assert_eq!(signals.clone().send("lunch"), 2);

    assert_eq!(patiently(first.next()).await, Some(Ok("lunch")));
    assert_eq!(patiently(second.next()).await, Some(Ok("lunch")));
}

#[tokio::test]
async fn a_subscription_ends_with_its_session_whatever_else_was_sent() {
    let (cx, mut engine) = session().await;
    let signals = Signals::new(8);
    let mut subscription = cx.subscribe(&signals);

    engine.stop().await;
    patiently(cx.closed()).await;
    signals.send("too late");

    assert_eq!(patiently(subscription.next()).await, None);
    drop(subscription);
    assert_eq!(signals.send("nobody is left"), 0);
}

#[tokio::test]
async fn a_subscriber_that_waits_is_let_go_when_its_session_ends() {
    let (cx, mut engine) = session().await;
    let signals = Signals::<()>::new(8);
    let mut subscription = cx.subscribe(&signals);
    let (heard, ()) = tokio::join!(patiently(subscription.next()), engine.stop());
    assert_eq!(heard, None);
}

#[tokio::test]
async fn nobody_waits_for_senders_that_are_gone() {
    let (cx, _engine) = session().await;
    let mut subscription = cx.subscribe(&Signals::<()>::new(8));
    assert_eq!(patiently(subscription.next()).await, None);
}

#[tokio::test]
async fn who_does_not_take_them_is_told_how_many_were_dropped() {
    let (cx, _engine) = session().await;
    let signals = Signals::new(2);
    let mut subscription = cx.subscribe(&signals);
    for n in 0..5 {
        signals.send(n);
    }

    assert_eq!(patiently(subscription.next()).await.map(missed), Some(Err(3)));
    assert_eq!(patiently(subscription.next()).await.map(missed), Some(Ok(3)));
    assert_eq!(patiently(subscription.next()).await.map(missed), Some(Ok(4)));
}

fn missed<T>(signal: Result<T, Lagged>) -> Result<T, u64> {
    signal.map_err(|lagged| lagged.missed)
}

#[tokio::test]
async fn what_was_not_returned_comes_with_the_next_call() {
    let (cx, _engine) = session().await;
    let signals = Signals::new(8);
    let mut subscription = cx.subscribe(&signals);
    tokio::select! {
        biased;
        _ = subscription.next() => panic!("nothing was sent"),
        _ = async { signals.send("lunch") } => {}
    }
    assert_eq!(patiently(subscription.next()).await, Some(Ok("lunch")));
}

#[tokio::test]
async fn any_capacity_will_do() {
    let (cx, _engine) = session().await;
    for capacity in [0, usize::MAX] {
        let signals = Signals::new(capacity);
        let mut subscription = cx.subscribe(&signals);
        signals.send(capacity);
        assert_eq!(patiently(subscription.next()).await, Some(Ok(capacity)));
    }
}
