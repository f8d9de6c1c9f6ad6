use relay_runtime::workflow;

#[workflow(phrase = "hello")]
async fn hello<T>(_value: T, _: impl Send) {}

fn main() {}
