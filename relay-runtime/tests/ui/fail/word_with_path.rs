use relay_runtime::workflow;

#[derive(Default)]
struct Checkin;

#[workflow]
impl Checkin {
    #[trigger(emergency)]
    async fn first(&self) {}

    #[on(button, taps = Taps::Double)]
    async fn twice(&self) {}
}

fn main() {}
