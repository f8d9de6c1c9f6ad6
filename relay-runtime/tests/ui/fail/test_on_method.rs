//! A test among methods.

struct Greeter;

impl Greeter {
    #[relay_runtime::test]
    async fn greets(&self) {}
}

fn main() {}
