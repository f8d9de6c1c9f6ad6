use relay_runtime::extract::Start;
use relay_runtime::workflow;
use relay_runtime::workflow::trigger::Phrase;

#[derive(Default)]
struct Checkin;

#[workflow]
impl Checkin {
    #[trigger(emergency)]
    async fn first(&self) {}

    #[trigger(http)]
    async fn called(&self, _start: Start<Phrase>) {}
}

fn main() {}
