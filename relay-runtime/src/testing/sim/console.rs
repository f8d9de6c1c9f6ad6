//! What workflows bring to the people at the console, and to others outside.

use super::Sim;
use crate::testing::expect::{Expectation, Expected, Verdict};
use crate::testing::fail;
use crate::testing::runtime::idle;

impl Sim {
    /// Expects an incident of this kind to be opened next. Its id comes back.
    #[track_caller]
    pub fn expect_incident(&self, kind: impl Into<String>) -> Expectation<String> {
        let kind = kind.into();
        let expected = Expected::new(format!("an incident {kind:?}"));
        expected.wait(self.world().clone(), move |state| match state.news.incidents.pop_front() {
            Some((id, found)) if found == kind => Verdict::Met(id),
            Some((_, found)) => Verdict::Failed(format!("there is an incident {found:?}")),
            None => Verdict::NotYet,
        })
    }

    /// Somebody at the console has dealt with an incident.
    ///
    /// # Panics
    ///
    /// When there is no such incident, or none any more.
    #[track_caller]
    pub fn resolve_incident(&self, id: &str, reason: &str) -> Expectation {
        self.close_incident(id, reason, true)
    }

    /// Somebody at the console finds that an incident was none.
    ///
    /// # Panics
    ///
    /// When there is no such incident, or none any more.
    #[track_caller]
    pub fn cancel_incident(&self, id: &str, reason: &str) -> Expectation {
        self.close_incident(id, reason, false)
    }

    fn close_incident(&self, id: &str, reason: &str, resolve: bool) -> Expectation {
        let (world, id, reason) = (self.world().clone(), id.to_owned(), reason.to_owned());
        Expectation::new(async move {
            idle().await;
            let closed = world.tell(|state, now| match resolve {
                true => state.engine.resolve_incident(now, &id, &*reason),
                false => state.engine.cancel_incident(now, &id, &*reason),
            });
            if closed.is_err() {
                fail(format!("there is no open incident {id:?}\n\n{}", world.report()));
            }
        })
    }

    /// Expects an analytics record next whose content holds this. All of the content comes back.
    #[track_caller]
    pub fn expect_record(&self, part: impl Into<String>) -> Expectation<String> {
        let part = part.into();
        let expected = Expected::new(format!("a record with {part:?} in it"));
        expected.wait(self.world().clone(), move |state| match state.news.records.pop_front() {
            Some(record) if record.content.contains(&part) => Verdict::Met(record.content),
            Some(record) => Verdict::Failed(format!("there is a record of {:?}", record.content)),
            None => Verdict::NotYet,
        })
    }

    /// Tells the workflow what has become of the text message that was [expected](Self::expect_sms) last: `delivered`.
    ///
    /// # Panics
    ///
    /// When none was.
    #[track_caller]
    pub fn report_sms(&self, event: &str) -> Expectation {
        let (world, event) = (self.world().clone(), event.to_owned());
        let Some(sms) = world.lock().news.text.clone() else {
            fail("there is no text message that the test has expected".into())
        };
        Expectation::new(async move {
            idle().await;
            world.tell(|state, now| state.engine.report_sms(now, sms.instance, &sms.id, &event));
        })
    }

    /// Expects a text message to be sent next that says this. The recipient comes back.
    #[track_caller]
    pub fn expect_sms(&self, text: impl Into<String>) -> Expectation<String> {
        let text = text.into();
        let expected = Expected::new(format!("a text message {text:?}"));
        expected.wait(self.world().clone(), move |state| match state.news.texts.pop_front() {
            Some(sms) if sms.text == text => {
                let to = sms.uri.clone();
                state.news.text = Some(sms);
                Verdict::Met(to)
            }
            Some(sms) => Verdict::Failed(format!("there is a text message {:?}", sms.text)),
            None => Verdict::NotYet,
        })
    }
}
