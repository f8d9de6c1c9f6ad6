use relay_runtime::workflow;

#[workflow(phrase = "hello")]
fn hello() {}

fn main() {}
