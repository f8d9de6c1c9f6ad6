use relay_runtime::{Server, workflow};

struct Checkin {
    limit: u32,
}

#[workflow]
impl Checkin {
    #[trigger(phrase = "hello")]
    async fn hello(&self) {}
}

fn serve() {
    let _ = Server::builder().workflow(Checkin::default);
}

fn main() {}
