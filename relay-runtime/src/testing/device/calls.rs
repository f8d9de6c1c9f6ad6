//! Calls between people.

use relay_engine::CallStatus;

use super::{Device, Expectation, Expected, Verdict};

impl Device {
    /// Calls somebody: by the name of a device, or an address that one is registered under.
    pub async fn call(&self, to: &str) {
        self.act(format!("calls {to:?}"), |engine, now, device| engine.place_call(now, device, to)).await;
    }

    /// Answers the call that rings: a tap on Talk.
    pub async fn answer(&self) {
        self.tap().await;
    }

    /// Hangs up: two taps on Assistant.
    pub async fn hang_up(&self) {
        self.double_tap_assistant().await;
    }

    /// Expects the call of somebody to ring at this device.
    #[track_caller]
    pub fn expect_ringing(&self, from: impl Into<String>) -> Expectation {
        let from = from.into();
        let expected = Expected::new(format!("a call from {from} to ring at {}", self.name));
        self.follow_call(
            expected,
            move |status| matches!(status, CallStatus::Ringing { name } if *name == from),
        )
    }

    /// Expects to be able to talk with somebody.
    #[track_caller]
    pub fn expect_connected(&self, with: impl Into<String>) -> Expectation {
        let with = with.into();
        let expected = Expected::new(format!("{} to be connected with {with}", self.name));
        self.follow_call(
            expected,
            move |status| matches!(status, CallStatus::Connected { name } if *name == with),
        )
    }

    /// Expects a call to be over, or to come to nothing, for this reason: `normal`, `cancelled`, `rejected`, `no_answer`,
    /// `busy`, `offline`, `do_not_disturb` or `unknown`.
    #[track_caller]
    pub fn expect_call_ended(&self, reason: impl Into<String>) -> Expectation {
        let wanted = reason.into();
        let expected = Expected::new(format!("the call of {} to end: {wanted}", self.name));
        self.follow_call(
            expected,
            move |status| matches!(status, CallStatus::Ended { reason } if *reason == wanted),
        )
    }

    /// What comes before is passed over, but not the end: nothing follows it.
    fn follow_call(
        &self,
        expected: Expected,
        mut fits: impl FnMut(&CallStatus) -> bool + Send + 'static,
    ) -> Expectation {
        self.perceive(expected, move |senses| {
            while let Some(status) = senses.calls.pop_front() {
                if fits(&status) {
                    return Verdict::Met(());
                }
                if let CallStatus::Ended { reason } = status {
                    return Verdict::Failed(format!("it ended: {reason}"));
                }
            }
            Verdict::NotYet
        })
    }
}
