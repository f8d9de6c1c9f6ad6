//! A test that wants something.

#[relay_runtime::test]
async fn greets(sim: relay_runtime::testing::Sim) {}

fn main() {}
