use relay_runtime::workflow;

#[workflow]
struct Checkin;

fn main() {}
