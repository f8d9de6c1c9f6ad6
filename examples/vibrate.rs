//! Vibrates in patterns of one's own, for places where nobody may speak.
//!
//! `cargo run --example vibrate`, then have Relay dial it when its HTTP trigger is called. Its tests need no Relay:
//! `cargo test --example vibrate`.

use relay_runtime::Vibration;
use relay_runtime::prelude::*;

/// Calls for the curtain without a sound, until a tap on Talk says that it was felt.
#[workflow(http)]
async fn curtain(cx: Context) -> Result<()> {
    let stage = cx.start_interaction(DeviceUrn::name("Stage")?, "curtain").await?;
    let long_short = Vibration::new().pulse(millis(800)).pause(millis(200)).pulse(millis(200));
    let mut felt = stage.next_button();
    loop {
        stage.vibrate(long_short.clone()).await?;
        tokio::select! {
            press = &mut felt => return press.map(drop),
            () = tokio::time::sleep(secs(3)) => {}
        }
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt::init();
    Server::builder().workflow(curtain).from_env()?.serve().await
}

#[cfg(test)]
mod tests {
    use relay_runtime::testing::{Sim, StopReason};

    use super::*;

    #[relay_runtime::test]
    async fn vibrates_until_it_is_felt() {
        let sim = Sim::new().workflow(curtain);
        let stage = sim.device("Stage");
        sim.invoke("curtain", ()).await;
        stage.expect_vibration([0, 800, 200, 200]).await;
        stage.expect_vibration([0, 800, 200, 200]).await;
        stage.tap().await;
        sim.expect_stop(StopReason::Normal).await;
        stage.expect_silence(mins(1)).await;
    }
}
