//! The power fails.

use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;
use tokio::sync::Semaphore;

use crate::hammer::{Hammer, Told};
use crate::image::{Disk, Luck};
use crate::journal::{self, Deed};
use crate::rules;

/// Moments at which the power fails; `CRASH_IMAGES` asks for more.
const IMAGES: usize = 300;

#[test]
fn whatever_was_acknowledged_survives_the_loss_of_unsynced_writes() {
    let seed = seed();
    crash_again_and_again(seed, IMAGES, &[]);
}

#[test]
fn a_sync_that_fails_is_not_taken_for_one() {
    let seed = seed();
    crash_again_and_again(seed, IMAGES / 3, &[("JOURNAL_BAD_SYNC", "23")]);
}

/// Hammers a store once, and looks at what may be left of it at many moments.
fn crash_again_and_again(seed: u64, images: usize, faults: &[(&str, &str)]) {
    let directory = tempfile::tempdir().unwrap();
    let deeds = hammered(directory.path(), seed, faults);
    let images = std::env::var("CRASH_IMAGES").map_or(images, |number| number.parse().unwrap());
    let mut random = fastrand::Rng::with_seed(seed);
    let mut cuts: Vec<usize> = (0..images).map(|_| random.usize(..=deeds.len())).collect();
    cuts.sort_unstable();

    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    let room = Arc::new(Semaphore::new(4));
    let (mut disk, mut told, mut done) = (Disk::default(), Vec::new(), 0);
    let mut checks = Vec::new();
    for cut in cuts {
        for deed in &deeds[done..cut] {
            match deed {
                Deed::Said(line) => told.extend(Told::read(str::from_utf8(line).unwrap().trim())),
                deed => disk.apply(deed.clone()),
            }
        }
        done = cut;
        let luck = match random.u8(..4) {
            0 => Luck::Everything,
            1 => Luck::Nothing,
            _ => Luck::Some(random.u8(1..100)),
        };
        let permit = runtime.block_on(Arc::clone(&room).acquire_owned()).unwrap();
        let left = scratch();
        disk.write(left.path(), luck, &mut random);
        let told = told.clone();
        let handle = runtime.handle().clone();
        let check = runtime.spawn_blocking(move || {
            handle.block_on(rules::check(&left.path().join("relay.db"), &told));
            drop(permit);
        });
        checks.push((cut, luck, check));
    }
    assert!(told.iter().filter(|told| matches!(told, Told::Started(_))).count() > 50, "it has hammered");
    for (cut, luck, check) in checks {
        if runtime.block_on(check).is_err() {
            panic!("seed {seed}, after {cut} of {} deeds, with luck {luck:?}", deeds.len());
        }
    }
}

fn hammered(directory: &Path, seed: u64, faults: &[(&str, &str)]) -> Vec<Deed> {
    let data = directory.join("data");
    std::fs::create_dir(&data).unwrap();
    let recorded = directory.join("journal");
    let hammer =
        Hammer { database: data.join("relay.db"), told: data.join("told"), seed, triggers: 25, round: 0 };
    let mut command = hammer.command();
    command.env("LD_PRELOAD", journal::library(directory)).envs(faults.iter().copied());
    command.env("JOURNAL_DIR", &data).env("JOURNAL_FILE", &recorded);
    let output = command.output().unwrap();
    assert!(output.status.success());
    journal::read(&std::fs::read(&recorded).unwrap())
}

/// A directory in memory, if there is one: syncing is what takes the time.
pub(crate) fn scratch() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.exists() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap()
}

/// `CRASH_SEED`, or a new one, which is printed.
pub(crate) fn seed() -> u64 {
    let seed =
        std::env::var("CRASH_SEED").map_or_else(|_| fastrand::u64(..1 << 32), |seed| seed.parse().unwrap());
    println!("CRASH_SEED={seed}");
    seed
}
