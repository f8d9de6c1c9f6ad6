use relay_runtime::workflow;

struct Checkin;

#[workflow(nme = "checkin")]
impl Checkin {
    #[trigger(phrase = "Check in")]
    fn begin(&mut self) {}

    #[on(button, tabs = double, taps = duble)]
    async fn pressed<T>(&self, _event: &relay_runtime::event::Button) {}

    // Still there, although other handlers are wrong.
    fn helper(&self) {}
}

fn uses(checkin: &Checkin) {
    checkin.helper();
}

fn main() {}
