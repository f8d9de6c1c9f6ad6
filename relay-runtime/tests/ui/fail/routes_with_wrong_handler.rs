use relay_runtime::event;
use relay_runtime::workflow::trigger::Trigger;
use relay_runtime::workflow::{Filter, Routes};

async fn pressed(_press: event::Button) {}

async fn fired(_press: event::Button) {}

fn routes() -> Routes<()> {
    let routes = Routes::new("checkin").trigger(Trigger::http(), pressed);
    routes.on(Filter::<event::TimerFired>::new(), fired)
}

fn main() {}
