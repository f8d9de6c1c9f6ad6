use relay_runtime::workflow;

#[workflow(phrase = "hello", path = "hello")]
async fn hello() {}

fn main() {}
