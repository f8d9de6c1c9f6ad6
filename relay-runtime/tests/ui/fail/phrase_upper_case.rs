use relay_runtime::workflow;

#[workflow(phrase = ["hi", "Good Morning"])]
async fn hello() {}

fn main() {}
