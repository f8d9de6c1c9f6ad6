use relay_runtime::extract::Args;
use relay_runtime::workflow;

#[derive(Default)]
struct Checkin;

#[workflow]
impl Checkin {
    #[trigger(emergency)]
    async fn first(&self) {}

    #[trigger(phrase = "hello")]
    async fn hello(&self, _order: Args<String>) {}
}

fn main() {}
