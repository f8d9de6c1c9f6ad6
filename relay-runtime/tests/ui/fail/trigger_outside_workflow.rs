use relay_runtime::trigger;

#[trigger(phrase = "hello")]
async fn hello() {}

fn main() {}
