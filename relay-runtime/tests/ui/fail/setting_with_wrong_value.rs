use relay_runtime::workflow;

#[derive(Default)]
struct Checkin;

#[workflow]
impl Checkin {
    #[trigger(emergency)]
    async fn first(&self) {}

    #[trigger(battery, discharge = "low")]
    async fn low(&self) {}

    #[on(timer_fired, name = 3)]
    async fn fired(&self) {}
}

fn main() {}
