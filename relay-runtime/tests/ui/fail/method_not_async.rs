use relay_runtime::workflow;

#[derive(Default)]
struct Checkin;

#[workflow]
impl Checkin {
    #[trigger(emergency)]
    async fn first(&self) {}

    #[on(button)]
    fn pressed(&self) {}
}

fn main() {}
