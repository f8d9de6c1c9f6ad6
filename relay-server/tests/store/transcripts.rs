//! What was said in instances.

use relay_server::model::{Line, UnixMs};
use serde_json::json;

use crate::fixture::{Fixture, START, after};

fn line(number: u64, at: UnixMs) -> Line {
    Line { number, at, content: json!({"say": "0123456789"}) } // 20 bytes
}

#[tokio::test]
async fn a_transcript_is_read_from_any_line_on() {
    let store = Fixture::new().await;
    let row = store.accept(store.trigger("wf", None)).await;
    store.transcript_append(&row.id, vec![line(0, START), line(1, START)]).await.unwrap();
    store.transcript_append(&row.id, vec![line(2, after(1))]).await.unwrap();
    assert_eq!(store.transcript_read(&row.id, 1).await.unwrap(), [line(1, START), line(2, after(1))]);
    let nothing = store.transcript_append(&"wfi_0".into(), vec![line(0, START)]).await.unwrap_err();
    assert_eq!(nothing.to_string(), r#"there is no instance "wfi_0""#);
}

#[tokio::test]
async fn old_lines_and_what_is_too_much_are_forgotten() {
    let store = Fixture::new().await;
    let row = store.accept(store.trigger("wf", None)).await;
    let lines = (0..10).map(|number| line(number, after(number))).collect();
    store.transcript_append(&row.id, lines).await.unwrap();
    assert_eq!(store.transcript_prune(after(2), 1000).await.unwrap(), 2);
    assert_eq!(store.transcript_prune(after(2), 100).await.unwrap(), 3);
    let left: Vec<_> =
        store.transcript_read(&row.id, 0).await.unwrap().into_iter().map(|line| line.number).collect();
    assert_eq!(left, [5, 6, 7, 8, 9]);
}
