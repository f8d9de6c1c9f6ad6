//! How long actions wait, by the server's own limit.

use std::time::Duration;

use relay_protocol::response;
use relay_runtime::server::Limits;
use relay_runtime::{Cause, Context};

use crate::engine::{Engine, Relay, patiently};
use crate::row::failure;
use crate::tables::alice;

/// A session of a server where no action waits for longer than this.
async fn session(time: Duration) -> (Relay, Context, Engine) {
    let mut limits = Limits::default();
    limits.max_action_time = Some(time);
    let mut relay = Relay::serve(|routes| routes, limits).await;
    let (cx, engine) = relay.session().await;
    (relay, cx, engine)
}

#[tokio::test]
async fn no_action_waits_longer_than_the_server_allows() {
    let time = Duration::from_millis(1);
    let (_relay, cx, mut engine) = session(time).await;
    let say = alice(&cx).say("hello").within(Duration::from_secs(3600));
    let (result, _) = tokio::join!(patiently(say), engine.request());
    assert_eq!(failure(result).cause, Cause::TimedOut { after: time, accepted: false });
}

#[tokio::test]
async fn nor_for_what_really_ends_it() {
    let time = Duration::from_millis(500); // long enough for the response
    let (_relay, cx, mut engine) = session(time).await;
    let (result, _) = tokio::join!(patiently(alice(&cx).say("hello")), engine.answer(response::Say::new()));
    assert_eq!(failure(result).cause, Cause::TimedOut { after: time, accepted: true });
}

#[tokio::test]
async fn a_termination_has_the_time_that_it_needs() {
    let (_relay, cx, mut engine) = session(Duration::ZERO).await;
    let (result, ()) = tokio::join!(patiently(cx.terminate()), async {
        engine.frame().await;
        engine.stop().await;
    });
    result.unwrap();
}
