use std::sync::Arc;

use relay_runtime::workflow;

#[derive(Default)]
struct Checkin;

#[workflow]
impl Checkin {
    #[trigger(emergency)]
    async fn first(&self) {}

    #[on(button)]
    async fn pressed(self: Arc<Self>) {}
}

fn main() {}
