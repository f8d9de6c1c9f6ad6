use relay_runtime::workflow;

#[workflow(phrase = "hello")]
async fn hello(_name: String) {}

fn main() {}
