//! What a process did to its files, in order. It is recorded by `journal.c`, which is preloaded into the process.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Bytes at an offset.
    Write(String, u64, Vec<u8>),
    /// A size.
    Truncate(String, u64),
    /// All that was done to the file before is durable.
    Sync(String),
    Unlink(String),
    /// What the process said meanwhile.
    Said(Vec<u8>),
}

/// Compiles what is preloaded.
pub(crate) fn library(directory: &Path) -> PathBuf {
    let library = directory.join("journal.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/durability/journal.c");
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-O2", "-Wall", "-o"]).arg(&library).arg(source).arg("-ldl");
    let compiled = compiler.status().expect("a C compiler, which SQLite needs as well");
    assert!(compiled.success());
    library
}

/// Reads a journal. A record that was cut off ends it.
pub(crate) fn read(journal: &[u8]) -> Vec<Deed> {
    let mut names: BTreeMap<u8, String> = BTreeMap::new();
    let mut deeds = Vec::new();
    let mut rest = journal;
    while let Some((head, tail)) = rest.split_first_chunk::<24>() {
        let number = |at: usize| u64::from_le_bytes(head[at..at + 8].try_into().unwrap());
        let (offset, length) = (number(8), number(16) as usize);
        if tail.len() < length {
            break;
        }
        let (bytes, tail) = tail.split_at(length);
        rest = tail;
        let (what, file) = (head[0], head[1]);
        if what == b'N' {
            names.insert(file, String::from_utf8(bytes.to_vec()).unwrap());
            continue;
        }
        let name = names[&file].clone();
        match what {
            b'A' => deeds.push(Deed::Said(bytes.to_vec())),
            // Neither is read after a crash.
            _ if name.ends_with("-shm") || name.ends_with(".lock") => {}
            b'W' => deeds.push(Deed::Write(name, offset, bytes.to_vec())),
            b'T' => deeds.push(Deed::Truncate(name, offset)),
            b'S' => deeds.push(Deed::Sync(name)),
            b'U' => deeds.push(Deed::Unlink(name)),
            other => panic!("a record of the kind {other}"),
        }
    }
    deeds
}
