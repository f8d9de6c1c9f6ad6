//! The store does not take what an attempt has come to.

use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};

use crate::stage::{ALICE, MONDAY, Stage, Test, http, phrase};

/// A rule in the database that refuses some changes of triggers, as a disk would that is full at that moment.
struct Refusal(SqliteConnection);

impl Refusal {
    async fn of(stage: &Stage, changes: &str) -> Test<Self> {
        let options = SqliteConnectOptions::new().filename(stage.directory.path().join("relay.db"));
        let mut connection = SqliteConnection::connect_with(&options).await?;
        let rule = format!(
            "CREATE TRIGGER refusal BEFORE UPDATE ON trigger WHEN {changes} BEGIN SELECT RAISE(ABORT, 'no'); END"
        );
        sqlx::query(AssertSqlSafe(rule)).execute(&mut connection).await?;
        Ok(Self(connection))
    }

    async fn lift(mut self) -> Test {
        sqlx::query("DROP TRIGGER refusal").execute(&mut self.0).await?;
        Ok(())
    }
}

#[tokio::test]
async fn who_waits_hears_at_once_that_a_start_cannot_be_written_down() -> Test {
    let mut stage = Stage::on_a_virtual_clock().await?;
    stage.register("hello", phrase("hello")).await?;
    let _refusal = Refusal::of(&stage, "new.state = 'started'").await?;
    stage.ask("hello").await?;
    let id = stage.accepted().await;
    assert_eq!(stage.heard(ALICE).await, "hello cannot be reached.");
    let row = stage.ended(&id).await?;
    let outcome = row.outcome.unwrap();
    assert_eq!((outcome.kind.as_str(), row.started_at, row.ended_at), ("not_started", None, Some(MONDAY)));
    assert!(outcome.reason.starts_with("its start cannot be written down: the database failed"), "{outcome}");
    let attempts = stage.store.trigger_attempts(&id).await?;
    assert_eq!(attempts.iter().map(|attempt| &*attempt.code).collect::<Vec<_>>(), ["not_recorded"]);
    Ok(())
}

#[tokio::test]
async fn who_waits_hears_at_once_also_when_nothing_can_be_written() -> Test {
    let mut stage = Stage::on_a_virtual_clock().await?;
    stage.register_at("lost", "wss://127.0.0.1:1/lost", phrase("lost")).await?;
    let refusal = Refusal::of(&stage, "true").await?;
    stage.ask("lost").await?;
    let id = stage.accepted().await;
    assert_eq!(stage.heard(ALICE).await, "lost cannot be reached.");
    refusal.lift().await?;
    let row = stage.ended(&id).await?;
    assert_eq!(row.outcome.unwrap().kind.as_str(), "not_started");
    assert_eq!(row.ended_at, Some(MONDAY), "nothing waits for the end of a lease");
    Ok(())
}

#[tokio::test]
async fn what_nobody_waits_for_starts_when_it_can_be_written_down() -> Test {
    let mut stage = Stage::on_a_virtual_clock().await?;
    stage.register("now", http()).await?;
    let refusal = Refusal::of(&stage, "new.state = 'started'").await?;
    let id = stage.invoke("now").await?.id;
    let failed = stage.event(|event| event.what == "attempt_failed").await;
    assert_eq!((&failed.data["stage"], &failed.data["code"]), (&"before".into(), &"not_recorded".into()));
    refusal.lift().await?;
    stage.clock.advance(Duration::from_secs(5)).await?;
    let row = stage.ended(&id).await?;
    assert_eq!(row.outcome.unwrap().kind.as_str(), "completed");
    assert_eq!(row.started_at, Some(MONDAY + Duration::from_secs(5)));
    Ok(())
}
