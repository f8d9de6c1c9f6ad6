use relay_runtime::{event, workflow};

#[derive(Default)]
struct Checkin;

#[workflow]
impl Checkin {
    #[trigger(emergency)]
    async fn first(&self) {}

    #[trigger(phrase = "hello")]
    async fn hello(&self, _press: event::Button) {}
}

fn main() {}
