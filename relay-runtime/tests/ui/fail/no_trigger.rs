use relay_runtime::workflow;

#[derive(Default)]
struct Checkin;

#[workflow]
impl Checkin {
    #[on(button)]
    async fn pressed(&self) {}
}

fn main() {}
