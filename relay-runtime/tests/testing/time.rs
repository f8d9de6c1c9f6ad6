//! The one clock.

use std::time::{Duration, Instant as RealTime};

use relay_runtime::testing::{Sim, StopReason};
use tokio::time::Instant;

use crate::workflows::nap;

const HOUR: Duration = Duration::from_secs(3600);

#[relay_runtime::test]
async fn an_hour_passes_in_milliseconds() {
    let began = RealTime::now();
    let before = Instant::now();
    let sim = Sim::new().workflow(nap);
    let alice = sim.device("Alice");
    alice.speak_to_assistant("wake me").await;
    alice.expect_say("Good morning").await;
    sim.expect_stop(StopReason::Normal).await;
    assert!(before.elapsed() > HOUR && before.elapsed() < HOUR + Duration::from_secs(5));
    assert!(began.elapsed() < Duration::from_millis(500), "it took {:?}", began.elapsed());
}

#[relay_runtime::test]
async fn time_passes_only_when_it_is_let() {
    let sim = Sim::new();
    let before = Instant::now();
    sim.until_idle().await;
    assert_eq!(before.elapsed(), Duration::ZERO);
    sim.advance(HOUR).await;
    assert_eq!(before.elapsed(), HOUR);
}

#[relay_runtime::test]
async fn the_clock_stands_still_while_something_runs_on_another_thread() {
    let sim = Sim::new();
    let before = Instant::now();
    let (sender, receiver) = std::sync::mpsc::channel();
    let blocking = tokio::task::spawn_blocking(move || receiver.recv());
    let hour = tokio::spawn(tokio::time::sleep_until(before + HOUR));
    sim.until_idle().await;
    sender.send(()).unwrap();
    blocking.await.unwrap().unwrap();
    assert_eq!(before.elapsed(), Duration::ZERO);
    hour.await.unwrap();
}
