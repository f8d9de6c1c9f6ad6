use relay_runtime::workflow;

#[derive(Default)]
struct Checkin;

#[workflow]
impl Checkin {
    #[trigger(emergency)]
    async fn first(&self) {}

    #[trigger(phrase = "hello")]
    async fn hello(&self) {}

    #[trigger(phrase = ["hi", "hello"])]
    async fn hi(&self) {}
}

fn main() {}
