use relay_runtime::workflow;

#[derive(Default)]
struct Checkin;

#[workflow]
impl Checkin {
    #[trigger(phrase = "hello")]
    async fn hello(&self) -> &'static str {
        "hello"
    }
}

fn main() {}
