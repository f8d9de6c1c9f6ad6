//! The whole platform against a small model of what a workflow may expect of it, with anything in any order.

#![allow(clippy::unwrap_used)] // clippy takes only the functions with #[test] for tests

mod manners;
mod notices;
mod peer;
mod step;
mod world;

use proptest::collection::vec;
use proptest::prelude::*;
use relay_engine::{Load, Mode};

use step::{Step, step};
use world::World;

/// Everything that the platform did, in words; and what it holds at last.
fn play(strict: bool, hostile: Option<u64>, steps: &[Step]) -> (Vec<String>, Load) {
    let mode = if strict { Mode::Strict } else { Mode::Compatible };
    let mut world = World::new(mode, hostile);
    for step in steps {
        world.apply(step);
    }
    world.finish()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn workflows_get_what_they_may_expect_and_nothing_is_left(
        strict in any::<bool>(),
        hostile in any::<Option<u64>>(),
        steps in vec(step(), 1..200),
    ) {
        let (done, load) = play(strict, hostile, &steps);
        prop_assert_eq!(load, Load::default());
        prop_assert_eq!(done, play(strict, hostile, &steps).0, "the same happens again");
    }
}
