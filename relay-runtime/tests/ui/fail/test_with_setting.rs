//! A setting of another runtime's attribute.

#[relay_runtime::test(start_paused = true)]
async fn greets() {}

fn main() {}
