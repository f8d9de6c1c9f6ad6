//! Calls, from their events.

use relay_protocol::event::{CallConnected, CallDisconnected, CallFailed, CallProgressing, CallRinging};
use relay_protocol::response;
use relay_protocol::session::CloseReason;
use relay_protocol::types::{CallDirection, StopReason};
use relay_runtime::{Call, CallEvent, Cause, Context};

use crate::engine::{Engine, patiently, session};
use crate::row::failure;
use crate::tables::{bob_urn, device};

const OUT: CallDirection = CallDirection::Outbound;

/// A call whose first event is on the heels of the response.
async fn place(cx: &Context, engine: &mut Engine) -> Call {
    let (call, ()) = tokio::join!(device(cx).call(bob_urn()), async {
        engine.answer(response::Call::new("call-7")).await;
        engine.emit(CallProgressing::new("call-7", OUT)).await;
    });
    call.unwrap()
}

#[tokio::test]
async fn a_call_tells_what_happens_to_it_and_not_to_others() {
    let (cx, mut engine) = session().await;
    let mut call = place(&cx, &mut engine).await;
    engine.emit(CallRinging::new("call-8", OUT)).await;
    engine.emit(CallRinging::new("call-7", OUT)).await;
    engine.emit(CallConnected::new("call-7", OUT)).await;
    engine.emit(CallDisconnected::new("call-7", OUT).reason("normal")).await;
    engine.stop().await;

    let mut seen = Vec::new();
    while let Some(event) = patiently(call.next()).await {
        seen.push(event.unwrap());
    }

    assert_eq!(
        seen,
        [
            CallEvent::Progressing(CallProgressing::new("call-7", OUT)),
            CallEvent::Ringing(CallRinging::new("call-7", OUT)),
            CallEvent::Connected(CallConnected::new("call-7", OUT)),
            CallEvent::Disconnected(CallDisconnected::new("call-7", OUT).reason("normal")),
        ]
    );
}

#[tokio::test]
async fn a_call_is_waited_for_until_it_is_connected_and_until_its_end() {
    let (cx, mut engine) = session().await;
    let mut call = place(&cx, &mut engine).await;
    engine.emit(CallConnected::new("call-7", OUT)).await;
    engine.emit(CallDisconnected::new("call-7", OUT).reason("normal")).await;

    assert_eq!(patiently(call.connected()).await.unwrap(), CallConnected::new("call-7", OUT));
    assert!(matches!(patiently(call.ended()).await, Ok(CallEvent::Disconnected(_))));
}

#[tokio::test]
async fn a_call_that_nobody_takes_fails_with_the_reason() {
    let (cx, mut engine) = session().await;
    let mut call = place(&cx, &mut engine).await;
    engine.emit(CallFailed::new("call-7", OUT).reason("no_answer")).await;

    let error = failure(patiently(call.connected()).await);
    assert_eq!(error.cause, Cause::Failed(Some("no_answer".into())));
}

#[tokio::test]
async fn a_call_is_over_for_the_workflow_when_the_session_is() {
    let (cx, mut engine) = session().await;
    let mut call = place(&cx, &mut engine).await;
    engine.stop().await;

    let error = failure(patiently(call.ended()).await);
    assert_eq!(
        (error.action, error.cause),
        ("call", Cause::Closed(CloseReason::Stopped(StopReason::Normal)))
    );
    assert_eq!(call.device().urn(), device(&cx).urn());
}
