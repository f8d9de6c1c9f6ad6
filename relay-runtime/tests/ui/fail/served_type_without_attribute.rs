use relay_runtime::Server;

#[derive(Default)]
struct Checkin;

fn serve() {
    let _ = Server::builder().workflow(Checkin::default);
}

fn main() {}
