//! What two lists have in common.

use alloc::vec;
use alloc::vec::Vec;

/// Above this, the longest common part would take too long, and the first that fits is taken.
const MAX_CELLS: usize = 4_000_000;

/// Pairs of positions at which the lists have the same, both rising: as many as possible.
pub(super) fn align(a: &[&str], b: &[&str]) -> Vec<(usize, usize)> {
    let start = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (rest_a, rest_b) = (&a[start..], &b[start..]);
    let end = rest_a.iter().rev().zip(rest_b.iter().rev()).take_while(|(a, b)| a == b).count();
    let (middle_a, middle_b) = (&rest_a[..rest_a.len() - end], &rest_b[..rest_b.len() - end]);
    let middle = match middle_a.len().saturating_mul(middle_b.len()) {
        cells if cells <= MAX_CELLS => longest(middle_a, middle_b),
        _ => first_fit(middle_a, middle_b),
    };
    let same_start = (0..start).map(|n| (n, n));
    let middle = middle.into_iter().map(|(x, y)| (start + x, start + y));
    let same_end = (0..end).map(|n| (a.len() - end + n, b.len() - end + n));
    same_start.chain(middle).chain(same_end).collect()
}

fn longest(a: &[&str], b: &[&str]) -> Vec<(usize, usize)> {
    let width = b.len() + 1;
    // The length of the longest common part of what follows.
    let mut lengths = vec![0_u32; (a.len() + 1) * width];
    for x in (0..a.len()).rev() {
        for y in (0..b.len()).rev() {
            lengths[x * width + y] = match a[x] == b[y] {
                true => lengths[(x + 1) * width + y + 1] + 1,
                false => lengths[(x + 1) * width + y].max(lengths[x * width + y + 1]),
            };
        }
    }
    let (mut x, mut y, mut pairs) = (0, 0, Vec::new());
    while x < a.len() && y < b.len() {
        if a[x] == b[y] {
            pairs.push((x, y));
            (x, y) = (x + 1, y + 1);
        } else if lengths[(x + 1) * width + y] >= lengths[x * width + y + 1] {
            x += 1;
        } else {
            y += 1;
        }
    }
    pairs
}

fn first_fit(a: &[&str], b: &[&str]) -> Vec<(usize, usize)> {
    let (mut pairs, mut from) = (Vec::new(), 0);
    for (x, wanted) in a.iter().enumerate() {
        if let Some(y) = b[from..].iter().position(|found| found == wanted) {
            pairs.push((x, from + y));
            from += y + 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn common(a: &str, b: &str) -> alloc::string::String {
        let split = |text| str::split(text, "").filter(|part| !part.is_empty()).collect::<Vec<_>>();
        let (a, b) = (split(a), split(b));
        let pairs = align(&a, &b);
        assert!(pairs.iter().all(|(x, y)| a[*x] == b[*y]));
        assert!(pairs.windows(2).all(|two| two[0].0 < two[1].0 && two[0].1 < two[1].1));
        pairs.iter().map(|(x, _)| a[*x]).collect()
    }

    #[test]
    fn the_longest_common_part_is_found() {
        for (a, b, both) in [
            ("", "", ""),
            ("abc", "abc", "abc"),
            ("abc", "", ""),
            ("axbyc", "abc", "abc"),
            ("abc", "xaybzc", "abc"),
            ("abcab", "cabab", "abab"),
        ] {
            assert_eq!(common(a, b), both, "{a} {b}");
        }
    }

    #[test]
    fn long_lists_are_aligned_as_far_as_they_go() {
        assert_eq!(first_fit(&["a", "b", "c"], &["b", "x", "c"]), [(1, 0), (2, 2)]);
    }
}
