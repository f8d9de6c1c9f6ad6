use relay_runtime::{Context, workflow};

#[workflow(phrase = "hello")]
async fn hello(_cx: &Context) {}

fn main() {}
