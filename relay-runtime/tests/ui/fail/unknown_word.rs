use relay_runtime::workflow;

#[derive(Default)]
struct Checkin;

#[workflow]
impl Checkin {
    #[trigger(emergency)]
    async fn first(&self) {}

    #[on(button, taps = duble)]
    async fn twice(&self) {}

    #[on(button, button = "chanel")]
    async fn side(&self) {}
}

fn main() {}
