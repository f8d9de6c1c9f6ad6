use relay_runtime::{Context, workflow};

#[workflow(phrase = "hello")]
#[rustfmt::skip]
async fn hello(_: Context, _: Context, _: Context, _: Context, _: Context, _: Context, _: Context, _: Context, _: Context) {}

fn main() {}
