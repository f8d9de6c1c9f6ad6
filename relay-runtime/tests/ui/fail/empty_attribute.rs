use relay_runtime::workflow;

#[derive(Default)]
struct Checkin;

#[workflow]
impl Checkin {
    #[trigger(emergency)]
    async fn first(&self) {}

    #[on]
    async fn pressed(&self) {}

    #[trigger()]
    async fn begin(&self) {}
}

fn main() {}
