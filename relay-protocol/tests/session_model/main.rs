//! Both sides against small models, under inputs in any order.

mod engine;
mod input;
mod limits;
mod link;
mod model;
mod pipe;
mod subject;

use std::collections::BTreeSet;
use std::iter;

use input::{Input, at, input};
use model::Model;
use proptest::collection::vec;
use proptest::prelude::*;
use subject::{Subject, config};

/// Enough for every pair of inputs to meet; `PROPTEST_CASES=300000` looks harder.
fn many() -> ProptestConfig {
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    ProptestConfig { cases: 8 * config.cases, ..config }
}

proptest! {
    #![proptest_config(many())]

    #[test]
    fn the_workflow_side_does_what_its_model_does(steps in vec((input(), 0..4_usize), 0..60)) {
        let (mut model, mut subject) = (Model::default(), Subject::new(config()));
        let mut ends = BTreeSet::new();
        let mut forgotten = BTreeSet::new();
        let last = [(Input::Disconnect, usize::MAX)];
        for (input, drain) in steps.into_iter().chain(last) {
            model.apply(&input);
            subject.apply(&input);
            forgotten.extend(match input {
                Input::Forget(op) if op < model.asked => Some(op),
                _ => None,
            });

            prop_assert_eq!(subject.session.in_flight(), model.in_flight());
            prop_assert_eq!(subject.session.ending().is_some(), model.link.over());
            prop_assert_eq!(subject.session.closed().is_some(), model.link.closed);
            check_deadline(&subject, &model, &input)?;

            for _ in 0..drain {
                let (completed, sent) = (subject.completed(), subject.sent());
                prop_assert_eq!(completed, model.completed.pop_front());
                prop_assert_eq!(subject.heard(), model.heard.pop_front());
                prop_assert_eq!(sent, model.sent());
                if let Some((op, _)) = completed {
                    prop_assert!(ends.insert(op), "{op} ended twice");
                } else if drain == usize::MAX {
                    break;
                }
            }
        }
        ends.extend(forgotten);
        prop_assert!(ends.into_iter().eq(0..model.asked), "some never ended");
    }
}

proptest! {
    #![proptest_config(many())]

    /// A late drain is late, never wrong.
    #[test]
    fn when_outputs_are_taken_does_not_change_them(steps in vec((input(), 0..3_usize), 0..60)) {
        let (mut often, mut once) = (Subject::new(config()), Subject::new(config()));
        let (mut ends, mut heard) = (Vec::new(), Vec::new());
        // What is forgotten depends on what was taken before.
        for (input, drain) in steps.iter().filter(|(input, _)| !matches!(input, Input::Forget(_))) {
            often.apply(input);
            once.apply(input);
            for _ in 0..*drain {
                ends.extend(often.completed());
                heard.extend(often.heard());
                often.sent();
            }
        }
        ends.extend(iter::from_fn(|| often.completed()));
        heard.extend(iter::from_fn(|| often.heard()));
        prop_assert_eq!(ends, iter::from_fn(|| once.completed()).collect::<Vec<_>>());
        prop_assert_eq!(heard, iter::from_fn(|| once.heard()).collect::<Vec<_>>());
    }
}

/// The driver may be woken too early, never too late, and never again for what it was woken for.
fn check_deadline(subject: &Subject, model: &Model, input: &Input) -> Result<(), TestCaseError> {
    let due = subject.session.poll_timeout().map(|(due, _)| due);
    let latest = model.deadline().map(at);
    prop_assert!(latest.is_none() || due <= latest, "woken at {due:?}, too late for {latest:?}");
    prop_assert!(due.is_some() || latest.is_none());
    if let Input::Wait(_) = input {
        prop_assert!(due.is_none_or(|due| due > subject.now()), "{due:?} is not after {:?}", subject.now());
    }
    Ok(())
}
