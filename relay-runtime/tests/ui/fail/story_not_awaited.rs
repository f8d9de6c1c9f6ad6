#![deny(unused_must_use)]

use relay_runtime::workflow;

#[workflow(phrase = "hello")]
async fn hello() {}

async fn test() {
    hello();
}

fn main() {}
