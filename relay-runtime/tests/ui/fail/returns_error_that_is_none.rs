use relay_runtime::workflow;

#[workflow(phrase = "hello")]
async fn hello() -> Result<(), String> {
    Ok(())
}

fn main() {}
