//! Each action of the tables in each of the ways in which it can end.

use std::time::Duration;

use futures_util::future::join_all;
use relay_protocol::session::CloseReason;
use relay_runtime::{Cause, RequestError};

use crate::engine::{Engine, Relay, Request, patiently, session};
use crate::row::{Row, Running};
use crate::tables;

/// Too short to be answered in.
const AT_ONCE: Duration = Duration::from_millis(1);

/// Runs the action until it ends, and what the engine does meanwhile.
async fn both<T>(action: Running, engine: impl Future<Output = T>) -> (Result<String, RequestError>, T) {
    patiently(async { tokio::join!(action, engine) }).await
}

async fn request(row: &Row, engine: &mut Engine) -> Request {
    let request = engine.request().await;
    assert_eq!(request.frame, row.sends, "what `{}` sends", row.action());
    request
}

/// Answers, with the events that really end the action.
async fn carry_out(row: &Row, engine: &mut Engine, request: &Request) {
    engine.respond(request, row.answer.clone()).await;
    for event in (row.then)(&request.id) {
        engine.emit(event).await;
    }
}

/// The cause, if the error names what failed as it should.
fn cause(row: &Row, result: Result<String, RequestError>) -> Cause {
    let error = result.expect_err(row.action());
    assert_eq!(error.action, row.action());
    let target = row.sends.pointer("/_target/uris/0").map(|urn| urn.as_str().unwrap());
    assert_eq!(error.target.as_ref().map(|urn| urn.as_str()), target, "the target of `{}`", row.action());
    assert_ne!(error.session, 0);
    error.cause
}

#[tokio::test]
async fn each_action_sends_the_right_frame_and_brings_what_it_should() {
    let mut relay = Relay::start().await;
    for row in tables::all() {
        let (cx, mut engine) = relay.session().await;
        let (result, ()) = both(row.call(&cx), async {
            let request = request(&row, &mut engine).await;
            carry_out(&row, &mut engine, &request).await;
        })
        .await;
        assert_eq!(result.as_deref(), Ok(row.brings), "what `{}` brings", row.sends);
    }
}

#[tokio::test]
async fn each_action_tells_when_it_is_refused() {
    let mut relay = Relay::start().await;
    for row in tables::all() {
        let (cx, mut engine) = relay.session().await;
        let (result, ()) = both(row.call(&cx), async {
            let request = request(&row, &mut engine).await;
            engine.refuse(&request, "invalid_target").await;
        })
        .await;
        assert_eq!(cause(&row, result), Cause::Refused("invalid_target".into()));
    }
}

#[tokio::test]
async fn each_action_gives_up_when_no_answer_comes() {
    let mut relay = Relay::start().await;
    for row in tables::all() {
        let (cx, mut engine) = relay.session().await;
        let (result, _) = both(row.call_within(&cx, AT_ONCE), request(&row, &mut engine)).await;
        assert_eq!(cause(&row, result), Cause::TimedOut { after: AT_ONCE, accepted: false });
    }
}

#[tokio::test]
async fn each_action_fails_at_once_when_the_connection_breaks() {
    let mut relay = Relay::start().await;
    for row in tables::all() {
        let (cx, mut engine) = relay.session().await;
        let (result, ()) = both(row.call(&cx), async {
            request(&row, &mut engine).await;
            drop(engine);
        })
        .await;
        let disconnected = Cause::Closed(CloseReason::Disconnected { code: None });
        assert_eq!(cause(&row, result), disconnected);
        assert_eq!(cause(&row, row.call(&cx).await), disconnected, "and so does the next");
    }
}

#[tokio::test]
async fn each_action_goes_on_while_relay_reports_progress() {
    let mut relay = Relay::start().await;
    for row in tables::all() {
        let (cx, mut engine) = relay.session().await;
        let (result, ()) = both(row.call(&cx), async {
            let request = request(&row, &mut engine).await;
            engine.progress(&request).await;
            engine.progress(&request).await;
            carry_out(&row, &mut engine, &request).await;
        })
        .await;
        assert_eq!(result.as_deref(), Ok(row.brings), "what `{}` brings", row.sends);
    }
}

#[tokio::test]
async fn what_ends_with_an_event_gives_up_when_the_event_does_not_come() {
    // Long enough for the response to come, which the engine sends at once.
    let within = Duration::from_millis(500);
    let rows = tables::all().into_iter().filter(|row| !row.ends_with_response());
    join_all(rows.map(async |row| {
        let (cx, mut engine) = session().await;
        let (result, ()) = both(row.call_within(&cx, within), async {
            let request = request(&row, &mut engine).await;
            engine.respond(&request, row.answer.clone()).await;
        })
        .await;
        match row.action() {
            "listen" => assert_eq!(result.as_deref(), Ok(SILENCE)),
            _ => assert_eq!(cause(&row, result), Cause::TimedOut { after: within, accepted: true }),
        }
    }))
    .await;
}

const SILENCE: &str = "Heard { text: <0 redacted>, audio: None, lang: None }";
