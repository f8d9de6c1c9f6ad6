use relay_runtime::workflow;

#[workflow(phrase = "")]
async fn hello() {}

fn main() {}
