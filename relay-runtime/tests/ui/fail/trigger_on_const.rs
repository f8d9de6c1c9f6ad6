use relay_runtime::workflow;

#[derive(Default)]
struct Checkin;

#[workflow]
impl Checkin {
    #[trigger(emergency)]
    async fn first(&self) {}

    #[trigger(http)]
    const LIMIT: u32 = 3;
}

fn main() {}
