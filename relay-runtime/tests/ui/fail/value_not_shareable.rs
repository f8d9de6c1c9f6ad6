use std::cell::Cell;

use relay_runtime::workflow;

#[derive(Default)]
struct Checkin {
    presses: Cell<u32>,
}

#[workflow]
impl Checkin {
    #[trigger(phrase = "hello")]
    async fn hello(&self) {
        self.presses.set(1);
    }
}

fn main() {}
