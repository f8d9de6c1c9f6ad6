use relay_runtime::workflow;

#[derive(Default)]
struct Checkin;

#[workflow]
impl Checkin {
    #[trigger(emergency)]
    async fn first(&self) {}

    #[on(button, taps = double)]
    async fn twice(&self) {}

    #[on(button, taps = [single, double])]
    async fn once_or_twice(&self) {}
}

fn main() {}
