use relay_runtime::workflow;

#[derive(Default)]
struct Checkin;

#[workflow]
impl Checkin {
    #[trigger(emergency)]
    async fn first(&self) {}

    #[trigger(position, venue_id = "venue_3")]
    async fn here(&self) {}
}

fn main() {}
