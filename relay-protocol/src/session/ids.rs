//! Request ids: 32 hexadecimal digits, as most official SDKs write them.

use core::fmt;

/// Where a session's randomness comes from: the driver's random generator, or a counter in a test.
pub trait IdSource {
    /// Any number that no other session of this process has; unpredictable in production.
    fn next(&mut self) -> u64;
}

impl<F: FnMut() -> u64> IdSource for F {
    fn next(&mut self) -> u64 {
        self()
    }
}

/// The id of a request while it is a number: the session's half, then a count.
///
/// Unique within its connection, which is all that the protocol asks. Written and compared without allocating.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct RequestId {
    pub(super) session: u64,
    pub(super) count: u64,
}

const DIGITS: usize = 32;

impl RequestId {
    /// The count in `text`, if this session wrote it. Compared byte for byte: ids are never normalised.
    pub(super) fn count_in(session: u64, text: &str) -> Option<u64> {
        if text.len() != DIGITS || text.bytes().any(|b| !matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return None;
        }
        let (head, tail) = text.split_at(DIGITS / 2);
        (u64::from_str_radix(head, 16).ok()? == session).then_some(())?;
        u64::from_str_radix(tail, 16).ok()
    }

    pub(super) fn write(self, buffer: &mut [u8; DIGITS]) -> &str {
        let number = u128::from(self.session) << 64 | u128::from(self.count);
        for (i, digit) in buffer.iter_mut().enumerate() {
            let nibble = (number >> (4 * (DIGITS - 1 - i))) as u8 & 0xf;
            *digit = if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 };
        }
        core::str::from_utf8(buffer).unwrap_or_default()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.write(&mut [0; DIGITS]))
    }
}
