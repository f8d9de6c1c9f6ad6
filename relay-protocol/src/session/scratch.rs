//! Where a side writes its frames.

use alloc::string::String;
use alloc::vec::Vec;

/// A buffer that is written in again and again. A frame leaves it at its exact length: one allocation, whereas text that
/// is written into a buffer of its own takes one to begin, another to grow, and a third to be shared as bytes.
#[derive(Debug, Default)]
pub(super) struct Scratch(Vec<u8>);

/// Room for a usual frame.
const USUAL: usize = 256;
/// Room that is kept between frames.
const KEPT: usize = 1024;

impl Scratch {
    /// What `write` appends.
    pub(super) fn text(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> String {
        self.0.clear();
        self.0.reserve(USUAL);
        write(&mut self.0);
        let text = if self.0.capacity() > KEPT {
            String::from_utf8(core::mem::take(&mut self.0)).ok()
        } else {
            core::str::from_utf8(&self.0).map(String::from).ok()
        };
        text.unwrap_or_default() // frames are UTF-8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_exact_and_only_little_room_is_kept() {
        let mut scratch = Scratch::default();
        for length in [0, 10, KEPT, KEPT + 1, 3] {
            let text = scratch.text(|buffer| buffer.resize(length, b'x'));
            assert_eq!(text.len(), length);
            assert!(scratch.0.capacity() <= KEPT);
        }
        assert_eq!(scratch.text(|buffer| buffer.extend_from_slice(b"hello")).capacity(), 5);
    }
}
