//! The process is killed.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};

use crate::hammer::{Hammer, Told};
use crate::powerless::seed;
use crate::rules;

/// Processes that are killed, one after the other, on one database.
const ROUNDS: i64 = 20;

#[test]
fn whoever_is_killed_again_and_again_forgets_nothing_and_starts_nothing_twice() {
    let seed = seed();
    let mut random = fastrand::Rng::with_seed(seed);
    let directory = tempfile::tempdir().unwrap();
    let database = directory.path().join("relay.db");
    let mut told = Vec::new();
    for round in 0..ROUNDS {
        let hammer = Hammer {
            database: database.clone(),
            told: "/dev/stdout".into(),
            seed: random.u64(..1 << 32),
            triggers: 1_000_000,
            round,
        };
        let mut process = hammer.command().spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let deadline = random.usize(1..300);
        for (number, line) in lines.map_while(Result::ok).enumerate() {
            // What it said before it died counts, also what we read later.
            if number == deadline {
                process.kill().unwrap();
            }
            told.extend(Told::read(&line));
        }
        process.wait().unwrap();
    }
    let mut started = BTreeSet::new();
    for told in &told {
        if let Told::Started(id) = told {
            assert!(started.insert(id), "seed {seed}: {id} was started twice");
        }
    }
    assert!(started.len() > 100, "it has hammered: {}", started.len());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(rules::check(&database, &told));
}
