use relay_runtime::event;
use relay_runtime::types::Taps;
use relay_runtime::workflow::Filter;

fn filters() {
    let _ = Filter::<event::TimerFired>::new().taps(Taps::Double);
}

fn main() {}
