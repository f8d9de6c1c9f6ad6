use relay_runtime::workflow;

#[workflow(phrases = "hello")]
async fn hello() {}

fn main() {}
