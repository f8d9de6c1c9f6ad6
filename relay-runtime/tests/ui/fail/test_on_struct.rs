//! The attribute of tests on something else.

#[relay_runtime::test]
struct Greets;

fn main() {}
