use relay_runtime::workflow;

#[derive(Default)]
struct Checkin;

#[workflow]
impl Checkin {
    async fn begin(&self) {}
}

fn main() {}
