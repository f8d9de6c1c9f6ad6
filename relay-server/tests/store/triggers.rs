//! The queue of triggers.

use relay_server::model::OutcomeKind;

use crate::fixture::Fixture;

#[tokio::test]
async fn a_trigger_is_accepted_and_claimed() {
    let store = Fixture::new().await;
    let row = store.accept(store.trigger("wf", None)).await;
    assert_eq!(store.row(&row.id).await, row);
    let claimed = store.claim("n", crate::fixture::START).await;
    assert_eq!(claimed.len(), 1);
    let _ = OutcomeKind::Completed;
}
