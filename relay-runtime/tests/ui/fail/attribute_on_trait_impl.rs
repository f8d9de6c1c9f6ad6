use relay_runtime::workflow;

trait Greet {
    async fn greet(&self);
}

struct Checkin;

#[workflow]
impl Greet for Checkin {
    #[trigger(phrase = "hello")]
    async fn greet(&self) {}
}

fn main() {}
