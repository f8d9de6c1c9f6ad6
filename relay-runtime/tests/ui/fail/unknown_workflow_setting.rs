use relay_runtime::workflow;

#[derive(Default)]
struct Checkin;

#[workflow(nam = "x")]
impl Checkin {
    #[trigger(emergency)]
    async fn first(&self) {}

    fn helper(&self) {}
}

fn main() {}
