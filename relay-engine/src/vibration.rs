//! The vibration motor.

use relay_protocol::{request, response};

use crate::action::Perception;
use crate::engine::Engine;
use crate::instance::Ask;
use crate::refusal::Refusal;

impl Engine {
    pub(crate) fn vibrate(
        &mut self,
        ask: &Ask,
        vibrate: request::Vibrate,
    ) -> Result<response::Vibrate, Refusal> {
        if self.config.strict() && vibrate.pattern.len() < 2 {
            return Err(Refusal::invalid_value(
                "a pattern is pauses and pulses in turn, in milliseconds, so it has at least two numbers",
            ));
        }
        let legs = self.legs(ask)?;
        for leg in &legs {
            self.check_active(ask, *leg)?;
        }
        for key in legs {
            let Some(leg) = self.legs.get(key).filter(|leg| leg.resumed) else { continue };
            let device = leg.device;
            if self.at_hand(device).is_ok() {
                self.perceive(device, Perception::Vibration(vibrate.pattern.clone()));
            }
        }
        Ok(response::Vibrate::new())
    }
}
