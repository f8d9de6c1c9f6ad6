use relay_runtime::on;

struct Checkin;

impl Checkin {
    #[on(button)]
    async fn pressed(&self) {}
}

fn main() {}
