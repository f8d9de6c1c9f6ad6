use relay_runtime::{Result, event, workflow};

#[derive(Default)]
struct Checkin;

#[workflow]
impl Checkin {
    #[trigger(emergency)]
    async fn first(&self) {}

    #[on(timer_fired)]
    async fn fired(&self, _press: event::Button) -> Result<()> {
        Ok(())
    }
}

fn main() {}
