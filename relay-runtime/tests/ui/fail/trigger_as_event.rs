use relay_runtime::workflow;

#[derive(Default)]
struct Checkin;

#[workflow]
impl Checkin {
    #[trigger(emergency)]
    async fn first(&self) {}

    #[on(phrase = "hello")]
    async fn hello(&self) {}
}

fn main() {}
