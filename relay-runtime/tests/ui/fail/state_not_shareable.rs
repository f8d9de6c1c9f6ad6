use std::rc::Rc;

use relay_runtime::extract::State;
use relay_runtime::workflow;

struct Shop {
    orders: Rc<u32>,
}

#[workflow(phrase = "hello")]
async fn hello(_shop: State<Shop>) {}

fn main() {}
