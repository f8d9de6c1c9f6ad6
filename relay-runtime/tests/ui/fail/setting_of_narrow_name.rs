use relay_runtime::workflow;

#[derive(Default)]
struct Checkin;

#[workflow]
impl Checkin {
    #[trigger(emergency)]
    async fn first(&self) {}

    #[on(interaction_started, type = ended)]
    async fn changed(&self) {}
}

fn main() {}
