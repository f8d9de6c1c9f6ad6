use relay_runtime::workflow;

#[derive(Default)]
struct Checkin;

#[workflow]
impl Checkin {
    #[trigger(emergency)]
    async fn first(&self) {}

    #[on(button, taps)]
    async fn pressed(&self) {}

    #[on(button, taps = )]
    async fn again(&self) {}
}

fn main() {}
