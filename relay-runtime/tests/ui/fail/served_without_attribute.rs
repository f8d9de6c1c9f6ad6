use relay_runtime::{Context, Result, Server};

async fn hello(_cx: Context) -> Result<()> {
    Ok(())
}

fn serve() {
    let _ = Server::builder().workflow(hello);
}

fn main() {}
