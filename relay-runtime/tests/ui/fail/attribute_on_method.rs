use relay_runtime::workflow;

struct Checkin;

impl Checkin {
    #[workflow(phrase = "hello")]
    async fn hello(&self) {}
}

fn main() {}
