use relay_runtime::{Result, workflow};

#[workflow(phrase = "hello")]
async fn hello() -> Result<String> {
    Ok(String::new())
}

fn main() {}
