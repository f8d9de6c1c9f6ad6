//! Shows what the ring of LEDs can do: one effect after the other, with each tap on Talk.
//!
//! `cargo run --example led`, then have Relay dial it when somebody says "lights". Its tests need no Relay:
//! `cargo test --example led`.

use relay_runtime::LedIndex;
use relay_runtime::prelude::*;

/// A light show by taps.
#[workflow(phrase = "lights")]
async fn lights(cx: Context, start: Start<Phrase>) -> Result<()> {
    let device = cx.start_interaction(start.source(), "lights").await?;
    let (leds, mut taps) = (device.leds(), device.buttons());
    let clock = LedIndex::all().zip([Color::RED, Color::GREEN, Color::BLUE].into_iter().cycle());
    let show = [
        leds.rainbow().times(3),
        leds.rotate(Color::ORANGE).duration(millis(500)),
        leds.flash(Color::RED).times(5),
        leds.breathe(Color::rgb(0, 80, 160)),
        leds.each(clock),
        leds.on(Color::BLUE),
        leds.off(),
    ];
    for effect in show {
        effect.await?;
        taps.next().await;
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt::init();
    Server::builder().workflow(lights).from_env()?.serve().await
}

#[cfg(test)]
mod tests {
    use relay_runtime::testing::{Sim, StopReason};
    use relay_runtime::types::LedEffect;

    use super::*;

    #[relay_runtime::test]
    async fn one_effect_with_each_tap() {
        use LedEffect::{Breathe, Flash, Off, Rainbow, Rotate, Static};

        let sim = Sim::new().workflow(lights);
        let alice = sim.device("Alice");
        alice.speak_to_assistant("lights").await;
        for effect in [Rainbow, Rotate, Flash, Breathe, Static, Static, Off] {
            alice.expect_led(effect).await;
            sim.advance(secs(1)).await; // five taps in a row would be an alarm
            alice.tap().await;
        }
        alice.expect_led_own().await;
        sim.expect_stop(StopReason::Normal).await;
    }
}
