//! The disk fails.

use crate::hammer::{Hammer, Told};
use crate::{journal, rules};

/// What the process was told with this fault, all of which has to hold afterwards.
fn told_with(fault: (&str, &str)) -> Vec<Told> {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let database = data.join("relay.db");
    runtime.block_on(rules::check(&database, &[])); // makes it
    let hammer =
        Hammer { database: database.clone(), told: "/dev/stdout".into(), seed: 7, triggers: 20, round: 0 };
    let mut command = hammer.command();
    command
        .env("LD_PRELOAD", journal::library(directory.path()))
        .env("JOURNAL_DIR", &data)
        .env(fault.0, fault.1);
    let output = command.output().unwrap();
    assert!(output.status.success());
    let told: Vec<Told> = str::from_utf8(&output.stdout).unwrap().lines().filter_map(Told::read).collect();
    runtime.block_on(rules::check(&database, &told));
    told
}

fn refused(told: &[Told], with: &str) -> usize {
    told.iter().filter(|told| matches!(told, Told::Refused(error) if error.contains(with))).count()
}

#[test]
fn a_full_disk_is_called_so_and_what_was_accepted_before_stays() {
    let told = told_with(("JOURNAL_ROOM", "1000000"));
    let accepted = told.iter().filter(|told| matches!(told, Told::Accepted(_))).count();
    assert!(accepted > 5, "{accepted}");
    assert!(refused(&told, "the disk is full") > 5, "{told:?}");
    assert_eq!(refused(&told, ""), refused(&told, "the disk is full"));
}

#[test]
fn a_sync_that_fails_is_an_error() {
    let told = told_with(("JOURNAL_BAD_SYNC", "7"));
    assert!(refused(&told, "the disk failed") > 0, "{told:?}");
    assert!(told.iter().any(|told| matches!(told, Told::Ended(..))));
}
