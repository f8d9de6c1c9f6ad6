//! Incidents that somebody else closes, and inboxes.

use relay_protocol::event::{Incident, PlayInboxMessage};
use relay_protocol::response;
use relay_protocol::types::{InboxAction, IncidentStatus};
use relay_runtime::Cause;

use crate::engine::{patiently, session};
use crate::row::failure;
use crate::tables::device;

#[tokio::test]
async fn an_incident_is_waited_for_until_somebody_closes_it() {
    let (cx, mut engine) = session().await;
    let (spill, ()) = tokio::join!(device(&cx).create_incident("spill"), async {
        engine.answer(response::CreateIncident::new("inc-42")).await;
        // Before the workflow gets around to waiting for it.
        engine.emit(Incident::new(IncidentStatus::Resolved, "inc-41")).await;
        engine.emit(Incident::new(IncidentStatus::Cancelled, "inc-42").reason("false alarm")).await;
    });

    let closed = patiently(spill.unwrap().closed()).await.unwrap();
    assert_eq!((closed.kind, &*closed.reason), (IncidentStatus::Cancelled, "false alarm"));
}

#[tokio::test]
async fn an_incident_that_stays_open_fails_with_the_session() {
    let (cx, mut engine) = session().await;
    let mut spill = cx.incident("inc-42");
    engine.stop().await;

    let error = failure(patiently(spill.closed()).await);
    assert_eq!(error.action, "incident");
    assert!(matches!(error.cause, Cause::Closed(_)));
}

#[tokio::test]
async fn missed_messages_that_cannot_be_played_are_an_error() {
    let (cx, mut engine) = session().await;
    let (played, ()) = tokio::join!(device(&cx).play_inbox(), async {
        engine.answer(response::PlayInboxMessages::new()).await;
        engine.emit(PlayInboxMessage::new().action(InboxAction::Error)).await;
    });

    let error = failure(played);
    assert_eq!((error.action, error.cause), ("play_inbox_messages", Cause::Failed(None)));
}
