use relay_runtime::extract::Start;
use relay_runtime::workflow::IntoWorkflow;
use relay_runtime::workflow::trigger::Phrase;
use relay_runtime::{Context, Result, workflow};

/// Says hello.
///
/// And asks for a name.
#[workflow(phrase = "hello")]
pub async fn hello(cx: Context, start: Start<Phrase>) -> Result<()> {
    let _ = (cx, start.source());
    Ok(())
}

#[workflow]
async fn anything() {}

#[workflow(button, taps = double, name = "sos", path = "/sos/v2")]
async fn twice(mut cx: Context, relay_runtime::extract::Raw(event): relay_runtime::extract::Raw) {
    cx = cx.clone();
    let _ = (cx, event);
}

/// The fn stays callable, and its future can be sent.
async fn call(cx: Context, start: Start<Phrase>) -> Result<()> {
    fn send(_: &(impl Send + 'static)) {}
    let told = hello(cx, start);
    send(&told);
    told.await?;
    anything().await;
    Ok(())
}

fn main() {
    let _ = call;
    let manifest = hello.into_workflow().manifest().clone();
    assert_eq!((&*manifest.name, &*manifest.path), ("hello", "/hello"));
    assert_eq!(manifest.docs, "Says hello.\n\nAnd asks for a name.");
    assert_eq!(manifest.triggers.len(), 1);
    assert_eq!(anything.into_workflow().manifest().triggers.len(), 0);
    let manifest = twice.into_workflow().manifest().clone();
    assert_eq!((&*manifest.name, &*manifest.path), ("sos", "/sos/v2"));
    // A local variable may have the name of the workflow.
    let hello = 1;
    assert_eq!(hello, 1);
}
