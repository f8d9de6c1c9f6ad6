use relay_runtime::workflow;

#[derive(Default)]
struct Checkin;

#[workflow]
impl Checkin {
    #[trigger(emergency)]
    async fn first(&self) {}

    #[on(button, taps = single, taps = double)]
    async fn pressed(&self) {}
}

fn main() {}
