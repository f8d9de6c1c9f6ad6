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
const HEX: &[u8; 16] = b"0123456789abcdef";

impl RequestId {
    /// The count in `text`, if this session wrote it. Compared byte for byte: ids are never normalised.
    pub(super) fn count_in(session: u64, text: &str) -> Option<u64> {
        let (head, tail) = text.as_bytes().split_at_checked(DIGITS / 2)?;
        (number(head)? == session).then_some(())?;
        number(tail)
    }

    pub(super) fn write(self, buffer: &mut [u8; DIGITS]) -> &str {
        let number = u128::from(self.session) << 64 | u128::from(self.count);
        for (digits, byte) in buffer.chunks_exact_mut(2).zip(number.to_be_bytes()) {
            digits[0] = HEX[usize::from(byte >> 4)];
            digits[1] = HEX[usize::from(byte & 0xf)];
        }
        core::str::from_utf8(buffer).unwrap_or_default()
    }
}

/// Sixteen digits, the letters small. `from_str_radix` would also take signs, capitals and fewer digits.
fn number(digits: &[u8]) -> Option<u64> {
    let digits: [u8; DIGITS / 2] = digits.try_into().ok()?;
    digits.into_iter().try_fold(0, |number, digit| {
        let value = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        Some(number << 4 | u64::from(value))
    })
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.write(&mut [0; DIGITS]))
    }
}
