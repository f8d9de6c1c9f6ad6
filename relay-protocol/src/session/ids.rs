//! Request ids: 32 hexadecimal digits, as most official SDKs write them.

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

/// The ids of a session's requests: the session's half, then a count.
///
/// Unique within their connection, which is all that the protocol asks. Written and compared without allocating.
#[derive(Debug)]
pub(super) struct RequestIds {
    session: [u8; HALF],
}

const HALF: usize = 16;
const DIGITS: usize = 2 * HALF;

impl RequestIds {
    pub(super) fn new(session: u64) -> Self {
        Self { session: digits(session) }
    }

    /// The count in `id`, if this session wrote it. Compared byte for byte: ids are never normalised.
    pub(super) fn count_in(&self, id: &str) -> Option<u64> {
        number(id.as_bytes().strip_prefix(&self.session)?)
    }

    pub(super) fn with(&self, count: u64) -> [u8; DIGITS] {
        let mut id = [0; DIGITS];
        id[..HALF].copy_from_slice(&self.session);
        id[HALF..].copy_from_slice(&digits(count));
        id
    }
}

fn digits(number: u64) -> [u8; HALF] {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut digits = [0; HALF];
    for (pair, byte) in digits.chunks_exact_mut(2).zip(number.to_be_bytes()) {
        pair[0] = HEX[usize::from(byte >> 4)];
        pair[1] = HEX[usize::from(byte & 0xf)];
    }
    digits
}

/// Sixteen digits, the letters small. `from_str_radix` would also take signs, capitals and fewer digits.
fn number(digits: &[u8]) -> Option<u64> {
    let digits: [u8; HALF] = digits.try_into().ok()?;
    digits.into_iter().try_fold(0, |number, digit| {
        let value = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        Some(number << 4 | u64::from(value))
    })
}
