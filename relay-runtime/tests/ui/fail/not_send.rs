use std::rc::Rc;

use relay_runtime::{Context, Result, workflow};

#[derive(Default)]
struct Checkin;

#[workflow]
impl Checkin {
    #[trigger(http)]
    async fn begin(&self, cx: Context) -> Result<()> {
        let counter = Rc::new(1);
        cx.terminate().await?;
        drop(counter);
        Ok(())
    }
}

#[workflow(http)]
async fn hello(cx: Context) -> Result<()> {
    let counter = Rc::new(1);
    cx.terminate().await?;
    drop(counter);
    Ok(())
}

fn main() {}
