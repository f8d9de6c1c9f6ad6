use relay_runtime::workflow;

#[derive(Default)]
struct Checkin;

#[workflow]
impl Checkin {
    #[trigger(phrase = "check in")]
    async fn begin(&self) {}
}

#[workflow]
impl Checkin {
    #[trigger(phrase = "check out")]
    async fn end(&self) {}
}

fn main() {}
