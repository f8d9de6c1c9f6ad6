//! What a disk may hold after the power failed.

use std::collections::BTreeMap;
use std::path::Path;

use crate::journal::Deed;

/// Disks write at least so much in one piece.
const SECTOR: usize = 512;

/// How much of what was not synced has reached the disk all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Luck {
    Everything,
    Nothing,
    /// Sector by sector, in percent.
    Some(u8),
}

/// The files at some moment.
#[derive(Debug, Default)]
pub(crate) struct Disk {
    files: BTreeMap<String, File>,
}

#[derive(Debug, Default)]
struct File {
    /// What is certainly there.
    durable: Vec<u8>,
    /// What was done since, in order.
    since: Vec<Change>,
}

#[derive(Debug, Clone)]
enum Change {
    Write(u64, Vec<u8>),
    Truncate(u64),
}

impl Disk {
    /// A disk that holds for certain what this directory does.
    pub(crate) fn read(directory: &Path) -> Self {
        let mut files = BTreeMap::new();
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            files.insert(name, File { durable: std::fs::read(&path).unwrap(), since: Vec::new() });
        }
        Self { files }
    }

    /// Goes on by one deed.
    pub(crate) fn apply(&mut self, deed: Deed) {
        match deed {
            Deed::Write(name, offset, bytes) => {
                self.files.entry(name).or_default().since.push(Change::Write(offset, bytes));
            }
            Deed::Truncate(name, size) => {
                self.files.entry(name).or_default().since.push(Change::Truncate(size))
            }
            Deed::Sync(name) => {
                let file = self.files.entry(name).or_default();
                for change in std::mem::take(&mut file.since) {
                    change.make(&mut file.durable);
                }
            }
            Deed::Unlink(name) => drop(self.files.remove(&name)),
            Deed::Said(_) => {}
        }
    }

    /// Writes the files as they may be if the power fails now.
    pub(crate) fn write(&self, directory: &Path, luck: Luck, random: &mut fastrand::Rng) {
        for (name, file) in &self.files {
            let mut bytes = file.durable.clone();
            for change in &file.since {
                change.clone().make_perhaps(&mut bytes, luck, random);
            }
            std::fs::write(directory.join(name), bytes).unwrap();
        }
    }
}

impl Change {
    fn make(self, file: &mut Vec<u8>) {
        match self {
            Self::Write(offset, bytes) => {
                let (start, end) = (offset as usize, offset as usize + bytes.len());
                if file.len() < end {
                    file.resize(end, 0);
                }
                file[start..end].copy_from_slice(&bytes);
            }
            Self::Truncate(size) => file.resize(size as usize, 0),
        }
    }

    fn make_perhaps(self, file: &mut Vec<u8>, luck: Luck, random: &mut fastrand::Rng) {
        let mut lucky = || match luck {
            Luck::Everything => true,
            Luck::Nothing => false,
            Luck::Some(percent) => random.u8(..100) < percent,
        };
        match self {
            Self::Write(offset, bytes) => {
                for (number, sector) in bytes.chunks(SECTOR).enumerate() {
                    if lucky() {
                        Self::Write(offset + (number * SECTOR) as u64, sector.to_vec()).make(file);
                    }
                }
            }
            truncate => {
                if lucky() {
                    truncate.make(file);
                }
            }
        }
    }
}

#[test]
fn what_was_synced_stays_and_the_rest_depends() {
    let mut disk = Disk::default();
    let write = |at, byte| Deed::Write("f".into(), at, vec![byte; 1024]);
    for deed in [write(0, 1), Deed::Sync("f".into()), write(512, 2)] {
        disk.apply(deed);
    }
    let directory = tempfile::tempdir().unwrap();
    let read = |luck| {
        disk.write(directory.path(), luck, &mut fastrand::Rng::with_seed(1));
        std::fs::read(directory.path().join("f")).unwrap()
    };
    assert_eq!(read(Luck::Nothing), [1; 1024]);
    assert_eq!(read(Luck::Everything), [[1; 512], [2; 512], [2; 512]].concat());
    assert!(matches!(read(Luck::Some(50)).len(), 1024 | 1536));
}
