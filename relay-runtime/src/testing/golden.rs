//! Transcripts in files, as what is expected.

use std::env;
use std::fs;
use std::path::Path;

use relay_protocol::transcript::Transcript;

use super::fail;

/// The environment variable with which golden transcripts are written instead of compared.
const UPDATE: &str = "UPDATE_GOLDEN";

/// Reads a transcript from a file: one that a server has written, or a golden one. A relative path begins at the folder of
/// the package, as `cargo test` has it.
///
/// # Panics
///
/// When there is none.
#[track_caller]
pub fn transcript(path: impl AsRef<Path>) -> Transcript {
    let path = path.as_ref();
    match fs::read_to_string(path) {
        Ok(text) => match text.parse() {
            Ok(transcript) => transcript,
            Err(error) => fail(format!("{}: {error}", path.display())),
        },
        Err(error) => fail(format!("cannot read the transcript {}: {error}", path.display())),
    }
}

/// Compares with a file, or writes it.
#[track_caller]
pub(super) fn compare(actual: &Transcript, path: &Path) {
    if env::var_os(UPDATE).is_some_and(|value| !value.is_empty() && value != "0") {
        return write(actual, path);
    }
    if !path.exists() {
        fail(format!("there is no golden transcript {}: {UPDATE}=1 writes it", path.display()));
    }
    let diff = transcript(path).diff(actual);
    if !diff.is_empty() {
        fail(format!(
            "the workflow does not do any more what stands in {}; {UPDATE}=1 accepts what it does\n\n{diff}",
            path.display()
        ));
    }
}

#[track_caller]
fn write(actual: &Transcript, path: &Path) {
    let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
    if let Err(error) = folder.and_then(|()| fs::write(path, actual.tidied().to_string())) {
        fail(format!("cannot write the golden transcript {}: {error}", path.display()));
    }
}
