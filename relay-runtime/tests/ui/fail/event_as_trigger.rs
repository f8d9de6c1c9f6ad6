use relay_runtime::workflow;

#[derive(Default)]
struct Checkin;

#[workflow]
impl Checkin {
    #[trigger(emergency)]
    async fn first(&self) {}

    #[trigger(interaction_started)]
    async fn begin(&self) {}
}

fn main() {}
