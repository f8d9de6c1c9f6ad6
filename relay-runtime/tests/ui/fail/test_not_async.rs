//! A test that is not async.

#[relay_runtime::test]
fn greets() {}

fn main() {}
