//! Workflows that the clock starts, on a clock that is moved by hand.

use std::time::Duration;

use relay_protocol::manifest::{Frequency, TimerSpec, TriggerSpec};
use relay_server::clock::Clock;
use relay_server::model::{TriggerFilter, TriggerRow, UnixMs, Workflow};
use relay_server::schedule::Timer;

use crate::stage::{ALICE, MONDAY, Stage, Test};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// Registers `tick` to be started on Monday at 00:01, and each minute from then on.
async fn each_minute(stage: &Stage, count: u64) -> Test {
    let mut spec = TimerSpec::default();
    spec.start_time = "2027-01-04T00:01:00".to_owned();
    (spec.frequency, spec.count) = (Some(Frequency::Minutely), Some(count));
    let timer = Timer::read(&spec, stage.clock.wall())?;
    let mut workflow =
        Workflow::new("wf_tick", "tick", format!("{}/tick", stage.workflows), TriggerSpec::Timer(spec));
    workflow.install = vec![ALICE.to_owned()];
    stage.save(workflow).await?;
    let schedule = timer.begin(stage.clock.wall())?;
    stage.store.schedule_set(&stage.subscriber, &"wf_tick".into(), Some(schedule)).await?;
    stage.runner.timer_changed();
    Ok(())
}

async fn all(stage: &Stage) -> Test<Vec<TriggerRow>> {
    let page =
        stage.store.trigger_list(&stage.subscriber, &TriggerFilter::default(), &Default::default()).await?;
    Ok(page.items.into_iter().rev().collect())
}

#[tokio::test]
async fn a_timer_fires_at_each_of_its_times() -> Test {
    let mut stage = Stage::on_a_virtual_clock().await?;
    each_minute(&stage, 3).await?;
    for n in 1..=3 {
        stage.clock.advance(MINUTE).await?;
        let id = stage.accepted().await;
        let row = stage.ended(&id).await?;
        assert_eq!(row.fire_at, Some(MONDAY + n * MINUTE));
        assert_eq!(row.accepted_at, MONDAY + n * MINUTE);
        assert_eq!(row.trigger["type"], "calendar");
        assert_eq!(row.device.unwrap().as_str(), ALICE);
        assert_eq!(row.outcome.unwrap().to_string(), "completed");
    }
    stage.clock.advance(HOUR).await?;
    assert_eq!(all(&stage).await?.len(), 3, "it was to be three times");
    Ok(())
}

#[tokio::test]
async fn what_passed_while_the_server_was_down_is_made_up_for_within_a_window() -> Test {
    let stage = Stage::on_a_virtual_clock().await?;
    each_minute(&stage, 1000).await?;
    let Stage { directory, store, .. } = stage;
    store.close().await;

    // It comes back at two o'clock: 120 times have passed, 60 of them more than an hour ago.
    let later = Clock::virtual_at(MONDAY + 2 * HOUR);
    let stage = Stage::start(directory, later, |config| config.catch_up.most = 5).await?;
    let mut rows = Vec::new();
    while rows.len() < 6 {
        tokio::task::yield_now().await;
        rows = all(&stage).await?;
    }
    let missed = rows.remove(0).outcome.unwrap();
    assert_eq!(
        missed.to_string(),
        "missed: 115 times had passed, from 2027-01-04T00:01:00.000Z to 2027-01-04T01:55:00.000Z"
    );
    let times: Vec<UnixMs> = rows.iter().filter_map(|row| row.fire_at).collect();
    assert_eq!(times, [56, 57, 58, 59, 60].map(|n| MONDAY + HOUR + n * MINUTE));
    Ok(())
}
